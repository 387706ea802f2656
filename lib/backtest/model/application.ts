import { answerValues, drawAnswers, judgeAnswers, judgeCost } from './ai';
import { drawBookings, judgeConflicts, judgeSilence } from './bookings';
import type { Span } from './clock';
import type { Effect } from './effects';
import { emptySeries } from './highest';
import { drawMessages, judgeMessages } from './messages';
import type { Salon } from './salons';
import { trafficValues } from './traffic';
import { drawWebhooks, judgeWebhooks } from './webhooks';

/** The model of the application: its salons, and what an incident changes. */
export interface ApplicationModel {
  readonly seed: number;
  readonly span: Span;
  readonly salons: readonly Salon[];
  readonly effects: readonly Effect[];
}

/** Values of the collector's metrics of the application at each minute, of all salons the worst; NaN where a pass publishes none. */
export type ApplicationValues = Readonly<Record<ApplicationMetric, Float64Array>>;

/** Metrics of the application that alarms read. */
export type ApplicationMetric =
  | 'failed_messages_failed_ratio'
  | 'ai_response_time_avg_response_time_ms'
  | 'ai_token_usage_unusual_tokens'
  | 'ai_cost_last_hour'
  | 'ai_cost_usual_hour'
  | 'webhook_errors_error_count'
  | 'booking_conflicts_conflict_count'
  | 'silent_salons_is_new'
  | 'service_traffic_messages'
  | 'usual_traffic_messages';

/** Draws the events of every salon and judges them as the collector's queries do. */
export function applicationValues({ seed, span, salons, effects }: ApplicationModel): ApplicationValues {
  const failed = emptySeries(span.minutes);
  const webhooks = emptySeries(span.minutes);
  const conflicts = emptySeries(span.minutes);
  const silent = emptySeries(span.minutes);
  const answers = answerValues(span);
  for (const salon of salons) {
    judgeMessages(drawMessages(seed, salon, span, effects), failed);
    judgeWebhooks(drawWebhooks(seed, salon, span, effects), webhooks);
    judgeAnswers(drawAnswers(seed, salon, span, effects), answers);
    const bookings = drawBookings(seed, salon, span, effects);
    judgeConflicts(bookings, conflicts);
    judgeSilence(bookings, silent);
  }
  const { last, usual } = judgeCost(answers.cost);
  return {
    failed_messages_failed_ratio: failed,
    ai_response_time_avg_response_time_ms: answers.latency,
    ai_token_usage_unusual_tokens: answers.unusualTokens,
    ai_cost_last_hour: last,
    ai_cost_usual_hour: usual,
    webhook_errors_error_count: webhooks,
    booking_conflicts_conflict_count: conflicts,
    silent_salons_is_new: silent,
    ...trafficValues({ seed, span, effects }),
  };
}
