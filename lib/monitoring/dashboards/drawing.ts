import type { CompiledAlarm } from '../compiler/compiled';

/** How an alarm is shown. */
export interface Drawing {
  /** Metric math over the alarm's metrics. Absent: the one metric itself. */
  readonly expression?: string;
  readonly bounds: readonly Bound[];
}

/** A number that the line is compared with. */
export interface Bound {
  readonly value: number;
  /** The side where the alarm fires; absent where it is the other end of a span. */
  readonly fill?: 'above' | 'below';
}

const COMPARISON = /^\((m1) (>|<)=? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\)$/;

/**
 * An alarm on a span, `60 < lag < 300`, is math that is 1 within and 0 without: it is shown as the metric itself between its two ends.
 * Every other alarm is shown as it is.
 */
export function drawingOf({ metrics, expression, threshold, comparisonOperator }: CompiledAlarm): Drawing {
  const comparisons = expression?.split(' * ').map((part) => COMPARISON.exec(part)) ?? [];
  const [first, second] = comparisons;
  if (first && second && comparisons.length === 2 && metrics.length === 1 && threshold === 0) {
    return { bounds: [{ value: Number(first[3]), fill: first[2] === '>' ? 'above' : 'below' }, { value: Number(second[3]) }] }; // prettier-ignore
  }
  return { expression, bounds: [{ value: threshold, fill: comparisonOperator.startsWith('Greater') ? 'above' : 'below' }] }; // prettier-ignore
}
