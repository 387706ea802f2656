import type { Decision } from './decision';
import type { Condition, Operator, Ordering, Reading, Term, Threshold } from './expression';
import type { Bad } from './reading';

const APPLY: Record<Operator, (left: number, right: number) => number> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
};
const PRECEDENCE: Record<Operator, number> = { '+': 1, '-': 1, '*': 2, '/': 2 };
/** The comparison after both sides were multiplied by a negative number. */
const MIRRORED: Record<Ordering, Ordering> = { '>': '<', '>=': '<=', '<': '>', '<=': '>=' };

/** A term with each reading replaced; parts that are all numbers then are calculated. */
export function substitute(term: Term, replace: (reading: Reading) => Term): Term {
  switch (term.kind) {
    case 'number':
      return term;
    case 'reading':
      return replace(term);
    case 'arithmetic': {
      const left = substitute(term.left, replace);
      const right = substitute(term.right, replace);
      return left.kind === 'number' && right.kind === 'number'
        ? { kind: 'number', value: tidy(APPLY[term.operator](left.value, right.value)) }
        : { ...term, left, right };
    }
  }
}

/** All readings of a term, each as often as it occurs. */
export function readingsOf(term: Term): Reading[] {
  if (term.kind === 'number') return [];
  return term.kind === 'reading' ? [term] : [...readingsOf(term.left), ...readingsOf(term.right)];
}

/** The comparisons of a condition; an absence has none. */
export function thresholdsOf(condition: Condition): readonly Threshold[] {
  if (condition.kind === 'absence') return [];
  return condition.kind === 'conjunction' ? condition.thresholds : [condition];
}

/** The metrics that a condition names, each as often as it occurs; settings and events are among them. */
export function metricsOf(condition: Condition): string[] {
  if (condition.kind === 'absence') return [condition.metric];
  return thresholdsOf(condition).flatMap(({ left }) => readingsOf(left).map(({ metric }) => metric));
}

/**
 * Whether high or low values of each reading push a term in the given direction. For a reading that occurs twice, the first place
 * counts. Metrics are assumed never to be negative, which is true of all that alerts divide by.
 */
export function directions(term: Term, bad: Bad = 'high'): Map<Reading, Bad> {
  if (term.kind === 'number') return new Map();
  if (term.kind === 'reading') return new Map([[term, bad]]);
  const { operator, left, right } = term;
  const negative = (side: Term) => operator === '*' && side.kind === 'number' && side.value < 0;
  const ofLeft = negative(right) ? opposite(bad) : bad;
  const ofRight = operator === '-' || operator === '/' || negative(left) ? opposite(bad) : bad;
  return new Map([...directions(left, ofLeft), ...directions(right, ofRight)]);
}

function opposite(bad: Bad): Bad {
  return bad === 'high' ? 'low' : 'high';
}

/** A term compared with a number. */
export interface Solved {
  readonly term: Term;
  readonly operator: Ordering;
  readonly number: number;
}

/** Moves numbers from the term to the right side as far as possible: `m / 200 > 0.8` becomes `m > 160`. */
export function solve({ term, operator, number }: Solved): Solved {
  if (term.kind !== 'arithmetic') return { term, operator, number };
  const { left, right } = term;
  if (right.kind === 'number') {
    const undo = { '+': '-', '-': '+', '*': '/', '/': '*' } as const;
    const scales = term.operator === '*' || term.operator === '/';
    if (scales && right.value === 0) return { term, operator, number };
    return solve({
      term: left,
      operator: scales && right.value < 0 ? MIRRORED[operator] : operator,
      number: tidy(APPLY[undo[term.operator]](number, right.value)),
    });
  }
  if (left.kind === 'number') {
    const { value } = left;
    if (term.operator === '+') return solve({ term: right, operator, number: tidy(number - value) });
    if (term.operator === '-') {
      return solve({ term: right, operator: MIRRORED[operator], number: tidy(value - number) });
    }
    if (term.operator === '*' && value !== 0) {
      return solve({
        term: right,
        operator: value < 0 ? MIRRORED[operator] : operator,
        number: tidy(number / value),
      });
    }
  }
  return { term, operator, number };
}

/** A term as CloudWatch's metric math, with only the parentheses that it needs. */
export function metricMath(term: Term, nameOf: (reading: Reading) => string): Decision<string> {
  return {
    value: write(term, nameOf, 0),
    notes: dividesByMetric(term) ? ['it has no value while the divisor is 0'] : [],
  };
}

function dividesByMetric(term: Term): boolean {
  if (term.kind !== 'arithmetic') return false;
  const { operator, left, right } = term;
  return (operator === '/' && readingsOf(right).length > 0) || dividesByMetric(left) || dividesByMetric(right);
}

function write(term: Term, nameOf: (reading: Reading) => string, outer: number): string {
  if (term.kind === 'number') return term.value < 0 ? `(${term.value})` : String(term.value);
  if (term.kind === 'reading') return nameOf(term);
  const precedence = PRECEDENCE[term.operator];
  // The right side binds tighter: a - (b - c) keeps its parentheses.
  const text = `${write(term.left, nameOf, precedence)} ${term.operator} ${write(term.right, nameOf, precedence + 0.5)}`;
  return precedence < outer ? `(${text})` : text;
}

/** Removes the noise of binary fractions: 0.1 + 0.2 is 0.3. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
