/** Hour of the day, UTC, in which metrics that count days are published. */
const DAILY_HOUR = 7;

/** Whether metrics that count days are due. */
export function isDailyHour(now: Date): boolean {
  return now.getUTCHours() === DAILY_HOUR;
}
