import type { DrillRig } from '../../support/aws/drill-rig';
import { THROTTLED } from '../../support/aws/fake-rds';

/** A drill that fails before or without looking at the data. */
export interface DrillFailure {
  readonly what: string;
  /** Makes the drill fail. Default: the input alone does. */
  readonly provoke?: (rig: DrillRig) => void;
  /** Input of the execution. Default: empty. */
  readonly input?: object;
  /** What the cause and the notification must contain. */
  readonly why: string;
}

const NO_CAPACITY = { name: 'InsufficientDBInstanceCapacityFault', message: 'not enough instances' };

export const DRILL_FAILURES: readonly DrillFailure[] = [
  {
    what: 'the input is wrong',
    input: { tabel: 'x' },
    why: 'InvalidInput: the field "tabel" is unknown; allowed: drill, targetTime',
  },
  {
    what: 'the input names a table, to be copied without an approval',
    input: { drill: 'pointInTime', table: 'salons', keepTable: true },
    why: 'InvalidInput: the field "table" is unknown; allowed: drill, targetTime; the field "keepTable" is unknown',
  },
  {
    what: 'the moment is out of reach',
    input: { targetTime: '2001-01-01T00:00:00Z' },
    why: 'NotRestorable: targetTime is 2001-01-01T00:00:00Z; allowed: from ',
  },
  {
    what: 'RDS refuses the restore',
    provoke: ({ rds }) => rds.fail('Restore', Object.assign(new Error(NO_CAPACITY.message), NO_CAPACITY)),
    why: 'InsufficientDBInstanceCapacityFault: not enough instances',
  },
  {
    what: 'the restore fails',
    provoke: ({ rds }) => void (rds.statuses = ['creating', 'incompatible-network']),
    why: 'RestoreFailed: the restored instance has the status incompatible-network',
  },
  {
    what: 'the instance never becomes available',
    provoke: ({ rds }) => void (rds.statuses = ['creating']),
    why: 'RestoreTimedOut: the restored instance is not available after 60 minutes; its status is creating',
  },
  {
    what: 'every log-in is refused',
    provoke: (rig) => void (rig.refusedLogins = 1000),
    why: 'does not let drill_user in (28P01)',
  },
  {
    what: 'the table does not exist',
    provoke: (rig) => void (rig.table = 'nothing'),
    input: { drill: 'pointInTime' },
    why: 'TableNotRecovered: the restored database has no table nothing',
  },
  {
    what: 'RDS throttles for a long time',
    provoke: ({ rds }) => rds.fail('Restore', THROTTLED, 100),
    why: 'Transient: ThrottlingException: Rate exceeded',
  },
];

/** Failures that a drill gets over. */
export const TEMPORARY_FAILURES: readonly { readonly what: string; readonly provoke: (rig: DrillRig) => void }[] = [
  {
    what: 'throttling',
    provoke: ({ rds }) => (['Restore', 'Describe', 'Delete'] as const).forEach((each) => rds.fail(each, THROTTLED, 3)),
  },
  {
    what: 'a restored database that refuses log-ins at first',
    provoke: (rig) => void (rig.refusedLogins = 5),
  },
  {
    what: 'a deletion that fails once',
    provoke: ({ rds }) => rds.fail('Delete', new Error('InternalFailure')),
  },
  {
    what: 'a topic that fails once',
    provoke: ({ snsFaults }) => void snsFaults.push(new Error('SNS is down')),
  },
];
