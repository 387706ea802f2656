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

/** A restored database that must not pass the checks of a drill. */
export interface DrillDamage {
  readonly what: string;
  /** SQL that damages the restored database, and SQL that repairs it. */
  readonly damage: string;
  readonly repair: string;
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

const HEARTBEAT_MIGRATION = "migration_name LIKE '%_heartbeat'";

export const DRILL_DAMAGES: readonly DrillDamage[] = [
  {
    what: 'rows are missing',
    damage: `CREATE TABLE recovery.saved AS SELECT * FROM messages WHERE salon_id = 'a';
             DELETE FROM messages WHERE salon_id = 'a'`,
    repair: 'INSERT INTO messages SELECT * FROM recovery.saved; DROP TABLE recovery.saved',
    why: 'ValidationFailed: messages has 20 rows, 20 fewer than the source; allowed: 0.1 % fewer',
  },
  {
    what: 'a migration is unfinished',
    damage: `UPDATE _prisma_migrations SET finished_at = NULL WHERE ${HEARTBEAT_MIGRATION}`,
    repair: `UPDATE _prisma_migrations SET finished_at = started_at WHERE ${HEARTBEAT_MIGRATION}`,
    why: 'ValidationFailed: migrations began and did not finish: 20251118090200_heartbeat',
  },
  {
    what: 'there is no heartbeat',
    damage: 'CREATE TABLE recovery.saved AS SELECT * FROM heartbeat; DELETE FROM heartbeat',
    repair: 'INSERT INTO heartbeat SELECT * FROM recovery.saved; DROP TABLE recovery.saved',
    why: 'there is no heartbeat',
  },
  {
    what: 'a foreign key is not validated',
    damage: `ALTER TABLE messages
               ADD CONSTRAINT later FOREIGN KEY (salon_id) REFERENCES salons (id) NOT VALID`,
    repair: 'ALTER TABLE messages DROP CONSTRAINT later',
    why: 'foreign keys are not validated: later',
  },
  {
    what: 'rows refer to rows that do not exist',
    damage: `SET session_replication_role = replica;
             UPDATE bookings SET salon_id = 'gone' WHERE salon_id = 'b'`,
    repair: "UPDATE bookings SET salon_id = 'b' WHERE salon_id = 'gone'; RESET session_replication_role",
    why: '1 rows of bookings_salon_id_fkey point to nothing',
  },
  {
    what: 'an index is invalid',
    damage: "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'idx_intent'::regclass",
    repair: "UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'idx_intent'::regclass",
    why: 'indexes are invalid: idx_intent',
  },
  {
    what: 'a role cannot read',
    damage: 'REVOKE SELECT ON bookings FROM readonly_user',
    repair: 'GRANT SELECT ON bookings TO readonly_user',
    why: 'readonly_user cannot read bookings (42501)',
  },
  {
    what: 'the application cannot write',
    damage: 'REVOKE DELETE ON bookings FROM app_user',
    repair: 'GRANT DELETE ON bookings TO app_user',
    why: 'app_user may not: DELETE on bookings',
  },
  {
    what: 'a table is missing',
    damage: 'ALTER TABLE messages RENAME TO lost',
    repair: 'ALTER TABLE lost RENAME TO messages',
    why: 'messages is missing, and the source has 40 rows of it',
  },
  {
    what: 'it was never migrated',
    damage: 'ALTER TABLE _prisma_migrations RENAME TO history',
    repair: 'ALTER TABLE history RENAME TO _prisma_migrations',
    why: 'ValidationFailed: a session failed with 42P01',
  },
];
