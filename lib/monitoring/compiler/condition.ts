import type { AlarmMetric, CompiledAlarm, ComparisonOperator } from './compiled';
import type { Comparing, Comparison, Condition, Reading, Term } from './expression';
import type { MetricSource, MissingData } from '../sources/source';
import { directions, metricMath, readingsOf, solve, substitute } from './arithmetic';
import { type Bad, planReading, type ReadingPlan, type SeriesSource, sourceOf } from './reading';
import { type Inventory, seriesOf, settingOf, type Target, targetsOf } from './target';
import { Untranslatable } from './untranslatable';
import { type Window, windowOf } from './window';

/** The most metrics that an alarm on metric math may read (CloudWatch API, PutMetricAlarm). */
const MOST_METRICS = 10;

const OPERATOR_NAMES: Partial<Record<Comparison, ComparisonOperator>> = {
  '>': 'GreaterThanThreshold',
  '>=': 'GreaterThanOrEqualToThreshold',
  '<': 'LessThanThreshold',
  '<=': 'LessThanOrEqualToThreshold',
};

/** What an alarm compares, without the rule's own words. */
export type AlarmBody = Omit<
  CompiledAlarm,
  'kind' | 'alarmName' | 'alert' | 'group' | 'severity' | 'component' | 'summary' | 'description'
>;

/** A condition for one server, topic or other target. */
export interface CompiledCondition {
  readonly target: Target;
  readonly body: AlarmBody;
  /** What the alarm reads, for the ledger and the heartbeats. */
  readonly parts: readonly Part[];
}

/** One reading and how it is had. */
export interface Part {
  readonly id: string;
  readonly reading: Reading;
  readonly source: SeriesSource;
  readonly plan: ReadingPlan;
}

/** What a condition is compiled with. */
export interface ConditionContext {
  readonly sources: Readonly<Record<string, MetricSource>>;
  readonly inventory: Inventory;
  readonly forSeconds: number;
  readonly intervalSeconds: number;
}

/**
 * The alarms of a condition: one for each target that the environment has.
 * @throws Untranslatable with the reason.
 */
export function compileCondition(condition: Condition, context: ConditionContext): CompiledCondition[] {
  return condition.kind === 'absence'
    ? compileAbsence(condition.metric, context)
    : compileComparison(condition, context);
}

function compileAbsence(metric: string, context: ConditionContext): CompiledCondition[] {
  const source = seriesSource(metric, context);
  const plan: ReadingPlan = { statistic: 'SampleCount', divisor: 1 };
  const parts: Part[] = [{ id: 'm1', reading: { kind: 'reading', metric }, source, plan }];
  return targetsOf([source], context.inventory).map((target) => ({
    target,
    parts,
    body: {
      metrics: parts.map((part) => alarmMetric(part, target, context)),
      ...periods(windowOf({ ...context, slowestSeconds: source.periodSeconds, ranges: [], noneInRange: false })),
      comparisonOperator: 'LessThanThreshold',
      threshold: 1,
      treatMissingData: 'breaching',
    },
  }));
}

function compileComparison(comparing: Comparing, context: ConditionContext): CompiledCondition[] {
  const { left, comparisons } = withoutEquality(comparing, context);
  const bad: Bad = comparisons[0]!.operator.startsWith('>') ? 'high' : 'low';
  const parts = partsOf(left, bad, context);
  const sources = parts.map(({ source }) => source);
  return targetsOf(sources, context.inventory).map((target) => {
    const numbered = (term: Term) =>
      substitute(term, (reading) => {
        const source = sourceOf(reading.metric, context.sources);
        if (source.from !== 'setting') return reading;
        return { kind: 'number', value: settingOf(reading.metric, source, target, sources, context.inventory) };
      });
    const term = numbered(left);
    const numbers = comparisons.map(({ operator, right }) => ({ operator, number: numberOf(numbered(right)) }));
    return { target, parts, body: bodyOf(term, numbers, parts, target, context) };
  });
}

type NumberedComparison = { readonly operator: Comparison; readonly number: number };

function bodyOf(
  term: Term,
  comparisons: readonly NumberedComparison[],
  parts: readonly Part[],
  target: Target,
  context: ConditionContext,
): AlarmBody {
  const partOf = (reading: Reading) => parts.find((part) => sameReading(part.reading, reading))!;
  const perSecond = substitute(term, (reading) => {
    const { divisor } = partOf(reading).plan;
    if (divisor === 1) return reading;
    return { kind: 'arithmetic', operator: '/', left: reading, right: { kind: 'number', value: divisor } };
  });
  const [first, second] = comparisons as [NumberedComparison, NumberedComparison?];
  const solved = solve({ term: perSecond, ...first });
  const nameOf = (reading: Reading) => partOf(reading).id;
  const simple = !second && solved.term.kind === 'reading';
  const compared: NumberedComparison = simple ? solved : second ? { operator: '>', number: 0 } : first;
  const math = metricMath(perSecond, nameOf);
  const expression = second
    ? comparisons
        .map(({ operator, number }) => `(${math} ${operator} ${number < 0 ? `(${number})` : number})`)
        .join(' * ')
    : math;
  return {
    metrics: parts.map((part) => alarmMetric(part, target, context)),
    ...(simple ? {} : { expression }),
    ...periods(window(parts, compared, context)),
    comparisonOperator: OPERATOR_NAMES[compared.operator]!,
    threshold: compared.number,
    treatMissingData: missingData(parts, compared),
  };
}

