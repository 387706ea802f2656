import { formatCount } from '../../../lib/contract/care/formats';
import { keepSnapshot, readSnapshots } from '../snapshots';
import type { Found, Task } from '../task';

/** Hours of a day in which the day before is counted once more, because messages may have come late. */
const LATE_HOURS = 3;
const DAY_MS = 86_400_000;
/** Of 24 in a day one may be missing: the maintenance window leaves it out. */
const LEAST_RUNS = 23;

/** The days (UTC) whose intents are counted again. */
export function daysToRefresh(now: Date): string[] {
  const day = (time: number) => new Date(time).toISOString().slice(0, 10);
  const today = day(now.getTime());
  return now.getUTCHours() < LATE_HOURS ? [day(now.getTime() - DAY_MS), today] : [today];
}

/** Brings intent_analytics up to date, which the application reads. */
export const intents: Task = {
  title: 'Intents counted',
  run: async (sessions, now): Promise<Found> => {
    const session = await sessions.primary();
    const lines: string[] = [];
    for (const day of daysToRefresh(now)) {
      const { rows } = await session.query<{ changed: string }>(
        'SELECT care.refresh_intent_analytics($1::date) AS changed',
        [day],
      );
      lines.push(`${day}: ${formatCount(Number(rows[0]?.changed))} counts changed`);
    }
    await keepSnapshot(session, 'intents', now, []);
    return { state: 'fine', lines };
  },
};

/** Whether the hourly refresh went on: it sends no notification of its own. */
export const refreshes: Task = {
  title: 'Hourly refresh of the intents',
  run: async (sessions, now): Promise<Found> => {
    const runs = await readSnapshots(await sessions.primary(), 'intents', 48);
    const ofDay = runs.filter(({ takenAt }) => takenAt.getTime() > now.getTime() - DAY_MS).length;
    return { state: ofDay < LEAST_RUNS ? 'look' : 'fine', lines: [`${ofDay} runs in 24 h`] };
  },
};
