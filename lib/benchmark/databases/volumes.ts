/** Number of days that the data cover. */
export const DAYS = 30;

/** Rows that the application writes on a day, for each table that grows with time: the documented workload. */
export const DAILY_ROWS = { messages: 100_000, bookings: 10_000, ai_messages: 50_000, webhook_logs: 150_000 } as const;

/** Number of salons of the documented workload. */
export const DOCUMENTED_SALONS = 1000;
/** Average number of customers of a salon: an assumption. Each has one conversation and one AI conversation, as the unique keys demand. */
export const DOCUMENTED_CUSTOMERS_PER_SALON = 200;
const TEMPLATES_PER_SALON = 5;
/** Enough for a small scale to still have large and small salons. */
const LEAST_SALONS = 10;

/** Number of rows of each table. */
export interface Volumes {
  readonly salons: number;
  readonly customers: number;
  readonly templates: number;
  readonly messages: number;
  readonly bookings: number;
  readonly ai_messages: number;
  readonly webhook_logs: number;
}

/**
 * Number of rows at a scale. The number of salons scales as well, so that one salon has about as many rows at each scale.
 * @param scale 1 is the documented workload
 */
export function volumesOf(scale: number): Volumes {
  const salons = Math.max(LEAST_SALONS, Math.round(DOCUMENTED_SALONS * scale));
  const events = (daily: number) => Math.round(daily * DAYS * scale);
  return {
    salons,
    customers: salons * DOCUMENTED_CUSTOMERS_PER_SALON,
    templates: salons * TEMPLATES_PER_SALON,
    messages: events(DAILY_ROWS.messages),
    bookings: events(DAILY_ROWS.bookings),
    ai_messages: events(DAILY_ROWS.ai_messages),
    webhook_logs: events(DAILY_ROWS.webhook_logs),
  };
}

/** A time in UTC, as PostgreSQL reads a timestamp without a time zone. */
export function utcText(time: Date): string {
  return time.toISOString().replace('T', ' ').replace('Z', '');
}
