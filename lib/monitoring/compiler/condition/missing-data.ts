import type { MissingData } from '../../sources/source';
import { substitute } from '../arithmetic';
import type { Decision } from '../decision';
import type { Ordering } from '../expression';
import type { AlarmInput } from './alarm-input';
import type { NumericThreshold } from './comparison';

/** From the most cautious to the least. */
const BY_CAUTION = ['breaching', 'missing', 'ignore', 'notBreaching'] as const satisfies readonly MissingData[];

const HOLDS: Readonly<Record<Ordering, (left: number, right: number) => boolean>> = {
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
};

/** A period without a value counts as one in which the condition holds. */
export const MISSING_IS_BREACHING: Decision<MissingData> = {
  value: 'breaching',
  notes: [
    'missing data counts as breaching, but CloudWatch first looks for values in some periods before the alarm’s window',
  ],
};

/**
 * What a period without a value means. AWS publishes no value where a count of events is 0. Of several metrics the most cautious
 * decides, because one missing value leaves the whole expression without one.
 */
export function missingDataOf(
  inputs: readonly AlarmInput[],
  comparisons: readonly NumericThreshold[],
): Decision<MissingData> {
  if (missingMeansZero(inputs)) {
    return comparisons.every(holdsAtZero) ? MISSING_IS_BREACHING : { value: 'notBreaching', notes: zeroNotes(inputs) };
  }
  const value = BY_CAUTION.find((each) => inputs.some(({ source }) => source.missingData === each)) ?? 'missing';
  if (value === 'breaching') return MISSING_IS_BREACHING;
  return { value, notes: value === 'notBreaching' ? zeroNotes(inputs) : [] };
}

function missingMeansZero([first, another]: readonly AlarmInput[]): boolean {
  if (!first || another) return false;
  const { source, plan } = first;
  return source.domain === 'count' && plan.statistic === 'Sum' && source.from !== 'collector';
}

function holdsAtZero({ term, limit: { operator, number } }: NumericThreshold): boolean {
  const atZero = substitute(term, () => ({ kind: 'number', value: 0 }));
  return atZero.kind === 'number' && HOLDS[operator](atZero.value, number);
}

function zeroNotes(inputs: readonly AlarmInput[]): string[] {
  const counts = inputs.every(({ source }) => source.from === 'vended' && source.domain === 'count');
  return counts ? ['AWS publishes no value for 0, so the alarm clears some periods after the last event'] : [];
}
