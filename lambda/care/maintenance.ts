import type { CaredEnvironment } from './env';

const MINUTES_A_DAY = 24 * 60;
const MINUTES_A_WEEK = 7 * MINUTES_A_DAY;

/** Whether a time is in the weekly maintenance window. */
export function isInWindow(now: Date, { startMinute, endMinute }: CaredEnvironment['maintenance']): boolean {
  // getUTCDay counts from Sunday.
  const day = (now.getUTCDay() + 6) % 7;
  const minute = day * MINUTES_A_DAY + now.getUTCHours() * 60 + now.getUTCMinutes();
  // A window that ends in the next week has its last part at that week's beginning.
  return [minute, minute + MINUTES_A_WEEK].some((each) => each >= startMinute && each < endMinute);
}
