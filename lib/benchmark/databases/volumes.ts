/** Days of data. */
export const DAYS = 30;

/** What the application writes on a day, rows of each table that grows with time: the documented workload. */
export const DAILY_ROWS = { messages: 100_000, bookings: 10_000, ai_messages: 50_000, webhook_logs: 150_000 } as const;

/** Salons of the documented workload. */
const SALONS = 1000;
/** Customers of a salon, on average: an assumption. Each has one conversation and one AI conversation, as the unique keys say. */
const CUSTOMERS_PER_SALON = 200;
const TEMPLATES_PER_SALON = 5;
/** So that a small scale still has large and small salons. */
const LEAST_SALONS = 10;

/** How many rows to make. */
export interface Volumes {
  readonly salons: number;
  readonly customers: number;
  readonly templates: number;
  readonly messages: number;
  readonly bookings: number;
  readonly ai_messages: number;
  readonly webhook_logs: number;
}

/** Rows of a scale; 1 is the documented workload. Salons scale, too: what a salon has is about the same at each scale. */
export function volumesOf(scale: number): Volumes {
  const salons = Math.max(LEAST_SALONS, Math.round(SALONS * scale));
  const events = (daily: number) => Math.round(daily * DAYS * scale);
  return {
    salons,
    customers: salons * CUSTOMERS_PER_SALON,
    templates: salons * TEMPLATES_PER_SALON,
    messages: events(DAILY_ROWS.messages),
    bookings: events(DAILY_ROWS.bookings),
    ai_messages: events(DAILY_ROWS.ai_messages),
    webhook_logs: events(DAILY_ROWS.webhook_logs),
  };
}

/** A time as PostgreSQL reads a timestamp without a zone that means UTC. */
export function utcText(time: Date): string {
  return time.toISOString().replace('T', ' ').replace('Z', '');
}
