import type { PlanWishes } from '../../lib/import/plan/plan';
import type { Major } from '../../lib/local-postgres/binaries';
import type { Login } from '../../lib/local-postgres/cluster';

/** A role without any right. */
export const WEAK: Login = { user: 'weak', password: 'weak' };
export const SALON = `INSERT INTO salons (id, name, phone_number_id, access_token, updated_at) VALUES ('s1', 'Salon', 'p1', 't', now()) ON CONFLICT DO NOTHING;`;
export const BOOKING = (id: string, salon = 's1') =>
  `INSERT INTO bookings (id, booking_code, salon_id, customer_phone, customer_name, service, start_ts, updated_at) VALUES ('${id}', 'c1', '${salon}', '+49', 'N', 'cut', now(), now()) ON CONFLICT DO NOTHING;`;

/** A role of the target without any right. */
const NOBODY: Login = { user: 'nobody_there', password: 'x' };
const STRANGER = `CREATE ROLE nobody_there LOGIN PASSWORD 'x'`;

export interface Case {
  /** Encoding of the source's database. Default: UTF8. */
  readonly encoding?: string;
  readonly id: string;
  readonly blocking?: boolean;
  /** Run in a copy of the source's database, or of the target's. */
  readonly source?: string;
  readonly target?: string;
  readonly after?: string;
  readonly login?: Login;
  readonly targetLogin?: Login;
  readonly wishes?: Partial<PlanWishes>;
  readonly says: RegExp;
  /** Only on these versions. */
  readonly majors?: readonly Major[];
}

