import { formatCount } from '../../../lib/contract/care/formats';
import { type Found, lookAt, type Task } from '../task';

/** A table as autovacuum sees it. */
export interface VacuumState {
  readonly table: string;
  readonly live: number;
  readonly dead: number;
  /** Dead rows from which autovacuum works on it: its own settings, else the server's. */
  readonly threshold: number;
  /** Days since its last VACUUM; null: never, as far as the statistics know. */
  readonly vacuumedDaysAgo: number | null;
  /** Age of its oldest transaction id as a share of autovacuum_freeze_max_age. */
  readonly freezeShare: number;
}

/** So many times the threshold shows that autovacuum does not keep up. */
const BEHIND = 2;
/** Share of dead rows from which a table is bloated, and the fewest that matter: the limits of the alert PostgreSQLTableBloat. */
const BLOAT = { share: 0.2, rows: 10_000 };
/** Autovacuum begins at 1; a table well beyond is one that it cannot finish. */
const FREEZE_BEHIND = 1.2;

const STATES = `
  SELECT seen.relname AS table, n_live_tup::float8 AS live, n_dead_tup::float8 AS dead,
         (option('autovacuum_vacuum_threshold') + option('autovacuum_vacuum_scale_factor') * greatest(reltuples, 0))::float8 AS threshold,
         (EXTRACT(epoch FROM now() - greatest(last_vacuum, last_autovacuum)) / 86400)::float8 AS "vacuumedDaysAgo",
         (age(relfrozenxid) / current_setting('autovacuum_freeze_max_age')::float8)::float8 AS "freezeShare"
    FROM pg_stat_user_tables AS seen JOIN pg_class ON pg_class.oid = seen.relid
   WHERE schemaname = 'public' AND relkind = 'r' ORDER BY n_dead_tup DESC`.replaceAll(
  /option\('(\w+)'\)/g,
  (_, name: string) =>
    `coalesce((SELECT option_value FROM pg_options_to_table(reloptions) WHERE option_name = '${name}'), current_setting('${name}'))::float8`,
);

/** Tables with too many dead rows, and those that autovacuum does not get to. */
export const vacuum: Task = {
  title: 'Bloat and autovacuum',
  run: async (sessions) => {
    const session = await sessions.primary();
    const { rows } = await session.query<VacuumState>(STATES);
    return decide(rows);
  },
};

/** Names the tables that need a look, and why. */
export function decide(tables: readonly VacuumState[]): Found {
  const lines = tables.flatMap(({ table, live, dead, threshold, vacuumedDaysAgo, freezeShare }) => {
    const reasons = [
      ...(dead > BEHIND * threshold
        ? [`${formatCount(dead)} dead rows, autovacuum works from ${formatCount(threshold)} on`]
        : []),
      ...(dead > BLOAT.rows && dead > BLOAT.share * (live + dead)
        ? [`${Math.round((100 * dead) / (live + dead))} % of its rows are dead`]
        : []),
      ...(freezeShare > FREEZE_BEHIND
        ? [`its oldest transaction id is ${freezeShare.toFixed(1)} times the age at which autovacuum freezes it`]
        : []),
    ];
    const last =
      vacuumedDaysAgo === null ? 'no VACUUM on record' : `last VACUUM ${vacuumedDaysAgo.toFixed(1)} days ago`;
    return reasons.length > 0
      ? [`${table}: ${reasons.join('; ')}; ${last}. See the page PostgreSQLTableBloat for what holds it up`]
      : [];
  });
  return lookAt(lines, 'autovacuum keeps up with every table');
}
