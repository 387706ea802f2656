import type { CompiledAlarm } from '../compiler/compiled';

/** How an alarm is drawn. */
export interface Drawing {
  /** Metric math over the alarm's metrics. Absent: the one metric itself. */
  readonly expression?: string;
  readonly bounds: readonly Bound[];
}

/** A number that the line is compared with. */
interface Bound {
  readonly value: number;
  /** The side on which the alarm fires. Absent for the other end of a span. */
  readonly fill?: 'above' | 'below';
}

const COMPARISON = /^\((m1) (>|<)=? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\)$/;

/**
 * An alarm on a span, `60 < lag < 300`, uses metric math that is 1 inside the span and 0 outside. It is drawn as the metric itself
 * with the two ends of the span. Every other alarm is drawn as it is.
 */
export function drawingOf(alarm: CompiledAlarm): Drawing {
  const { expression, threshold, comparisonOperator } = alarm;
  const span = spanOf(alarm);
  if (span) return { bounds: span };
  return {
    expression,
    bounds: [{ value: threshold, fill: comparisonOperator.startsWith('Greater') ? 'above' : 'below' }],
  };
}

function spanOf({ metrics, expression, threshold }: CompiledAlarm): Bound[] | undefined {
  const comparisons = expression?.split(' * ').map((part) => COMPARISON.exec(part)) ?? [];
  const [first, second] = comparisons;
  if (!first || !second || comparisons.length !== 2 || metrics.length !== 1 || threshold !== 0) return undefined;
  return [{ value: Number(first[3]), fill: first[2] === '>' ? 'above' : 'below' }, { value: Number(second[3]) }];
}
