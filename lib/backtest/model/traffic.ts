import { HOUR, shareOfDay, type Span, WEEK } from './clock';
import type { Effect } from './effects';
import { prefixSums } from './highest';
import { Random } from './random';
import { DAILY } from './salons';

/** Minutes before a span whose messages its first values depend on: the same half hour of four weeks. */
const HISTORY = 4 * WEEK + HOUR;
const HALF_HOUR = 30;
/** cache_seconds of service_traffic and usual_traffic, minutes. */
const CACHED = 5;
const USUAL_CACHED = 15;
/** Tells these numbers from those of the salons. */
const STREAM = 15;

/** Draws how many messages all salons receive in a minute. */
export function drawReceived(seed: number, minute: number, effects: readonly Effect[]): number {
  const mean = (DAILY.received * shareOfDay(minute)) / HOUR;
  return new Random(seed, STREAM, minute).poisson(mean * factorOfAll(effects, minute));
}

/**
 * service_traffic_messages and usual_traffic_messages at each minute of a span: the messages that all salons receive. They are drawn for all
 * together, because no salon is judged by them. Only effects on all salons change them.
 */
export function trafficValues({
  seed,
  span,
  effects,
}: {
  readonly seed: number;
  readonly span: Span;
  readonly effects: readonly Effect[];
}): { readonly service_traffic_messages: Float64Array; readonly usual_traffic_messages: Float64Array } {
  const start = span.start - HISTORY;
  const received = Array.from({ length: HISTORY + span.minutes }, (_, i) => drawReceived(seed, start + i, effects));
  const upTo = prefixSums(received);
  const halfHourBefore = (minute: number) => upTo[minute]! - upTo[minute - HALF_HOUR]!;
  const messages = new Float64Array(span.minutes);
  const usual = new Float64Array(span.minutes);
  for (let i = 0; i < span.minutes; i++) {
    messages[i] = halfHourBefore(HISTORY + i - (i % CACHED));
    const read = HISTORY + i - (i % USUAL_CACHED);
    usual[i] = [1, 2, 3, 4].reduce((sum, weeks) => sum + halfHourBefore(read - weeks * WEEK), 0) / 4;
  }
  return { service_traffic_messages: messages, usual_traffic_messages: usual };
}

function factorOfAll(effects: readonly Effect[], minute: number): number {
  return effects
    .filter(({ salons, from, until }) => salons === undefined && minute >= from && minute < until)
    .reduce((factor, { messages = 1 }) => factor * messages, 1);
}
