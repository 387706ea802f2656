import {
  DBInstanceAlreadyExistsFault,
  DBInstanceNotFoundFault,
  DBParameterGroupNotFoundFault,
  InvalidDBInstanceStateFault,
  PointInTimeRestoreNotEnabledFault,
  RDSServiceException,
} from '@aws-sdk/client-rds';

/** The SDK's metadata of an error that the caller caused. */
const CLIENT_FAULT = { $metadata: { httpStatusCode: 400 } } as const;

/** Errors of RDS's API, as the SDK throws them. */
export const rdsErrors = {
  notFound: (id: string) => new DBInstanceNotFoundFault({ ...CLIENT_FAULT, message: `DBInstance ${id} not found.` }),
  alreadyExists: (id: string) =>
    new DBInstanceAlreadyExistsFault({ ...CLIENT_FAULT, message: `DB Instance already exists: ${id}` }),
  noParameterGroup: (name: string) =>
    new DBParameterGroupNotFoundFault({ ...CLIENT_FAULT, message: `DBParameterGroup not found: ${name}` }),
  invalidState: (message: string) => new InvalidDBInstanceStateFault({ ...CLIENT_FAULT, message }),
  noBackups: (id: string) =>
    new PointInTimeRestoreNotEnabledFault({ ...CLIENT_FAULT, message: `${id} has a backup retention period of 0.` }),
  /** For parameters that exclude each other, and for the deletion of a protected instance. */
  invalidCombination: (message: string) => other('InvalidParameterCombination', message),
  /** Also for a moment outside of the restorable window (unconfirmed): InvalidRestoreFault is documented for networks only. */
  invalidValue: (message: string) => other('InvalidParameterValue', message),
  throttled: () => other('Throttling', 'Rate exceeded'),
  internal: () =>
    new RDSServiceException({
      $metadata: { httpStatusCode: 500 },
      $fault: 'server',
      name: 'InternalFailure',
      message: 'An internal error has occurred. Try again later.',
    }),
};

/** The common errors of AWS's APIs have no class in the SDK. */
function other(name: string, message: string): RDSServiceException {
  return new RDSServiceException({ ...CLIENT_FAULT, $fault: 'client', name, message });
}
