import { check, type Finding, noneOf, WEIGHTS } from '../check';
import { type Database, MONITOR, requireSessions, settings } from '../database';

/** A table with many dead rows is slower and larger: the owner's alarm limit. */
const DEAD_SHARE = 0.2;
const LEAST_ROWS = 10_000;
/** Half of what is left before the server stops taking writes at about 2 billion; autovacuum acts at 200 million. */
const OLD_TRANSACTIONS = 1_000_000_000;
const USED_SHARE = 0.75;
const LONG_SECONDS = 3600;

interface Vacuuming {
  readonly values: Readonly<Record<string, string>>;
  /** Tables that are left out. */
  readonly off: readonly string[];
}

async function readVacuuming(database: Database): Promise<Vacuuming> {
  const off = await database.rows<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND c.reloptions && ARRAY['autovacuum_enabled=false', 'autovacuum_enabled=off', 'autovacuum_enabled=0'] ORDER BY 1`,
  );
  return { values: await settings(database, ['autovacuum', 'track_counts']), off: off.map(({ name }) => name) };
}

/** Judges whether dead rows are removed. */
function decideVacuuming({ values, off }: Vacuuming): Finding {
  const wrong = ['autovacuum', 'track_counts'].filter((name) => values[name] === 'off').map((name) => `${name} is off`);
  return noneOf(
    [...wrong, ...off.map((table) => `autovacuum is off for ${table}`)],
    'autovacuum is on, for every table',
  );
}

interface Amount extends Record<string, unknown> {
  readonly name: string;
  readonly amount: number;
}

/** Judges amounts that must stay below a limit. */
export function decideBelow(
  amounts: readonly Amount[],
  limit: number,
  unit: (amount: number) => string,
  none: string,
): Finding {
  return noneOf(
    amounts.filter(({ amount }) => amount >= limit).map(({ name, amount }) => `${name}: ${unit(amount)}`),
    none,
  );
}

const percent = (share: number) => `${Math.floor(share * 100)} %`;

/** Names and amounts that a statement reads. */
function amounts(sql: string): (database: Database) => Promise<Amount[]> {
  return ({ rows }) => rows<Amount>(sql);
}

/** What a server needs so that it still runs next year. */
export const UPKEEP_CHECKS = [
  check({
    name: 'autovacuum runs',
    area: 'upkeep',
    weight: WEIGHTS.outage,
    question: 'Are dead rows removed and statistics renewed, in every table?',
    action: 'switch autovacuum and track_counts on, and ALTER TABLE … RESET (autovacuum_enabled)',
    read: readVacuuming,
    decide: decideVacuuming,
  }),
  check({
    name: 'tables are not bloated',
    area: 'upkeep',
    weight: WEIGHTS.work,
    question: `Is less than ${percent(DEAD_SHARE)} of each larger table dead rows?`,
    action: 'end long transactions, then VACUUM (ANALYZE) the table; lower its autovacuum_vacuum_scale_factor',
    read: amounts(
      `SELECT format('%I.%I', schemaname, relname) AS name, n_dead_tup / greatest(n_live_tup + n_dead_tup, 1)::float8 AS amount
         FROM pg_stat_user_tables WHERE n_live_tup + n_dead_tup >= ${LEAST_ROWS} ORDER BY 2 DESC`,
    ),
    decide: (found) =>
      decideBelow(found, DEAD_SHARE, (share) => `${percent(share)} dead rows`, 'no larger table has many dead rows'),
  }),
  check({
    name: 'transaction ids are far from their end',
    area: 'upkeep',
    weight: WEIGHTS.outage,
    question: 'Is every database far from the wraparound of transaction ids, at which it stops taking writes?',
    action:
      'find what holds the oldest row (long transactions, slots, prepared transactions), end it, and VACUUM (FREEZE)',
    read: amounts(
      `SELECT datname::text AS name, greatest(age(datfrozenxid), mxid_age(datminmxid))::float8 AS amount FROM pg_database WHERE datallowconn ORDER BY 2 DESC`,
    ),
    decide: (found) =>
      decideBelow(
        found,
        OLD_TRANSACTIONS,
        (age) => `${age} transactions old`,
        `the oldest is ${Math.max(0, ...found.map(({ amount }) => amount))} transactions old`,
      ),
  }),
  check({
    name: 'sequences are far from their end',
    area: 'upkeep',
    weight: WEIGHTS.outage,
    question: `Is less than ${percent(USED_SHARE)} of each sequence used?`,
    action: 'change the column and its sequence to bigint before no number is left',
    read: amounts(
      `SELECT format('%I.%I', schemaname, sequencename) AS name,
              (CASE WHEN increment_by > 0 THEN last_value::float8 / max_value ELSE last_value::float8 / min_value END)::float8 AS amount
         FROM pg_sequences WHERE last_value IS NOT NULL AND NOT cycle AND CASE WHEN increment_by > 0 THEN max_value ELSE min_value END <> 0 ORDER BY 2 DESC`,
    ),
    decide: (found) =>
      decideBelow(
        found,
        USED_SHARE,
        (share) => `${percent(share)} used`,
        `${found.length} sequence(s) that this role sees, none near its end`,
      ),
  }),
  check({
    name: 'no transaction stays open',
    area: 'upkeep',
    weight: WEIGHTS.outage,
    question: 'Is no transaction open for more than an hour? It keeps dead rows and locks',
    action: 'end the session with pg_terminate_backend, and set idle_in_transaction_session_timeout',
    right: MONITOR,
    read: (database) => {
      requireSessions(database);
      return amounts(
        `SELECT 'a session of ' || coalesce(usename, 'nobody') AS name, extract(epoch FROM now() - xact_start)::float8 AS amount
           FROM pg_stat_activity WHERE backend_type = 'client backend' AND xact_start IS NOT NULL
         UNION ALL SELECT 'a prepared transaction of ' || owner, extract(epoch FROM now() - prepared)::float8 FROM pg_prepared_xacts`,
      )(database);
    },
    decide: (found) =>
      decideBelow(found, LONG_SECONDS, (seconds) => `${Math.round(seconds / 60)} minutes`, 'none is open for an hour'),
  }),
];
