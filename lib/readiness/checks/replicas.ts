import { check, type Finding, failed, listed, noneOf, notApplicable, passed, WEIGHTS } from '../check';
import { type Database, MONITOR, onlyRow, requireSessions } from '../database';

/** The owner's alarm limit. */
const LAG_SECONDS = 60;
const LAG_BYTES = 64 * 1024 ** 2;

/** A replica as the primary sees it, or this server as a standby. */
interface Follower {
  readonly name: string;
  readonly streaming: boolean;
  readonly lagSeconds: number | null;
  readonly lagBytes: number | null;
}

interface Followers {
  readonly isStandby: boolean;
  readonly followers: readonly Follower[];
}

async function readFollowers(database: Database): Promise<Followers> {
  requireSessions(database);
  const { isStandby } = database.facts;
  if (isStandby)
    return { isStandby, followers: [await onlyRow<Follower & Record<string, unknown>>(database, STANDBY)] };
  return { isStandby, followers: await database.rows<Follower & Record<string, unknown>>(PRIMARY) };
}

// Logical replication, or a backup or archive that streams, is no replica.
const PRIMARY = `
  SELECT application_name AS name, state = 'streaming' AS streaming, extract(epoch FROM replay_lag)::float8 AS "lagSeconds",
         pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::float8 AS "lagBytes"
    FROM pg_stat_replication AS r
   WHERE NOT EXISTS (SELECT FROM pg_replication_slots AS s WHERE s.active_pid = r.pid AND s.slot_type = 'logical') AND application_name !~* '^(pg_basebackup|pg_receivewal|barman|walg)' AND replay_lsn IS NOT NULL`;

const STANDBY = `
  SELECT 'this standby' AS name, EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming') AS streaming,
         CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
              ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp())::float8 END AS "lagSeconds",
         pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::float8 AS "lagBytes"`;

/** Judges whether a server can take over. */
function decideFollowers({ isStandby, followers }: Followers): Finding {
  const streaming = followers.filter(({ streaming }) => streaming).length;
  if (isStandby)
    return streaming > 0
      ? passed('this is a standby, and it streams')
      : failed('this is a standby, and it receives nothing');
  return streaming > 0
    ? passed(`${streaming} replica(s) stream`)
    : failed('no replica streams; a standby of a vendor, such as Multi-AZ, cannot be seen');
}

/** Judges how far replicas are behind. */
export function decideLag({ followers }: Followers): Finding {
  if (followers.length === 0) return notApplicable('there is no replica');
  const late = followers.filter(
    ({ streaming, lagSeconds, lagBytes }) =>
      !streaming || (lagSeconds ?? 0) > LAG_SECONDS || (lagBytes ?? 0) > LAG_BYTES,
  );
  if (late.length > 0) return failed(`behind: ${listed(late.map(({ name }) => name))}`);
  return passed(`at most ${Math.round(Math.max(...followers.map(({ lagSeconds }) => lagSeconds ?? 0)))} s behind`);
}

/** Replication. */
export const REPLICA_CHECKS = [
  check({
    name: 'a replica follows',
    area: 'replicas',
    weight: WEIGHTS.outage,
    question: 'Does another server have the data, ready to take over?',
    action: 'add a streaming replica in another zone, or Multi-AZ',
    right: MONITOR,
    read: readFollowers,
    decide: decideFollowers,
  }),
  check({
    name: 'replicas keep up',
    area: 'replicas',
    weight: WEIGHTS.outage,
    question: `Is every replica less than ${LAG_SECONDS} s and ${LAG_BYTES / 1024 ** 2} MiB behind?`,
    action: 'look for long queries on the replica, a slow disk or network; rebuild a replica that lost its slot',
    right: MONITOR,
    read: readFollowers,
    decide: decideLag,
  }),
  check({
    name: 'no unused slot holds WAL',
    area: 'replicas',
    weight: WEIGHTS.outage,
    question: 'Is every replication slot in use, so that none fills the disk with WAL?',
    action: 'start what reads the slot, or drop it with pg_drop_replication_slot; set max_slot_wal_keep_size',
    read: (database) =>
      database.rows<{ name: string }>('SELECT slot_name::text AS name FROM pg_replication_slots WHERE NOT active'),
    decide: (slots) =>
      noneOf(
        slots.map(({ name }) => `slot ${name} is not in use`),
        'no slot that nobody uses',
      ),
  }),
];
