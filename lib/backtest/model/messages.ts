import { HOUR, type Span } from './clock';
import { type Effect, factorOf, rateOf } from './effects';
import { drawEvents } from './events';
import { raise } from './highest';
import { DAILY, type Salon } from './salons';

/** Minutes before a span whose events its first values depend on: a small salon's last ten messages may be days old. */
const HISTORY = 3 * 24 * HOUR;
/** The query looks at the last hour; clock.ts says why it has a name here. */
const WINDOW = HOUR;
const SUSPECT = 3 * HOUR;

/** Sent messages of a salon, by minute. Index 0 is HISTORY before the span. */
export interface SentMessages {
  readonly sent: Uint16Array;
  readonly failed: Uint16Array;
  readonly history: number;
}

/** Draws the sent messages of a salon. */
export function drawMessages(seed: number, salon: Salon, span: Span, effects: readonly Effect[]): SentMessages {
  const start = span.start - HISTORY;
  const sent = new Uint16Array(HISTORY + span.minutes);
  const failed = new Uint16Array(HISTORY + span.minutes);
  const whole = { start, minutes: HISTORY + span.minutes };
  drawEvents(
    seed,
    salon,
    'sent',
    DAILY.sent,
    whole,
    (hour) => factorOf(effects, 'messages', salon, hour),
    (minute, random) => {
      sent[minute - start]!++;
      if (random.next() < rateOf(effects, 'failureRate', salon, minute)) failed[minute - start]!++;
    },
  );
  return { sent, failed, history: HISTORY };
}

/**
 * The values of failed_messages_failed_ratio of a salon at each minute, from the events before it; raises `highest`. A pass at a minute sees
 * the 60 minutes before it.
 */
export function judgeMessages({ sent, failed, history }: SentMessages, highest: Float64Array): void {
  let [hourSent, hourFailed, suspectFailed] = [0, 0, 0];
  // The last ten messages, as bits: 1 for a failed one. Within a minute the failed ones come first.
  let [latest, known] = [0, 0];
  for (let minute = 0; minute < sent.length; minute++) {
    if (minute >= history && (hourSent > 0 || suspectFailed > 0)) {
      const ofHour = hourFailed >= 10 ? hourFailed / hourSent : 0;
      const ofLatest = suspectFailed > 0 ? bits(latest) : 0;
      raise(highest, minute - history, Math.max(ofHour, ofLatest >= 8 ? ofLatest / Math.min(known, 10) : 0));
    }
    for (let i = 0; i < sent[minute]!; i++) {
      latest = ((latest << 1) | (i < failed[minute]! ? 1 : 0)) & 0x3ff;
      known++;
    }
    hourSent += sent[minute]! - (minute >= WINDOW ? sent[minute - WINDOW]! : 0);
    hourFailed += failed[minute]! - (minute >= WINDOW ? failed[minute - WINDOW]! : 0);
    suspectFailed += failed[minute]! - (minute >= SUSPECT ? failed[minute - SUSPECT]! : 0);
  }
}

function bits(value: number): number {
  let [rest, count] = [value, 0];
  for (; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}
