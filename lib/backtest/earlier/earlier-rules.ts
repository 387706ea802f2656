import type { EvaluatedAlarm } from '../../rehearsal/alarms/alarm-evaluator';
import { evaluateMinutes, minuteSeries } from '../../rehearsal/alarms/minutes/evaluate-minutes';
import { drawAnswers } from '../model/ai';
import { drawBookings } from '../model/bookings';
import { type Span, WARM_UP } from '../model/clock';
import { emptySeries } from '../model/highest';
import { drawMessages } from '../model/messages';
import type { Salon } from '../model/salons';
import { sharesOf } from '../month';
import type { AlarmShare } from '../report/report';
import {
  judgeEarlierAnswers,
  judgeEarlierConflicts,
  judgeEarlierMessages,
  judgeEarlierSilence,
} from './earlier-values';

/** An alarm as the earlier rules were compiled. */
type EarlierAlarm = Pick<
  EvaluatedAlarm,
  'name' | 'periodSeconds' | 'evaluationPeriods' | 'comparisonOperator' | 'threshold'
>;

const minutes = (name: string, evaluationPeriods: number, threshold: number): EarlierAlarm => ({
  name,
  periodSeconds: 60,
  evaluationPeriods,
  comparisonOperator: 'GreaterThanThreshold',
  threshold,
});

const EARLIER = {
  failures: minutes('HighMessageFailureRate', 10, 0.05),
  latency: minutes('AIResponseTimeSlow', 10, 5000),
  tokens: minutes('AITokenUsageHigh', 30, 100_000),
  conflicts: minutes('HighBookingConflictRate', 5, 5),
  silence: {
    name: 'NoBookingsLast24Hours',
    periodSeconds: 3600,
    evaluationPeriods: 24,
    comparisonOperator: 'LessThanThreshold',
    threshold: 1,
  },
} as const satisfies Record<string, EarlierAlarm>;

/**
 * What the alarms on salons did under the earlier rules, in the same month.
 * @param span with the warm-up
 */
export function earlierShares({
  seed,
  span,
  salons,
}: {
  readonly seed: number;
  readonly span: Span;
  readonly salons: readonly Salon[];
}): AlarmShare[] {
  const month = { start: span.start + WARM_UP, minutes: span.minutes - WARM_UP };
  const values = Object.fromEntries(
    Object.keys(EARLIER).map((name) => [name, emptySeries(month.minutes)]),
  ) as unknown as Record<keyof typeof EARLIER, Float64Array>;
  for (const salon of salons) {
    judgeEarlierMessages(drawMessages(seed, salon, month, []), values.failures);
    judgeEarlierAnswers(drawAnswers(seed, salon, month, []), values);
    const bookings = drawBookings(seed, salon, month, []);
    judgeEarlierConflicts(bookings, values.conflicts);
    judgeEarlierSilence(bookings, Math.max(0, salon.since - month.start), values.silence);
  }
  return (Object.keys(EARLIER) as (keyof typeof EARLIER)[]).flatMap((name) => {
    const alarm = evaluated(EARLIER[name]);
    const changes = evaluateMinutes(alarm, [minuteSeries(values[name])], 'OK');
    const firings = changes.flatMap(({ minute, state }, i) =>
      state === 'ALARM'
        ? [{ alarm: alarm.name, from: minute + WARM_UP, until: changes[i + 1] && changes[i + 1]!.minute + WARM_UP }]
        : [],
    );
    return firings.length === 0 ? [{ alarm: alarm.name, share: 0, fired: 0, hours: [] }] : sharesOf(firings, span);
  });
}

function evaluated(alarm: EarlierAlarm): EvaluatedAlarm {
  const metric = { id: 'm1', namespace: 'earlier', metricName: alarm.name, dimensions: {} };
  return {
    ...alarm,
    metrics: [{ ...metric, statistic: alarm.comparisonOperator === 'LessThanThreshold' ? 'Minimum' : 'Maximum' }],
    datapointsToAlarm: alarm.evaluationPeriods,
    treatMissingData: 'notBreaching',
  };
}
