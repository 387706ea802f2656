import { DAY, HOUR, shareOfDay, type Span, WEEK } from './clock';
import { Random } from './random';
import type { Salon } from './salons';

/** Kinds of events, which are drawn independently of each other. */
export const KINDS = { sent: 11, answers: 12, bookings: 13, webhooks: 14 } as const;

/** Part of its usual events that a salon has on the day on which it is closed: messages come in, and the AI books for other days. */
const CLOSED_SHARE = 0.2;

/**
 * Calls `event` for each event of a salon in a span, in the order of time. Hours are drawn independently, so that any two spans agree
 * where they overlap.
 * @param daily events of an average day of all salons
 * @param factor of the number of events in the hour that begins at a minute
 */
export function drawEvents(
  seed: number,
  salon: Salon,
  kind: keyof typeof KINDS,
  daily: number,
  { start, minutes }: Span,
  factor: (hour: number) => number,
  event: (minute: number, random: Random) => void,
): void {
  const end = start + minutes;
  for (let hour = Math.floor(start / HOUR) * HOUR; hour < end; hour += HOUR) {
    if (hour < salon.since) continue;
    const isClosed = Math.floor((((hour % WEEK) + WEEK) % WEEK) / DAY) === salon.closed;
    const mean =
      daily * salon.share * shareOfDay(((hour % WEEK) + WEEK) % WEEK) * (isClosed ? CLOSED_SHARE : 1) * factor(hour);
    const random = new Random(seed, salon.index, KINDS[kind], hour);
    const count = random.poisson(mean);
    if (count === 0) continue;
    const times = Array.from({ length: count }, () => hour + Math.floor(random.next() * HOUR));
    times.sort((one, other) => one - other);
    for (const minute of times) if (minute >= start && minute < end) event(minute, random);
  }
}
