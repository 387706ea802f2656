import {
  DBInstanceAlreadyExistsFault,
  DBInstanceNotFoundFault,
  DBParameterGroupNotFoundFault,
  InvalidDBInstanceStateFault,
  PointInTimeRestoreNotEnabledFault,
  RDSServiceException,
} from '@aws-sdk/client-rds';

/** What the SDK tells of an answer; here there was none over the network. */
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
  /** RDS says so of parameters that do not go together, a protected instance's deletion among them. */
  invalidCombination: (message: string) => other('InvalidParameterCombination', message),
  /** Also of a moment outside of the window: InvalidRestoreFault is documented for networks alone. Unconfirmed. */
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

/** The common errors of AWS's APIs have no class of their own. */
function other(name: string, message: string): RDSServiceException {
  return new RDSServiceException({ ...CLIENT_FAULT, $fault: 'client', name, message });
}
