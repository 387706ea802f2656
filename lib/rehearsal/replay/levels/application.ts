import { border, type Facts, type Levels, own } from '../level';

/** The worst salon beside one without trouble. */
const worst = (metric: string, fires: number, ok: number, minutes: number, severity: 'warning' | 'info' = 'warning') =>
  border(own, metric, { fires: [fires, 0], ok: [ok, 0] }, { severity, minutes });
const cost = (facts: Facts, last: number, usual: number) => [
  own(facts, 'ai_cost_last_hour', last),
  own(facts, 'ai_cost_usual_hour', usual),
];
const traffic = (facts: Facts, messages: number, usual: number) => [
  own(facts, 'service_traffic_messages', messages),
  own(facts, 'usual_traffic_messages', usual),
];

/** Bookings, messages, AI and webhooks. */
export const APPLICATION_LEVELS: Levels = {
  HighBookingConflictRate: worst('booking_conflicts_conflict_count', 6, 5, 6),
  HighMessageFailureRate: worst('failed_messages_failed_ratio', 0.053, 0.047, 11),
  AIResponseTimeSlow: worst('ai_response_time_avg_response_time_ms', 5200, 4800, 11),
  AITokenUsageHigh: worst('ai_token_usage_unusual_tokens', 105_000, 95_000, 31),
  WebhookProcessingErrors: worst('webhook_errors_error_count', 61, 59, 11),
  NoBookingsLast24Hours: worst('silent_salons_is_new', 1, 0, 11, 'info'),
  AICostSpike: (facts) => ({
    severity: 'critical',
    fires: cost(facts, 31, 10),
    staysOk: [cost(facts, 29, 10), cost(facts, 2.9, 1)],
    minutes: 31,
    tooShort: 23,
  }),
  NoMessagesReceived: (facts) => ({
    severity: 'critical',
    fires: traffic(facts, 9, 105),
    staysOk: [traffic(facts, 11, 105), traffic(facts, 0, 95)],
    minutes: 11,
    tooShort: 8,
  }),
};
