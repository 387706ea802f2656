import type { ServerFacts, Table } from './catalog';
import { type Obstacle, refuse, remark, some, when } from './obstacle';

/** Major versions of PostgreSQL that an import accepts as source. */
const VERSIONS = { from: 13, to: 17 };

/** Age of a transaction from which it is worth a sentence, seconds. */
const LONG_TRANSACTION_SECONDS = 60;

/** How the user wants an import, as far as servers matter. */
export interface ServerWishes {
  readonly method: 'logical' | 'copy';
  /** Whether the reverse stream is wanted, which makes `back` possible. */
  readonly wayBack: boolean;
  /** Whether a stream of an earlier start of this import is there already. */
  readonly isStarted: boolean;
}

/** Judges the source. */
export function sourceObstacles(facts: ServerFacts, tables: readonly Table[], wishes: ServerWishes): Obstacle[] {
  return [
    ...kind(facts),
    ...(wishes.method === 'logical' ? replication(facts, wishes) : []),
    ...rights(facts, tables, wishes),
    ...(wishes.wayBack ? wayBack(facts) : []),
    ...content(facts),
  ];
}

function kind({ version, versionText, inRecovery, encrypted, encoding }: ServerFacts): Obstacle[] {
  const major = Math.floor(version / 10_000);
  return [
    ...when(major < VERSIONS.from || major > VERSIONS.to, () =>
      refuse(
        'source-version',
        `the source is PostgreSQL ${versionText}`,
        `upgrade it first; allowed: ${VERSIONS.from} to ${VERSIONS.to}`,
      ),
    ),
    ...when(inRecovery, () =>
      refuse(
        'source-is-replica',
        'the source is a replica, which can neither be frozen nor published',
        'give --from the address of its primary',
      ),
    ),
    ...when(!encrypted, () =>
      remark(
        'source-not-encrypted',
        'the session with the source is not encrypted, and the stream would not be either',
        'switch ssl on in the source and add sslmode=require to --from; else only in a private network or a VPN',
      ),
    ),
    ...when(encoding !== 'UTF8', () =>
      refuse(
        'encoding',
        `the source's encoding is ${encoding}`,
        'dump it with pg_dump --encoding=UTF8 into a new database with ENCODING UTF8, and move that one',
      ),
    ),
  ];
}

function replication(facts: ServerFacts, { isStarted }: ServerWishes): Obstacle[] {
  const { walLevel, freeSlots, freeSenders, slotLimitMb, mayReplicate, user, oldestTransactionSeconds } = facts;
  return [
    ...when(walLevel !== 'logical', () =>
      refuse(
        'wal-level',
        `wal_level of the source is ${walLevel}`,
        'ALTER SYSTEM SET wal_level = logical and restart it (on RDS: rds.logical_replication = 1 and a reboot); without a restart use --method copy in a planned window',
      ),
    ),
    ...when(!mayReplicate, () =>
      refuse(
        'replication-right',
        `${user} may not replicate from the source`,
        `ALTER ROLE ${user} REPLICATION (on RDS: GRANT rds_replication TO ${user})`,
      ),
    ),
    // Each table that is copied takes one more of both for a moment; the target retries.
    ...when(!isStarted && freeSlots < 2, () =>
      refuse(
        'slots',
        `${Math.max(0, freeSlots)} replication slots are free in the source, 2 are needed`,
        'drop unused ones, or raise max_replication_slots and restart it',
      ),
    ),
    ...when(!isStarted && freeSenders < 2, () =>
      refuse(
        'senders',
        `${Math.max(0, freeSenders)} WAL senders are free in the source, 2 are needed`,
        'raise max_wal_senders and restart it',
      ),
    ),
    ...when(slotLimitMb === -1, () =>
      remark(
        'slot-unlimited',
        'max_slot_wal_keep_size of the source is -1: while the target cannot be reached, its WAL grows until the disk is full',
        'set it to half of the free disk (ALTER SYSTEM SET max_slot_wal_keep_size, then pg_reload_conf()), and let status --watch run, which drops the slot at --slot-limit-gb',
      ),
    ),
    ...when(oldestTransactionSeconds > LONG_TRANSACTION_SECONDS, () =>
      remark(
        'long-transaction',
        `a transaction in the source is open for ${Math.round(oldestTransactionSeconds)} s: the stream begins only when it ends`,
        'find it in pg_stat_activity by xact_start, and end it',
      ),
    ),
  ];
}

function rights(facts: ServerFacts, tables: readonly Table[], { method }: ServerWishes): Obstacle[] {
  const { user, superuser, ownsDatabase, mayEndSessions, mayBypassRowSecurity, preparedTransactions } = facts;
  const foreign = superuser ? [] : tables.filter(({ owned }) => !owned).map(({ name }) => name);
  const hidden = mayBypassRowSecurity ? [] : tables.filter(({ rowSecurity }) => rowSecurity).map(({ name }) => name);
  return [
    ...when(foreign.length > 0, () =>
      refuse(
        'table-right',
        `${user} does not own ${some(foreign)} in the source`,
        `log in as their owner; owners ${method === 'logical' ? 'publish and freeze' : 'freeze'} tables`,
      ),
    ),
    ...when(!ownsDatabase, () =>
      refuse(
        'database-right',
        `${user} does not own the source's database`,
        'log in as its owner: the cutover sets it read-only',
      ),
    ),
    ...when(!mayEndSessions, () =>
      refuse(
        'session-right',
        `${user} may not end sessions of others in the source`,
        `GRANT pg_signal_backend TO ${user}: the cutover ends the sessions of the application`,
      ),
    ),
    ...when(hidden.length > 0, () =>
      refuse(
        'row-security-right',
        `row level security hides rows of ${some(hidden)} from ${user}`,
        `ALTER ROLE ${user} BYPASSRLS, or log in as a superuser`,
      ),
    ),
    ...when(preparedTransactions > 0, () =>
      refuse(
        'prepared-transactions',
        `${preparedTransactions} prepared transactions are open in the source; they hold locks that no cutover can end`,
        'COMMIT PREPARED or ROLLBACK PREPARED each of pg_prepared_xacts',
      ),
    ),
  ];
}

function wayBack({ maySubscribe, freeWorkers, user, version }: ServerFacts): Obstacle[] {
  return [
    ...when(!maySubscribe, () =>
      refuse(
        'way-back-right',
        `${user} may not subscribe in the source, so changes after the cutover cannot flow back`,
        `log in as a superuser${version >= 160_000 ? ` or GRANT pg_create_subscription TO ${user}` : ''}, or give the way back up with --no-way-back`,
      ),
    ),
    ...when(freeWorkers < 1, () =>
      refuse(
        'way-back-workers',
        'the source has no free worker for logical replication',
        'raise max_logical_replication_workers and max_worker_processes and restart it, or use --no-way-back',
      ),
    ),
  ];
}

function content({ largeObjects, sequences }: ServerFacts): Obstacle[] {
  return [
    ...when(largeObjects > 0, () =>
      refuse(
        'large-objects',
        `the source has ${largeObjects} large objects, which neither replication nor COPY moves`,
        'move them into a bytea column or a bucket, then remove them with lo_unlink',
      ),
    ),
    ...when(sequences.length > 0, () =>
      remark(
        'sequences',
        `the source has sequences: ${some(sequences)}`,
        'nothing: the cutover sets those that the target has as well',
      ),
    ),
  ];
}
