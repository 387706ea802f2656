import { type Answers } from '../model/ai';
import { type Bookings } from '../model/bookings';
import { DAY, HOUR } from '../model/clock';
import { raise } from '../model/highest';
import type { SentMessages } from '../model/messages';

/** How the earlier queries judged the same events: without least counts, a salon's usual, or its capacity. */

/** Failed messages as a share of those of both directions, at least 20. As many are received as sent. */
export function judgeEarlierMessages({ sent, failed, history }: SentMessages, highest: Float64Array): void {
  let [hourSent, hourFailed] = [0, 0];
  for (let minute = 0; minute < sent.length; minute++) {
    if (minute >= history && hourSent > 0) raise(highest, minute - history, hourFailed / Math.max(20, 2 * hourSent));
    hourSent += sent[minute]! - (minute >= HOUR ? sent[minute - HOUR]! : 0);
    hourFailed += failed[minute]! - (minute >= HOUR ? failed[minute - HOUR]! : 0);
  }
}

/** The average of any number of answers, and all tokens of an hour. */
export function judgeEarlierAnswers(
  { models, tokens, history }: Answers,
  highest: { readonly latency: Float64Array; readonly tokens: Float64Array },
): void {
  for (const { count, latency } of models) {
    let [answers, total] = [0, 0];
    for (let minute = 0; minute < count.length; minute++) {
      if (minute >= history && answers > 0) raise(highest.latency, minute - history, total / answers);
      answers += count[minute]! - (minute >= HOUR ? count[minute - HOUR]! : 0);
      total += latency[minute]! - (minute >= HOUR ? latency[minute - HOUR]! : 0);
    }
  }
  let used = 0;
  for (let minute = 0; minute < tokens.length; minute++) {
    if (minute >= history) raise(highest.tokens, minute - history, used);
    used += tokens[minute]! - (minute >= HOUR ? tokens[minute - HOUR]! : 0);
  }
}

/** Pairs of overlapping bookings of which one is new, whatever the salon can take; a pair counts when its later booking is made. */
export function judgeEarlierConflicts({ all, slots, history }: Bookings, highest: Float64Array): void {
  const begun = [1, 2, 3].map(() => new Uint16Array(slots));
  const pairs: number[] = [];
  for (const { first, end } of all) {
    let overlapping = 0;
    begun.forEach((counts, i) => {
      for (let slot = Math.max(0, first - i); slot < end; slot++) overlapping += counts[slot] ?? 0;
    });
    pairs.push(overlapping);
    begun[end - first - 1]![first]!++;
  }
  let [next, oldest, sum] = [0, 0, 0];
  for (let minute = history; minute < history + highest.length; minute++) {
    for (; next < all.length && all[next]!.made < minute; next++) sum += pairs[next]!;
    for (; oldest < next && all[oldest]!.made < minute - HOUR; oldest++) sum -= pairs[oldest]!;
    raise(highest, minute - history, sum);
  }
}

/** Bookings of the last 24 hours; lowers `lowest`. */
export function judgeEarlierSilence({ all, history }: Bookings, since: number, lowest: Float64Array): void {
  let [next, oldest] = [0, 0];
  for (let i = 0; i < lowest.length; i++) {
    const now = history + i;
    while (next < all.length && all[next]!.made < now) next++;
    while (oldest < next && all[oldest]!.made < now - DAY) oldest++;
    if (i >= since + DAY && !(lowest[i]! <= next - oldest)) lowest[i] = next - oldest;
  }
}
