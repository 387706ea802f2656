import { formatCount, formatMilliseconds, formatMinutes, formatSeconds } from '../../../lib/contract/care/formats';
import { keepSnapshot, readSnapshots, type Snapshot } from '../snapshots';
import { statementText } from '../statement-text';
import { type Found, shortened, type Task } from '../task';

/** Counters of a statement since the statistics were reset. */
interface Counters {
  /** pg_stat_statements.queryid. */
  readonly id: string;
  readonly calls: number;
  /** Time of all calls, ms. */
  readonly ms: number;
}

/** A statement as it is now. */
export interface Statement extends Counters {
  readonly query: string | null;
}

/** What a statement did between two snapshots. */
interface Work {
  readonly calls: number;
  readonly ms: number;
  /** ms for each call. */
  readonly mean: number;
}

/** A mean so many times the one of the day before is slower by more than chance. */
const SLOWER = 2;
/** The owner's goal for 95 of 100 queries, ms. A statement below it is not slow, however much slower it became. */
const GOAL_MS = 100;
/** The owner's goal allows so many calls to be slower, as a share. */
const SLOW_SHARE = 0.05;
/** A statement that takes less time in a day does no harm, ms. */
const LEAST_MS = 30_000;
/** How many are shown. */
const TOP = 5;
const HOUR_MS = 3_600_000;

/** All statements of this database: pg_stat_statements keeps 5,000 by default. */
const STATEMENTS = `
  SELECT queryid::text AS id, min(query) AS query, sum(calls)::float8 AS calls, sum(total_exec_time)::float8 AS ms
    FROM dba.statements()
   WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND queryid IS NOT NULL
   GROUP BY queryid ORDER BY ms DESC LIMIT 5000`;

/** What the server spends its time on, against the day before. */
export const slowStatements: Task = {
  title: 'Slow statements',
  run: async (sessions, now) => {
    const session = await sessions.primary();
    const { rows } = await session.query<Statement>(STATEMENTS);
    const [last, beforeLast] = await readSnapshots<Counters>(session, 'statements', 2);
    await keepSnapshot(
      session,
      'statements',
      now,
      rows.map(({ id, calls, ms }) => ({ id, calls, ms })),
    );
    return decide(rows, now, last, beforeLast);
  },
};

/**
 * Compares the time since the last run with the time between the two before it.
 * @param last default: this is the first run
 */
export function decide(
  statements: readonly Statement[],
  now: Date,
  last?: Snapshot<Counters>,
  beforeLast?: Snapshot<Counters>,
): Found {
  const today = workOf(statements, last?.rows ?? []);
  const dayBefore = last && beforeLast ? workOf(last.rows, beforeLast.rows) : undefined;
  const total = sum(today);
  const done = statements
    .flatMap((statement) => {
      const work = today.get(statement.id);
      return work ? [{ ...statement, work, before: dayBefore?.get(statement.id) }] : [];
    })
    .sort((a, b) => b.work.ms - a.work.ms);
  const describe = ({ query, work, before }: (typeof done)[number]) =>
    `${Math.round((100 * work.ms) / total)} % of the time, ${formatCount(work.calls)} calls, mean ${formatMilliseconds(work.mean)}${
      before ? ` (the day before ${formatMilliseconds(before.mean)})` : ''
    }: ${statementText(query)}`;
  const heavy = done.filter(({ work }) => work.ms >= LEAST_MS && work.mean >= GOAL_MS);
  const slower = heavy.filter(({ work, before }) => before && work.mean >= SLOWER * before.mean);
  const known = new Set(last?.rows.map(({ id }) => id));
  const added = last ? heavy.filter(({ id }) => !known.has(id)) : [];
  const calls = (from: readonly { readonly work: Work }[]) => from.reduce((sum, { work }) => sum + work.calls, 0);
  const slowShare = calls(done.filter(({ work }) => work.mean > GOAL_MS)) / Math.max(1, calls(done));
  const period = last
    ? `in the last ${((now.getTime() - last.takenAt.getTime()) / HOUR_MS).toFixed(1)} h`
    : 'since the statistics were reset: the first digest has nothing to compare with';
  return {
    state: slower.length + added.length > 0 || slowShare > SLOW_SHARE ? 'look' : 'fine',
    lines: [
      `Statements took ${formatTime(total)} ${period}${dayBefore ? ` (the day before ${formatTime(sum(dayBefore))})` : ''}`,
      `${(100 * slowShare).toFixed(1)} % of the calls were of statements that take over ${GOAL_MS} ms on average; the goal is at most ${100 * SLOW_SHARE} %`,
      ...(slower.length > 0 ? [`${slower.length} became ${SLOWER} times slower or more:`] : []),
      ...shortened(slower.map(describe), TOP),
      ...(added.length > 0 ? [`${added.length} are new and slower than ${GOAL_MS} ms:`] : []),
      ...shortened(added.map(describe), TOP),
      'The most time:',
      ...done.slice(0, TOP).map(describe),
    ],
  };
}

/** What was done between two sets of counters. Counters that went down were reset in between, and count from 0. */
function workOf(after: readonly Counters[], before: readonly Counters[]): Map<string, Work> {
  const earlier = new Map(before.map((each) => [each.id, each]));
  return new Map(
    after.flatMap(({ id, ...now }): [string, Work][] => {
      const then = earlier.get(id);
      const since = then && then.calls <= now.calls && then.ms <= now.ms ? then : { calls: 0, ms: 0 };
      const [calls, ms] = [now.calls - since.calls, now.ms - since.ms];
      return calls > 0 ? [[id, { calls, ms, mean: ms / calls }]] : [];
    }),
  );
}

function formatTime(ms: number): string {
  return ms < 60_000 ? formatSeconds(ms / 1000) : formatMinutes(ms / 1000);
}

function sum(works: ReadonlyMap<string, Work>): number {
  return [...works.values()].reduce((ms, work) => ms + work.ms, 0);
}
