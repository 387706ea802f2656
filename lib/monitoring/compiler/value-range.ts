import type { Comparison, Reading, Term } from './expression';
import { sourceOf } from './reading';
import type { MetricSource } from '../sources/source';

type Sources = Readonly<Record<string, MetricSource>>;

/** The values that a term can have; an end may be infinite. */
interface ValueRange {
  readonly lowest: number;
  readonly highest: number;
}

/** A threshold that decides something: neither every value nor none fulfils the comparison. */
export interface AllowedThresholds {
  /** For an error message, such as `0 or more and less than 1`. */
  readonly text: string;
  readonly includes: (threshold: number) => boolean;
}

/** The thresholds that a term can be on either side of. */
export function allowedThresholds(term: Term, operator: Comparison, sources: Sources): AllowedThresholds {
  const { lowest, highest } = rangeOf(term, sources);
  // `> highest` never holds, and `>= lowest` always does.
  const withLowest = operator !== '<' && operator !== '>=';
  const withHighest = operator !== '>' && operator !== '<=';
  const ends = [
    ...(Number.isFinite(lowest) ? [withLowest ? `${lowest} or more` : `more than ${lowest}`] : []),
    ...(Number.isFinite(highest) ? [withHighest ? `${highest} or less` : `less than ${highest}`] : []),
  ];
  return {
    text: ends.length > 0 ? ends.join(' and ') : 'any number',
    includes: (value) =>
      (withLowest ? value >= lowest : value > lowest) && (withHighest ? value <= highest : value < highest),
  };
}

function rangeOf(term: Term, sources: Sources): ValueRange {
  if (term.kind === 'number') return { lowest: term.value, highest: term.value };
  if (term.kind === 'reading') return rangeOfReading(term, sources);
  const [left, right] = [rangeOf(term.left, sources), rangeOf(term.right, sources)];
  switch (term.operator) {
    case '+':
      return { lowest: left.lowest + right.lowest, highest: left.highest + right.highest };
    case '-':
      return {
        lowest: isPartOf(term.right, term.left, sources) ? 0 : left.lowest - right.highest,
        highest: left.highest - right.lowest,
      };
    case '*':
      return spanOf([left.lowest, left.highest].flatMap((a) => [right.lowest, right.highest].map((b) => a * b || 0)));
    case '/':
      if (isPartOf(term.left, term.right, sources)) return { lowest: 0, highest: 1 };
      if (right.lowest < 0) return { lowest: -Infinity, highest: Infinity };
      return spanOf(
        [left.lowest, left.highest].flatMap((a) => [right.lowest, right.highest].map((b) => quotient(a, b))),
      );
  }
}

function rangeOfReading({ metric, over, aggregate }: Reading, sources: Sources): ValueRange {
  const source = sourceOf(metric, sources);
  const { lowest = 0, highest = Infinity } = source;
  const keepsRange = !over || over.function.endsWith('_over_time');
  const adds = over?.function === 'sum_over_time' || aggregate?.operation === 'sum';
  if (!keepsRange || adds) return { lowest: Math.min(lowest, 0), highest: Infinity };
  const isBoolean = 'domain' in source && source.domain === 'boolean';
  return { lowest, highest: isBoolean ? 1 : source.unit === '%' ? 100 : highest };
}

/** Whether a term is a share of another: never more than it, and never negative. */
function isPartOf(part: Term, whole: Term, sources: Sources): boolean {
  if (whole.kind === 'arithmetic') {
    return whole.operator === '+' && [whole.left, whole.right].some((side) => isPartOf(part, side, sources));
  }
  if (part.kind === 'arithmetic') return part.operator === '-' && isPartOf(part.left, whole, sources);
  if (part.kind !== 'reading' || whole.kind !== 'reading') return false;
  if (JSON.stringify(part) === JSON.stringify(whole)) return true;
  const { atMost } = sourceOf(part.metric, sources);
  return atMost !== undefined && isPartOf({ ...part, metric: atMost }, whole, sources);
}

function quotient(a: number, b: number): number {
  return b === 0 ? a * Infinity || 0 : a / b || 0;
}

function spanOf(ends: readonly number[]): ValueRange {
  return { lowest: Math.min(...ends), highest: Math.max(...ends) };
}
