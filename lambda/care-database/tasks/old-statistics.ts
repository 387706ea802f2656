import { formatCount } from '../../../lib/contract/care/formats';
import { isPostgresError, tell } from '../../shared/errors';
import { type Found, shortened, type Task } from '../task';

/** A table whose statistics are old. */
interface OldTable {
  readonly table: string;
  /** Null: never analyzed, or the server lost its statistics in a failover. */
  readonly daysAgo: number | null;
  readonly changed: number;
}

/** Autovacuum analyzes a table when a tenth of it has changed; a large one that changes little waits for months. */
const OLD_DAYS = 28;
/** What is not done in this time waits for the next run, ms. */
const MOST_MS = 5 * 60_000;

const OLD = `
  SELECT * FROM (
    SELECT relid::regclass::text AS table, n_live_tup, n_mod_since_analyze::float8 AS changed,
           (EXTRACT(epoch FROM now() - greatest(last_analyze, last_autoanalyze)) / 86400)::float8 AS "daysAgo"
      FROM pg_stat_user_tables WHERE schemaname = 'public') AS tables
   WHERE ("daysAgo" IS NULL AND n_live_tup > 0) OR ("daysAgo" > ${OLD_DAYS} AND changed > 0)
   ORDER BY changed DESC`;

/** Brings statistics of the planner up to date that autovacuum left old. */
export const oldStatistics: Task = {
  title: 'Statistics of the planner',
  run: async (sessions): Promise<Found> => {
    const session = await sessions.primary();
    const { rows } = await session.query<OldTable>(OLD);
    const began = Date.now();
    const [done, left]: [string[], string[]] = [[], []];
    for (const { table, daysAgo, changed } of rows) {
      if (Date.now() - began > MOST_MS) {
        left.push(`${table}: the time of this run is over`);
        continue;
      }
      try {
        await session.query('SELECT care.analyze_table($1::regclass)', [table]);
        const age = daysAgo === null ? 'had none' : `were ${daysAgo.toFixed(0)} days old`;
        done.push(`${table}: its statistics ${age}, ${formatCount(changed)} rows changed since; analyzed`);
      } catch (error) {
        // A busy table or a slow one: the others are analyzed all the same. A lost session ends the task.
        if (!isPostgresError(error)) throw error;
        left.push(`${table}: not analyzed, ${tell(error)}`);
      }
    }
    if (left.length > 0) return { state: 'look', lines: [...shortened(left), ...shortened(done)] };
    return {
      state: 'fine',
      lines: done.length > 0 ? shortened(done) : [`none is older than ${OLD_DAYS} days with rows changed since`],
    };
  },
};
