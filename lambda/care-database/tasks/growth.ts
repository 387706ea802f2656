import { formatMemory } from '../../../lib/contract/care/formats';
import { keepSnapshot, readSnapshots, type Snapshot } from '../snapshots';
import type { Found, Task } from '../task';

/** Size of a table with its indexes. */
export interface TableSize {
  readonly table: string;
  readonly bytes: number;
}

/** The database's size on a day. The collector keeps one row for each day. */
export interface DaySize {
  /** Days before today. */
  readonly age: number;
  readonly bytes: number;
}

/** How many tables are shown. */
const TOP = 5;
/** Periods over which the growth is measured, days. */
const PERIODS = [7, 28] as const;
const DAY_MS = 86_400_000;

const TABLES = `
  SELECT relname AS table, pg_total_relation_size(oid)::float8 AS bytes
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'm') ORDER BY 2 DESC`;

/** How fast the database grows, and which tables do. How long the disk lasts stands in another section: CloudWatch knows the disk. */
export const growth: Task = {
  title: 'Growth',
  run: async (sessions, now) => {
    const session = await sessions.primary();
    const { rows: tables } = await session.query<TableSize>(TABLES);
    const { rows: days } = await session.query<DaySize>(
      "SELECT (now() AT TIME ZONE 'UTC')::date - day AS age, bytes::float8 AS bytes FROM public.database_sizes ORDER BY day DESC LIMIT 60",
    );
    const { rows: size } = await session.query<{ bytes: number }>(
      'SELECT pg_database_size(current_database())::float8 AS bytes',
    );
    const [last] = await readSnapshots<TableSize>(session, 'tables', 1);
    await keepSnapshot(session, 'tables', now, tables);
    return decide(size[0]!.bytes, days, tables, now, last);
  },
};

/**
 * Tells the growth.
 * @param bytes the database's size now
 * @param last sizes of the last run. Default: this is the first
 */
export function decide(
  bytes: number,
  days: readonly DaySize[],
  tables: readonly TableSize[],
  now: Date,
  last?: Snapshot<TableSize>,
): Found {
  const periods = PERIODS.flatMap((wanted) => {
    // The day itself, or the one next before it: the collector may have missed one.
    const then = days.find(({ age }) => age >= wanted && age < wanted + 7);
    return then ? [`${signed(bytes - then.bytes)} in ${then.age} days`] : [];
  });
  const grown = tables
    .flatMap(({ table, bytes: now }) => {
      const before = last?.rows.find((each) => each.table === table);
      return before ? [{ table, by: now - before.bytes }] : [];
    })
    .filter(({ by }) => by > 0)
    .sort((a, b) => b.by - a.by)
    .slice(0, TOP);
  const since = last && `${((now.getTime() - last.takenAt.getTime()) / DAY_MS).toFixed(0)} days`;
  return {
    state: 'fine',
    lines: [
      `The database has ${formatMemory(bytes)}: ${periods.join(', ') || 'no size of a week ago is known yet'}`,
      ...(since === undefined
        ? [
            'The largest tables:',
            ...tables.slice(0, TOP).map(({ table, bytes: size }) => `${table}: ${formatMemory(size)}`),
          ]
        : [
            `Grew most in ${since}: ${grown.map(({ table, by }) => `${table} ${signed(by)}`).join(', ') || 'no table grew'}`,
          ]),
    ],
  };
}

function signed(bytes: number): string {
  return `${bytes < 0 ? '-' : '+'}${formatMemory(Math.abs(bytes))}`;
}
