import { formatDuration } from '../../../shared/duration';
import type { MissingData } from '../../sources/source';
import { substitute } from '../arithmetic';
import type { AlarmMetric, ComparisonOperator } from '../compiled';
import type { Decision } from '../decision';
import type { Limit, Ordering, Term, Threshold } from '../expression';
import { sourceOf } from '../reading';
import { settingOf, type Target, targetsOf } from '../target';
import { Untranslatable } from '../untranslatable';
import { type AlarmInput, inputFor, inputsOf } from './alarm-input';
import type { CompiledCondition, ConditionContext } from './compiled-condition';
import { warmUpOf } from './warm-up';
import type { Window } from './window';

const OPERATOR_NAMES: Readonly<Record<Ordering, ComparisonOperator>> = {
  '>': 'GreaterThanThreshold',
  '>=': 'GreaterThanOrEqualToThreshold',
  '<': 'LessThanThreshold',
  '<=': 'LessThanOrEqualToThreshold',
};

/** A limit that an alarm can compare with. */
interface OrderedLimit extends Limit {
  readonly operator: Ordering;
}

/** A limit whose right side is worked out. */
export interface NumericLimit {
  readonly operator: Ordering;
  readonly number: number;
}

/** A comparison that an alarm can make. */
export interface OrderedThreshold {
  readonly left: Term;
  readonly limit: OrderedLimit;
}

/** A term of metrics and numbers with its limit. */
export interface NumericThreshold {
  /** Without settings; rates are divided by their seconds. */
  readonly term: Term;
  readonly limit: NumericLimit;
}

/** The comparisons of an alarm, for one target. */
interface TargetComparisons {
  readonly target: Target;
  /** In the order of the thresholds. */
  readonly comparisons: readonly NumericThreshold[];
}

/** What an alarm consists of when all is decided. */
interface AlarmParts {
  readonly target: Target;
  readonly inputs: readonly AlarmInput[];
  readonly metrics: readonly AlarmMetric[];
  /** Metric math. Absent: the alarm compares the one metric itself. */
  readonly math?: Decision<string>;
  readonly limit: NumericLimit;
  readonly window: Decision<Window>;
  readonly missingData: Decision<MissingData>;
}

/**
 * The comparison as an alarm can make it. CloudWatch has no alarm on equality; of a metric with whole values, `== 0` is `< 1`.
 * @throws Untranslatable for another equality
 */
export function orderedThreshold({ left, limit }: Threshold, { sources }: ConditionContext): OrderedThreshold {
  if (isOrdered(limit)) return { left, limit };
  const source = left.kind === 'reading' && !left.over ? sourceOf(left.metric, sources) : undefined;
  const domain = source && 'domain' in source ? source.domain : 'number';
  const value = limit.right.kind === 'number' ? limit.right.value : undefined;
  const isWhole = (value === 0 && domain !== 'number') || (value === 1 && domain === 'boolean');
  if (!isWhole) throw equalityRefusal(limit);
  const below = (limit.operator === '==') === (value === 0);
  return { left, limit: { operator: below ? '<' : '>=', right: { kind: 'number', value: 1 } } };
}

function isOrdered(limit: Limit): limit is OrderedLimit {
  return limit.operator in OPERATOR_NAMES;
}

/** Why an equality cannot be an alarm. */
function equalityRefusal({ operator, right }: Limit): Untranslatable {
  const value = right.kind === 'number' ? right.value : 'something that is not a number';
  return new Untranslatable(
    `CloudWatch cannot compare with ${operator} ${value}; allowed: <, <=, >, >=; also a single == 0 or != 0 of a metric that counts, and a single == 1 or != 1 of a metric that is 0 or 1`,
  );
}

/** The metrics that the comparisons read. */
export function inputsOfThresholds(thresholds: readonly OrderedThreshold[], context: ConditionContext): AlarmInput[] {
  return inputsOf(
    thresholds.map(({ left, limit }) => ({ term: left, bad: limit.operator.startsWith('>') ? 'high' : 'low' })),
    context,
  );
}

/**
 * The comparisons for each target: settings are the target's numbers, and both sides are worked out as far as they are numbers.
 * @throws Untranslatable where a right side is not a number then
 */
export function compareForTargets(
  thresholds: readonly OrderedThreshold[],
  inputs: readonly AlarmInput[],
  context: ConditionContext,
): TargetComparisons[] {
  const sources = inputs.map(({ source }) => source);
  return targetsOf(sources, context.inventory).map((target) => {
    const withSettings = (term: Term) =>
      substitute(term, (reading) => {
        const source = sourceOf(reading.metric, context.sources);
        if (source.from !== 'setting') return reading;
        return { kind: 'number', value: settingOf(reading.metric, source, target, sources, context.inventory) };
      });
    return {
      target,
      comparisons: thresholds.map(({ left, limit: { operator, right } }) => ({
        term: perSecond(withSettings(left), inputs),
        limit: { operator, number: numberOf(withSettings(right)) },
      })),
    };
  });
}

/** The alarm with everything that the ledger says of it. */
export function conditionOf(parts: AlarmParts): CompiledCondition {
  const { target, inputs, metrics, math, limit, window, missingData } = parts;
  const { periodSeconds, evaluationPeriods } = window.value;
  const warmUp = missingData.value === 'breaching' ? warmUpOf(inputs) : undefined;
  return {
    target,
    body: {
      metrics,
      ...(math && { expression: math.value }),
      periodSeconds,
      evaluationPeriods,
      datapointsToAlarm: evaluationPeriods,
      comparisonOperator: OPERATOR_NAMES[limit.operator],
      threshold: limit.number,
      treatMissingData: missingData.value,
      ...(warmUp && { warmUpMinutes: warmUp.value }),
    },
    notes: [
      comparisonNote(parts),
      ...new Set(inputs.flatMap(({ notes }) => notes)),
      ...window.notes,
      ...(math?.notes ?? []),
      ...missingData.notes,
      ...(warmUp?.notes ?? []),
    ],
  };
}

function comparisonNote({ metrics, math, limit, window }: AlarmParts): string {
  const { periodSeconds, evaluationPeriods } = window.value;
  const period = formatDuration(periodSeconds);
  const when =
    evaluationPeriods === 1 ? `one period of ${period}` : `${evaluationPeriods} consecutive periods of ${period}`;
  const names = metrics.map(({ id, statistic, source }) => `${id} = ${statistic} of \`${source}\``).join(', ');
  const compared = math?.value ?? metrics[0]!.statistic;
  return `\`${compared} ${limit.operator} ${limit.number}\` in ${when}${math ? ` with ${names}` : ''}`;
}

/** The statistic of a rate is the growth in its range: divided by the range's seconds it is the rate. */
function perSecond(term: Term, inputs: readonly AlarmInput[]): Term {
  return substitute(term, (reading) => {
    const { divisor } = inputFor(reading, inputs).plan;
    if (divisor === 1) return reading;
    return { kind: 'arithmetic', operator: '/', left: reading, right: { kind: 'number', value: divisor } };
  });
}

function numberOf(term: Term): number {
  if (term.kind === 'number' && Number.isFinite(term.value)) return term.value;
  throw new Untranslatable(
    'it compares with something that is not a number; allowed: metrics on the left side only, such as a / b > 2 for a > 2 * b',
  );
}