export const CASES: readonly Case[] = [
  { id: 'source-not-encrypted', blocking: false, says: /not encrypted/ },
  { id: 'slot-unlimited', blocking: false, says: /max_slot_wal_keep_size of the source is -1/ },
  {
    id: 'slots',
    source: `SELECT pg_create_physical_replication_slot('full_' || n) FROM generate_series(1, 6) n`,
    after: `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots`,
    says: /^0 replication slots are free/,
  },
  { id: 'replication-right', login: WEAK, says: /^weak may not replicate/ },
  { id: 'table-right', login: WEAK, says: /^weak does not own .*bookings/ },
  { id: 'database-right', login: WEAK, says: /^weak does not own the source's database/ },
  { id: 'session-right', login: WEAK, says: /may not end sessions/ },
  { id: 'way-back-right', login: WEAK, says: /^weak may not subscribe in the source/ },
  {
    id: 'row-security-right',
    login: WEAK,
    source: 'ALTER TABLE salons ENABLE ROW LEVEL SECURITY',
    says: /hides rows of salons from weak/,
  },
  {
    id: 'row-security',
    blocking: false,
    source: 'ALTER TABLE salons ENABLE ROW LEVEL SECURITY',
    says: /salons has row/,
  },
  { id: 'large-objects', source: `SELECT lo_from_bytea(0, 'x')`, says: /1 large objects/ },
  { id: 'sequences', blocking: false, source: 'CREATE SEQUENCE codes', says: /sequences: codes/ },
  { id: 'stays-behind', blocking: false, source: 'CREATE VIEW days AS SELECT 1 AS day', says: /not moved: view days/ },
  {
    id: 'replica-identity',
    source: 'ALTER TABLE ai_messages DROP CONSTRAINT ai_messages_pkey',
    says: /ai_messages has no primary key/,
  },
  { id: 'replica-identity', source: 'ALTER TABLE ai_messages REPLICA IDENTITY NOTHING', says: /no replica identity/ },
  { id: 'unlogged-table', source: 'ALTER TABLE webhook_logs SET UNLOGGED', says: /webhook_logs is unlogged/ },
  { id: 'extra-table', source: 'CREATE TABLE vouchers (id int)', says: /has not: vouchers/ },
  { id: 'extra-column', source: 'ALTER TABLE salons ADD timezone text', says: /has not: salons\.timezone/ },
  {
    id: 'column-list-unsupported',
    majors: [13],
    source: 'ALTER TABLE salons ADD timezone text',
    wishes: { leaveOut: ['salons.timezone'] },
    says: /^PostgreSQL 13 cannot publish/,
  },
  { id: 'leave-out-unknown', wishes: { leaveOut: ['salon.timezone'] }, says: /neither side has: salon\.timezone/ },
  { id: 'absent-table', blocking: false, source: 'DROP TABLE intent_analytics', says: /no intent_analytics/ },
  { id: 'missing-column', source: 'ALTER TABLE bookings DROP service', says: /bookings needs values .*: service/ },
  { id: 'empty-column', blocking: false, source: 'ALTER TABLE bookings DROP notes', says: /has not: notes/ },
  {
    id: 'column-type',
    source: 'ALTER TABLE messages ALTER cost TYPE text',
    says: /messages\.cost is text in the source and double/,
  },
  { id: 'enum-values', source: `ALTER TYPE "BookingStatus" ADD VALUE 'WAITING'`, says: /bookings\.status .* WAITING/ },
  {
    id: 'generated-column',
    source: `ALTER TABLE conversations DROP cost; ALTER TABLE conversations ADD cost double precision GENERATED ALWAYS AS (1) STORED`,
    says: /computed on one side .*: cost/,
  },
  {
    id: 'null-value',
    source: `ALTER TABLE salons ALTER name DROP NOT NULL; INSERT INTO salons (id, phone_number_id, access_token, updated_at) VALUES ('s', 'p', 't', now())`,
    says: /^1 row of salons .* NOT NULL of salons\.name/,
  },
  {
    id: 'may-break-null-value',
    blocking: false,
    source: 'ALTER TABLE salons ALTER access_token DROP NOT NULL',
    says: /no row breaks NOT NULL of salons\.access_token yet/,
  },
  {
    id: 'value-too-long',
    source: `${SALON} UPDATE salons SET name = 'A very long name'`,
    target: 'ALTER TABLE salons ALTER name TYPE varchar(10)',
    says: /^1 row of salons .* character varying\(10\) of salons\.name/,
  },
  {
    id: 'unique-violation',
    source: `DROP INDEX bookings_booking_code_salon_id_key; ${SALON} ${BOOKING('b1')} ${BOOKING('b2')} ${BOOKING('b3')}`,
    says: /^2 rows of bookings .* unique key bookings_booking_code_salon_id_key/,
  },
  {
    id: 'foreign-key-violation',
    source: `ALTER TABLE bookings DROP CONSTRAINT bookings_salon_id_fkey; ${BOOKING('b9', 'gone')}`,
    says: /^1 row of bookings .* foreign key bookings_salon_id_fkey/,
  },
  {
    id: 'check-violation',
    source: `${SALON} ${BOOKING('b1')}`,
    target: `ALTER TABLE bookings ADD CONSTRAINT code_long CHECK (length(booking_code) > 5)`,
    says: /^1 row of bookings .* check code_long/,
  },
  {
    id: 'trigger',
    blocking: false,
    source: `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER touch BEFORE UPDATE ON salons FOR EACH ROW EXECUTE FUNCTION touch()`,
    says: /salons has triggers .*: touch/,
  },
  { id: 'extension', blocking: false, source: 'CREATE EXTENSION tablefunc', says: /has not: tablefunc/ },
  {
    id: 'foreign-table',
    source:
      'CREATE FOREIGN DATA WRAPPER elsewhere; CREATE SERVER elsewhere FOREIGN DATA WRAPPER elsewhere; CREATE FOREIGN TABLE partners (id int) SERVER elsewhere',
    says: /foreign tables, .*: partners/,
  },
  {
    id: 'history',
    blocking: false,
    source: `CREATE TABLE _prisma_migrations (migration_name text, started_at timestamptz, finished_at timestamptz, rolled_back_at timestamptz); INSERT INTO _prisma_migrations VALUES ('2024_first', now(), now(), NULL), ('2024_second', now(), NULL, NULL)`,
    says: /has not: 2024_first/,
  },
  { id: 'left-behind', blocking: false, source: 'CREATE PUBLICATION moving_in', says: /earlier import/ },
  { id: 'target-not-empty', target: SALON, says: /rows already in salons/ },
  { id: 'target-not-migrated', target: 'DROP TABLE intent_analytics', says: /lacks tables .*: intent_analytics/ },
  {
    id: 'subscription-right',
    target: STRANGER,
    targetLogin: NOBODY,
    says: /^nobody_there may not subscribe in the target/,
  },
  { id: 'target-right', target: STRANGER, targetLogin: NOBODY, says: /neither owns/ },
  {
    id: 'target-replication-right',
    target: STRANGER,
    targetLogin: NOBODY,
    says: /^nobody_there may not replicate from the target/,
  },
  {
    id: 'target-read-right',
    target: STRANGER,
    targetLogin: NOBODY,
    says: /salons .*cannot be read in the target|cannot be read in the target/,
  },
  {
    id: 'prepared-transactions',
    source: `BEGIN; ${SALON} PREPARE TRANSACTION 'two'`,
    after: `ROLLBACK PREPARED 'two'`,
    says: /^1 prepared transactions/,
  },
  { id: 'encoding', encoding: 'SQL_ASCII', says: /encoding is SQL_ASCII/ },
  {
    id: 'invalid-text',
    encoding: 'SQL_ASCII',
    source: `${SALON} UPDATE salons SET name = E'caf\\xe9'`,
    says: /^salons\.name has bytes/,
  },
  {
    id: 'target-migration-open',
    target: "UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name LIKE '%_dba'",
    says: /_dba/,
  },
  {
    id: 'reach',
    blocking: false,
    wishes: { sourceAddress: { host: 'db.example.com', port: 5432 } },
    says: /must reach db\.example\.com:5432/,
  },
  {
    id: 'reach-private',
    blocking: false,
    wishes: { sourceAddress: { host: '10.0.0.5', port: 5432 } },
    says: /10\.0\.0\.5:5432 is a private address/,
  },
];

/** Whether a case needs a database of its own. The others are tried one by one on 13, and all at once on 17. */
export function isAlone({ target: to, login, targetLogin, wishes, after, encoding, majors }: Case): boolean {
  return [to, login, targetLogin, wishes, after, encoding].some((part) => part !== undefined) && majors === undefined;
}
