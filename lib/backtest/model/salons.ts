import { Random } from './random';

/** The documented workload: events of a day for all salons. */
export const DAILY = { sent: 50_000, received: 50_000, bookings: 10_000, answers: 25_000, webhooks: 150_000 } as const;
/** Salons of the documented workload. */
const SALONS = 1000;
/** New salons in a month: an assumption. */
const NEW_IN_A_MONTH = 20;

/** A salon of the model. */
export interface Salon {
  readonly index: number;
  /** Its share of all events, by Zipf's law as in the benchmark's data. */
  readonly share: number;
  /** Share of its sent messages that fail, 0.5 to 2 %. */
  readonly failureRate: number;
  /** Share of its webhooks that fail, 0.5 to 2 %. */
  readonly webhookErrorRate: number;
  /** Median time of an AI answer, ms. */
  readonly latencyMs: number;
  /** Bookings that it takes at the same time; the application offers no time beyond it. */
  readonly chairs: number;
  /** Weekday without work, 0 is Monday; -1: none. */
  readonly closed: number;
  /** When it begins, minutes of the model's time; -Infinity: before the model. */
  readonly since: number;
}

/** Draws the salons. @param monthStart when the month begins that a few new salons appear in */
export function drawSalons(seed: number, monthStart: number, count = SALONS): Salon[] {
  const total = Array.from({ length: SALONS }, (_, i) => 1 / (i + 1)).reduce((sum, part) => sum + part, 0);
  return Array.from({ length: count }, (_, index) => {
    const random = new Random(seed, index, 1);
    const share = 1 / (index + 1) / total;
    // Hours of work that its bookings take on an average day, over nine hours; the busiest times need half as many again.
    const busyChairs = (DAILY.bookings * share) / 9;
    const isNew = index >= count - NEW_IN_A_MONTH;
    return {
      index,
      share,
      failureRate: 0.005 * 4 ** random.next(),
      webhookErrorRate: 0.005 * 4 ** random.next(),
      latencyMs: 1400 + 900 * random.next(),
      chairs: Math.max(1 + Math.floor(random.next() * 4), Math.ceil(busyChairs * 1.5)),
      closed: random.next() < 0.6 ? 6 : random.next() < 0.5 ? 0 : -1,
      since: isNew ? monthStart + Math.floor(random.next() * 28) * 1440 : -Infinity,
    };
  });
}
