import { directions, metricMath, readingsOf } from '../arithmetic';
import type { Decision } from '../decision';
import type { Ordering, Reading, Term } from '../expression';
import { type AlarmInput, inputFor } from './alarm-input';
import type { NumericThreshold } from './comparison';

/**
 * The metric math of a comparison, with a value only where its conditions hold. Beside the value of another metric, CloudWatch takes a
 * missing one for 0 (CloudWatch User Guide, "Math expressions with metrics"), so a server that publishes no free storage would have
 * none. Where that could let the alarm fire, there is a value only where every metric has one. IF itself gives 0 for a value that is
 * missing, so its condition also excludes a divisor of 0.
 * @param conditions further comparisons that must hold
 */
export function guardedMath(
  { term, limit }: NumericThreshold,
  conditions: readonly NumericThreshold[],
  inputs: readonly AlarmInput[],
): Decision<string> {
  const text = (part: Term) => metricMath(part, (reading) => inputFor(reading, inputs).id).value;
  const math = metricMath(term, (reading) => inputFor(reading, inputs).id);
  const isGuarded = inputs.length > 1 && isBadAtZero(term, limit.operator);
  if (!isGuarded && conditions.length === 0) return math;
  const divisors = divisorsOf(term);
  const present = [...new Set(readingsOf(term).map((reading) => inputFor(reading, inputs).id))];
  const held = conditions.map((condition) => comparisonMath(condition, inputs).value);
  const needed = [
    ...present.filter((id) => !divisors.some((divisor) => text(divisor) === id)).map((id) => `(${id} * 0) == 0`),
    ...divisors.map((divisor) => `${grouped(text(divisor))} != 0`),
    ...held,
  ];
  const condition = needed.length === 1 ? needed[0]! : [...new Set(needed)].map((each) => `(${each})`).join(' * ');
  return {
    value: `IF(${condition}, ${math.value})`,
    notes: [
      ...math.notes,
      'it has no value while one of its metrics has none, which would count as 0',
      ...(held.length > 0 ? ['it has no value while a condition after "and" does not hold'] : []),
    ],
  };
}

/** A comparison in metric math: 1 where it holds, 0 where not. */
export function comparisonMath(
  { term, limit: { operator, number } }: NumericThreshold,
  inputs: readonly AlarmInput[],
): Decision<string> {
  const { value, notes } = metricMath(term, (reading) => inputFor(reading, inputs).id);
  // Metric math takes a negative number only in parentheses.
  return { value: `${grouped(value)} ${operator} ${number < 0 ? `(${number})` : number}`, notes };
}

/** In parentheses where it is a calculation: the guide does not say whether that comes before a comparison. */
function grouped(text: string): string {
  return text.includes(' ') ? `(${text})` : text;
}

/** Whether a metric that counts as 0 may make the alarm fire. A divisor of 0 does not: then there is no value. */
function isBadAtZero(term: Term, operator: Ordering): boolean {
  const divisors: readonly Term[] = divisorsOf(term);
  const isDivisor = (reading: Reading) => divisors.includes(reading);
  const worst = directions(term, operator.startsWith('>') ? 'high' : 'low');
  return [...worst].some(([reading, bad]) => bad === 'low' && !isDivisor(reading));
}

/** The parts of a term that it divides by, except numbers. */
function divisorsOf(term: Term): Term[] {
  if (term.kind !== 'arithmetic') return [];
  const { operator, left, right } = term;
  const own = operator === '/' && readingsOf(right).length > 0 ? [right] : [];
  return [...divisorsOf(left), ...own, ...divisorsOf(right)];
}
