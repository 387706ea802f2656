import { DAY, HOUR, type Span, WEEK } from './clock';
import { type Effect, factorOf, isDoubleBooked } from './effects';
import { drawEvents } from './events';
import { raise } from './highest';
import { DAILY, type Salon } from './salons';

/** Minutes before a span whose bookings its first values depend on: six weeks of what is usual. */
const HISTORY = 6 * WEEK;
/** Bookings begin on the half-hour and last one to three of them. */
const SLOT = 30;
const AHEAD = 14 * DAY;
/** The query counts bookings that were made within the last hour; clock.ts says why it has a name here. */
const WINDOW = HOUR;
/** How often the capacity is recorded. */
const RECORDED = DAY;
/** Age of a salon from which its capacity is known. */
const NEW = 14 * DAY;
const OPENS = 9 * HOUR;
const CLOSES = 20 * HOUR;
/** Times that a customer tries until a chair is free; then the booking is not made. */
const TRIES = 30;

/** A booking: when it was made, and its half-hours. */
interface Booking {
  readonly made: number;
  /** First half-hour since the start of the history, and the one after the last. */
  readonly first: number;
  readonly end: number;
}

/** Bookings of a salon in the order in which they were made. */
export interface Bookings {
  readonly all: readonly Booking[];
  readonly slots: number;
  /** Minute at which the span begins; the history begins at minute 0. */
  readonly history: number;
  /** Minute at which the salon began; -Infinity: before. */
  readonly since: number;
}

/** Draws the bookings of a salon: each at a free time within two weeks, when the salon is open. */
export function drawBookings(seed: number, salon: Salon, span: Span, effects: readonly Effect[]): Bookings {
  const start = span.start - HISTORY;
  const minutes = HISTORY + span.minutes;
  const slots = Math.ceil((minutes + AHEAD + DAY) / SLOT);
  const taken = new Uint16Array(slots);
  const all: Booking[] = [];
  const factor = (hour: number) => factorOf(effects, 'bookings', salon, hour);
  drawEvents(seed, salon, 'bookings', DAILY.bookings, { start, minutes }, factor, (minute, random) => {
    const made = minute - start;
    if (isDoubleBooked(effects, salon, minute)) {
      // Everybody gets the same time, as when the search for free chairs always answers yes.
      const first = Math.floor((made + 2 * DAY) / SLOT / 48) * 48 + 24;
      all.push({ made, first, end: first + 2 });
      return;
    }
    const length = random.whole(1, 3);
    for (let tries = 0; tries < TRIES; tries++) {
      const first = Math.ceil((made + HOUR + random.next() * AHEAD) / SLOT);
      if (!isOpen(salon, start, first, first + length)) continue;
      if (!hasChair(taken, first, first + length, salon.chairs)) continue;
      for (let slot = first; slot < first + length; slot++) taken[slot]!++;
      all.push({ made, first, end: first + length });
      return;
    }
  });
  return { all, slots, history: HISTORY, since: salon.since - start };
}

function isOpen({ closed }: Salon, start: number, first: number, end: number): boolean {
  const inWeek = (((start + first * SLOT) % WEEK) + WEEK) % WEEK;
  const inDay = inWeek % DAY;
  return Math.floor(inWeek / DAY) !== closed && inDay >= OPENS && inDay + (end - first) * SLOT <= CLOSES;
}

function hasChair(taken: Uint16Array, first: number, end: number, chairs: number): boolean {
  for (let slot = first; slot < end; slot++) if (taken[slot]! >= chairs) return false;
  return true;
}

/** Highest number of bookings at the same time, from a half-hour to another. */
function mostIn(taken: Uint16Array, first: number, end: number): number {
  let most = 0;
  for (let slot = Math.max(0, first); slot < Math.min(end, taken.length); slot++) most = Math.max(most, taken[slot]!);
  return most;
}

/**
 * The values of booking_conflicts_conflict_count of a salon; raises `highest`. The capacity is recorded each midnight, as the collector
 * does, from the bookings that are a day old.
 */
export function judgeConflicts({ all, slots, history, since }: Bookings, highest: Float64Array): void {
  const taken = new Uint16Array(slots);
  const known = new Uint16Array(slots);
  let [next, nextKnown, oldest] = [0, 0, 0];
  let capacity = 1;
  const add = (counts: Uint16Array, { first, end }: Booking) => {
    for (let slot = first; slot < end; slot++) counts[slot]!++;
  };
  for (let minute = history - RECORDED; minute < history + highest.length; minute++) {
    for (; next < all.length && all[next]!.made < minute; next++) add(taken, all[next]!);
    if (minute % RECORDED === 0) {
      for (; nextKnown < all.length && all[nextKnown]!.made < minute - RECORDED; nextKnown++)
        add(known, all[nextKnown]!);
      capacity = Math.max(1, mostIn(known, (minute - 28 * DAY) / SLOT, (minute + 28 * DAY) / SLOT));
    }
    if (minute < history || minute < since + NEW) continue;
    while (oldest < next && all[oldest]!.made < minute - WINDOW) oldest++;
    let conflicts = 0;
    for (let i = oldest; i < next; i++) if (mostIn(taken, all[i]!.first, all[i]!.end) > capacity) conflicts++;
    if (conflicts > 0) raise(highest, minute - history, conflicts);
  }
}

const SILENT_CACHED = 15;
const LEAST_EXPECTED = 15;

/** The values of silent_salons_is_new of a salon; raises `highest`. */
export function judgeSilence({ all, history }: Bookings, highest: Float64Array): void {
  const times = all.map(({ made }) => made);
  let next = 0;
  for (let i = 0; i < highest.length; i += SILENT_CACHED) {
    const now = history + i;
    while (next < times.length && times[next]! < now) next++;
    const last = times[next - 1];
    if (last === undefined || last >= now - DAY || last <= now - 14 * DAY) continue;
    const expected = (until: number) =>
      [2, 4].reduce((sum, weeks) => sum + between(times, last - weeks * WEEK, until - weeks * WEEK), 0) / 2;
    if (expected(now) < LEAST_EXPECTED) continue;
    const wasSilent = last < now - DAY - HOUR && expected(now - HOUR) >= LEAST_EXPECTED;
    const end = Math.min(i + SILENT_CACHED, highest.length);
    for (let at = i; at < end; at++) raise(highest, at, wasSilent ? 0 : 1);
  }
}

/** How many of the sorted times are after `from`, up to before `until`. */
function between(times: readonly number[], from: number, until: number): number {
  return firstFrom(times, until) - firstFrom(times, from + 1);
}

function firstFrom(times: readonly number[], time: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