/** CloudWatch compares no equality: where only whole numbers are, `== 0` is `< 1`. */
function withoutEquality({ left, comparisons }: Comparing, context: ConditionContext): Omit<Comparing, 'kind'> {
  const equality = comparisons.find(({ operator }) => !OPERATOR_NAMES[operator]);
  if (!equality) return { left, comparisons };
  const source = left.kind === 'reading' && !left.over ? sourceOf(left.metric, context.sources) : undefined;
  const domain = source && 'domain' in source ? source.domain : 'number';
  const value = equality.right.kind === 'number' ? equality.right.value : undefined;
  const equals = equality.operator === '==';
  const allowed = comparisons.length === 1 && ((value === 0 && domain !== 'number') || (value === 1 && domain === 'boolean')); // prettier-ignore
  if (!allowed) {
    throw new Untranslatable(
      `CloudWatch cannot compare with ${equality.operator} ${value ?? 'what is no number'}; allowed: <, <=, >, >=, and alone == 0 and != 0 of a metric that counts, besides == 1 and != 1 of one that is 0 or 1`,
    );
  }
  const operator = equals === (value === 0) ? '<' : '>=';
  return { left, comparisons: [{ operator, right: { kind: 'number', value: 1 } }] };
}

function partsOf(left: Term, bad: Bad, context: ConditionContext): Part[] {
  const worst = directions(left, bad);
  const readings = readingsOf(left).filter((reading) => {
    const source = sourceOf(reading.metric, context.sources);
    if (source.from === 'setting' && (reading.over || reading.aggregate)) {
      throw new Untranslatable(`${reading.metric} is a setting, a number that never moves; allowed: its bare name`);
    }
    return source.from !== 'setting';
  });
  const distinct = readings.filter((reading, i) => readings.findIndex((other) => sameReading(reading, other)) === i);
  if (distinct.length === 0) {
    throw new Untranslatable(
      `it compares settings and numbers alone, which never change; allowed: at least one metric that is measured`,
    );
  }
  if (distinct.length > MOST_METRICS) {
    throw new Untranslatable(
      `it reads ${distinct.length} metrics; allowed: at most ${MOST_METRICS}, as many as an alarm of CloudWatch can`,
    );
  }
  return distinct.map((reading, index) => {
    const source = seriesSource(reading.metric, context);
    return {
      id: `m${index + 1}`,
      reading,
      source,
      plan: planReading(reading, source, worst.get(reading) ?? bad),
    };
  });
}

function seriesSource(metric: string, { sources }: ConditionContext): SeriesSource {
  const source = sourceOf(metric, sources);
  if (source.from === 'setting' || source.from === 'event') {
    throw new Untranslatable(
      `${metric} is ${source.from === 'event' ? 'an event' : 'a setting'}, which has no series; allowed here: a metric`,
    );
  }
  return source;
}

function numberOf(term: Term): number {
  if (term.kind === 'number' && Number.isFinite(term.value)) return term.value;
  throw new Untranslatable(
    `it compares with what is no number; allowed: metrics on the left side alone, such as a / b > 2 for a > 2 * b`,
  );
}

function window(parts: readonly Part[], compared: NumberedComparison, context: ConditionContext): Window {
  const [first, another] = parts as [Part, Part?];
  const belowOne =
    (compared.operator === '<' && compared.number > 0 && compared.number <= 1) ||
    (compared.operator === '<=' && compared.number >= 0 && compared.number < 1);
  const found = windowOf({
    ...context,
    slowestSeconds: Math.max(...parts.map(({ source }) => source.periodSeconds)),
    ranges: parts.flatMap(({ reading }) => (reading.over ? [reading.over.seconds] : [])),
    noneInRange: !another && belowOne && first.source.domain === 'count' && first.plan.statistic === 'Sum',
  });
  for (const { reading, source, plan } of parts) {
    if (!reading.over && plan.statistic === 'Sum' && found.periodSeconds > source.periodSeconds) {
      throw new Untranslatable(
        `${reading.metric} is a sum of each ${source.periodSeconds} s, but the alarm's periods are of ${found.periodSeconds} s; allowed: sum_over_time(${reading.metric}[…])`,
      );
    }
  }
  return found;
}

function periods({ periodSeconds, evaluationPeriods }: Window) {
  return { periodSeconds, evaluationPeriods, datapointsToAlarm: evaluationPeriods };
}

function alarmMetric(
  { id, reading, source, plan }: Part,
  target: Target,
  { inventory }: ConditionContext,
): AlarmMetric {
  return {
    id,
    source: reading.metric,
    ...seriesOf(reading.metric, source, target, inventory.environment),
    statistic: plan.statistic,
  };
}

/**
 * What no value means. AWS publishes no value where a count of events is 0. Of several metrics the most cautious decides, because
 * one missing value leaves the whole expression without one.
 */
function missingData(parts: readonly Part[], { operator, number }: NumberedComparison): MissingData {
  const [first, another] = parts as [Part, Part?];
  const { source, plan } = first;
  const zero = !another && source.domain === 'count' && plan.statistic === 'Sum' && source.from !== 'collector';
  if (zero) {
    const holdsAtZero = operator.startsWith('<') ? 0 < number || (operator === '<=' && number === 0) : 0 > number;
    return holdsAtZero ? 'breaching' : 'notBreaching';
  }
  const cautious = ['breaching', 'missing', 'ignore', 'notBreaching'] as const;
  return cautious.find((treatment) => parts.some((part) => part.source.missingData === treatment)) ?? 'missing';
}

function sameReading(one: Reading, other: Reading): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
