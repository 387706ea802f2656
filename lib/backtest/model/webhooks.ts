import { HOUR, type Span } from './clock';
import { type Effect, factorOf, rateOf } from './effects';
import { drawEvents } from './events';
import { raise } from './highest';
import type { Random } from './random';
import { DAILY, type Salon } from './salons';

/** Share of each event type, as in the benchmark's data. */
const TYPES = [0.25, 0.5, 0.25];

/** The query looks at the last hour; clock.ts says why it has a name here. */
const WINDOW = HOUR;

/** Failed webhooks of a salon by type and minute; index 0 is `history` before the span. */
export interface FailedWebhooks {
  readonly types: readonly Uint16Array[];
  readonly history: number;
}

/**
 * Draws the failed webhooks of a salon. The others are never looked at, so only failures are drawn: at the rate of the hour in which they
 * happen.
 */
export function drawWebhooks(seed: number, salon: Salon, span: Span, effects: readonly Effect[]): FailedWebhooks {
  const start = span.start - WINDOW;
  const minutes = WINDOW + span.minutes;
  const types = TYPES.map(() => new Uint16Array(minutes));
  const rate = (hour: number) =>
    rateOf(effects, 'webhookErrorRate', salon, hour) * factorOf(effects, 'messages', salon, hour);
  drawEvents(seed, salon, 'webhooks', DAILY.webhooks, { start, minutes }, rate, (minute, random) => {
    types[typeOf(random)]![minute - start]!++;
  });
  return { types, history: WINDOW };
}

function typeOf(random: Random): number {
  const value = random.next();
  return value < TYPES[0]! ? 0 : value < TYPES[0]! + TYPES[1]! ? 1 : 2;
}

/** The values of webhook_errors_error_count of a salon; raises `highest`. */
export function judgeWebhooks({ types, history }: FailedWebhooks, highest: Float64Array): void {
  for (const failed of types) {
    let errors = 0;
    for (let minute = 0; minute < failed.length; minute++) {
      if (minute >= history && errors > 0) raise(highest, minute - history, errors);
      errors += failed[minute]! - (minute >= WINDOW ? failed[minute - WINDOW]! : 0);
    }
  }
}
