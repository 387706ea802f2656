import { formatCount } from '../../../lib/contract/care/formats';
import type { Found, Task } from '../task';

/** Hours of a day in which the day before is counted once more, because messages may have come late. */
const LATE_HOURS = 3;
const DAY_MS = 86_400_000;

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
    return { state: 'fine', lines };
  },
};
