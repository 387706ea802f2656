/** A way to break a restored database, which a check of it must refuse. */
export interface Break {
  /** What is broken, in words. */
  readonly broken: string;
  /** SQL of the superuser that breaks it, and SQL that repairs it. */
  readonly damage: string;
  readonly repair: string;
  /** What the reason of the refusal must contain. */
  readonly names: string;
}

const NEWEST_HALF =
  'SELECT id FROM bookings ORDER BY created_at DESC LIMIT (SELECT ceil(count(*) / 2.0) FROM bookings)';
const ONE_BOOKING = 'SELECT min(id) FROM bookings';
const HEARTBEAT_MIGRATION = "migration_name LIKE '%_heartbeat'";
const LATEST_MIGRATION = 'SELECT max(finished_at) FROM _prisma_migrations';

/** Damages by rows that are kept in a table of their own until the repair. */
function takenAway(broken: string, table: string, condition: string, names: string): Break {
  return {
    broken,
    damage: `CREATE TABLE recovery.taken AS SELECT * FROM ${table} WHERE ${condition};
             DELETE FROM ${table} WHERE ${condition}`,
    repair: `INSERT INTO ${table} SELECT * FROM recovery.taken; DROP TABLE recovery.taken`,
    names,
  };
}

function granted(broken: string, grant: string, revoke: string, names: string): Break {
  return { broken, damage: `GRANT ${grant}`, repair: `REVOKE ${revoke}`, names };
}

/** The rows that were there, and how far they reach. */
const ROWS: readonly Break[] = [
  takenAway('every row of a table is missing', 'bookings', 'true', 'bookings has 0 rows'),
  takenAway('the newest half of a table is missing', 'bookings', `id IN (${NEWEST_HALF})`, 'bookings has '),
  {
    broken: 'a table is missing',
    damage: 'ALTER TABLE bookings RENAME TO lost',
    repair: 'ALTER TABLE lost RENAME TO bookings',
    names: 'bookings is missing',
  },
  {
    broken: 'an empty table is missing',
    damage: 'ALTER TABLE templates RENAME TO lost',
    repair: 'ALTER TABLE lost RENAME TO templates',
    names: 'templates is missing',
  },
  {
    broken: 'a row refers to a row that does not exist',
    damage: `SET session_replication_role = replica;
             CREATE TABLE recovery.taken AS SELECT id, salon_id FROM bookings WHERE id = (${ONE_BOOKING});
             UPDATE bookings SET salon_id = 'gone' WHERE id = (${ONE_BOOKING})`,
    repair: `UPDATE bookings SET salon_id = taken.salon_id FROM recovery.taken WHERE bookings.id = taken.id;
             DROP TABLE recovery.taken; RESET session_replication_role`,
    names: '1 rows of bookings_salon_id_fkey point to nothing',
  },
  takenAway('there is no heartbeat', 'heartbeat', 'true', 'there is no heartbeat'),
  {
    broken: 'the heartbeat is a month old',
    damage: "UPDATE heartbeat SET beat_at = beat_at - interval '720 hours'",
    repair: "UPDATE heartbeat SET beat_at = beat_at + interval '720 hours'",
    names: 'the newest heartbeat is of ',
  },
];

/** The schema. */
const SCHEMA: readonly Break[] = [
  {
    broken: 'an index is invalid',
    damage: "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'idx_intent'::regclass",
    repair: "UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'idx_intent'::regclass",
    names: 'indexes are invalid: idx_intent',
  },
  {
    broken: 'a foreign key is not validated',
    damage: 'ALTER TABLE bookings ADD CONSTRAINT later FOREIGN KEY (salon_id) REFERENCES salons (id) NOT VALID',
    repair: 'ALTER TABLE bookings DROP CONSTRAINT later',
    names: 'constraints are not validated: later',
  },
  {
    broken: 'a check constraint is not validated',
    damage: 'ALTER TABLE bookings ADD CONSTRAINT later CHECK (end_ts > start_ts) NOT VALID',
    repair: 'ALTER TABLE bookings DROP CONSTRAINT later',
    names: 'constraints are not validated: later',
  },
  {
    broken: 'a migration is unfinished',
    damage: `CREATE TABLE recovery.taken AS SELECT id, finished_at FROM _prisma_migrations WHERE ${HEARTBEAT_MIGRATION};
             UPDATE _prisma_migrations SET finished_at = NULL WHERE ${HEARTBEAT_MIGRATION}`,
    repair: `UPDATE _prisma_migrations SET finished_at = taken.finished_at FROM recovery.taken
              WHERE _prisma_migrations.id = taken.id;
             DROP TABLE recovery.taken`,
    names: 'migrations began and did not finish: 20251118090200_heartbeat',
  },
  takenAway(
    'the latest migration was not applied',
    '_prisma_migrations',
    `finished_at = (${LATEST_MIGRATION})`,
    'migrations of the source are missing: ',
  ),
  {
    broken: 'it was never migrated',
    damage: 'ALTER TABLE _prisma_migrations RENAME TO history',
    repair: 'ALTER TABLE history RENAME TO _prisma_migrations',
    names: 'a session failed with 42P01',
  },
];

/** What roles may do. */
const RIGHTS: readonly Break[] = [
  {
    broken: 'a role cannot read',
    damage: 'REVOKE SELECT ON bookings FROM readonly_user',
    repair: 'GRANT SELECT ON bookings TO readonly_user',
    names: 'readonly_user cannot read bookings (42501)',
  },
  {
    broken: 'the application lost a right',
    damage: 'REVOKE DELETE ON bookings FROM app_user',
    repair: 'GRANT DELETE ON bookings TO app_user',
    names: 'app_user may not: DELETE on bookings',
  },
  granted(
    'the application got a right',
    'TRUNCATE ON bookings TO app_user',
    'TRUNCATE ON bookings FROM app_user',
    'app_user may TRUNCATE bookings',
  ),
  granted(
    'the application may read the migration history',
    'SELECT ON _prisma_migrations TO app_user',
    'SELECT ON _prisma_migrations FROM app_user',
    'app_user may SELECT _prisma_migrations',
  ),
  granted(
    'the application may create tables',
    'CREATE ON SCHEMA public TO app_user',
    'CREATE ON SCHEMA public FROM app_user',
    'app_user may CREATE in public',
  ),
  granted(
    'a role that only reads may change a column',
    'UPDATE (status) ON bookings TO readonly_user',
    'UPDATE (status) ON bookings FROM readonly_user',
    'readonly_user may UPDATE bookings',
  ),
  granted(
    'a role is a member of a powerful one',
    'rds_superuser TO metrics_user',
    'rds_superuser FROM metrics_user',
    'metrics_user is a member of rds_superuser',
  ),
  {
    broken: 'a role is a superuser',
    damage: 'ALTER ROLE app_user SUPERUSER',
    repair: 'ALTER ROLE app_user NOSUPERUSER',
    names: 'app_user is a superuser',
  },
];

/** All ways. They need a salon, and bookings that are older than a minute. */
export const BREAKS: readonly Break[] = [...ROWS, ...SCHEMA, ...RIGHTS];
