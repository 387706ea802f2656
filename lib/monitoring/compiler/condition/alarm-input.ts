import { directions, readingsOf } from '../arithmetic';
import type { AlarmMetric } from '../compiled';
import type { Decision } from '../decision';
import type { Reading, Term } from '../expression';
import { type Bad, planReading, type ReadingPlan, type SeriesSource, sourceOf } from '../reading';
import { seriesOf, type Target } from '../target';
import { Untranslatable } from '../untranslatable';
import type { ConditionContext } from './compiled-condition';

/** The most metrics that an alarm on metric math may read (CloudWatch API, PutMetricAlarm). */
const MOST_METRICS = 10;

/** One metric that an alarm reads. */
export interface AlarmInput {
  /** `m1`, `m2` …: its name in metric math. */
  readonly id: string;
  readonly reading: Reading;
  readonly source: SeriesSource;
  readonly plan: ReadingPlan;
  /** Sentences for the ledger. */
  readonly notes: readonly string[];
}

/** The input at a position, counted from 0. */
export function alarmInput(
  index: number,
  reading: Reading,
  source: SeriesSource,
  plan: Decision<ReadingPlan>,
): AlarmInput {
  const isPublished = source.from === 'collector' || source.from === 'inspector';
  const sharesSeries = isPublished && source.per === 'environment' && source.servers === 'all';
  const shared = sharesSeries ? ['one alarm covers all servers, because their values share one series'] : [];
  return { id: `m${index + 1}`, reading, source, plan: plan.value, notes: [...plan.notes, ...shared] };
}

/** A term, and which of its values make the alert fire. */
interface BadTerm {
  readonly term: Term;
  readonly bad: Bad;
}

/**
 * The distinct metrics of the terms that an alarm compares. Settings are not among them: they are numbers. For a metric that occurs
 * twice, the first place decides which of its values are bad.
 * @throws Untranslatable where an alarm cannot read them
 */
export function inputsOf(terms: readonly BadTerm[], context: ConditionContext): AlarmInput[] {
  const measured = terms.flatMap((each) => measuredIn(each, context));
  const distinct = measured.filter(
    ({ reading }, i) => measured.findIndex((other) => sameReading(reading, other.reading)) === i,
  );
  if (distinct.length > MOST_METRICS) {
    throw new Untranslatable(
      `it reads ${distinct.length} metrics; allowed: at most ${MOST_METRICS}, the limit of a CloudWatch alarm`,
    );
  }
  return distinct.map(({ reading, bad }, index) => {
    const source = seriesSourceOf(reading.metric, context);
    return alarmInput(index, reading, source, planReading(reading, source, bad));
  });
}

function measuredIn(
  { term, bad }: BadTerm,
  context: ConditionContext,
): { readonly reading: Reading; readonly bad: Bad }[] {
  const worst = directions(term, bad);
  const measured = readingsOf(term).filter((reading) => !isSetting(reading, context));
  if (measured.length === 0) {
    throw new Untranslatable(
      'it compares only settings and numbers, which never change; allowed: at least one metric that is measured',
    );
  }
  return measured.map((reading) => ({ reading, bad: worst.get(reading) ?? bad }));
}

/**
 * The source of a metric that must have a series.
 * @throws Untranslatable for settings and events
 */
export function seriesSourceOf(metric: string, { sources }: ConditionContext): SeriesSource {
  const source = sourceOf(metric, sources);
  if (source.from === 'setting' || source.from === 'event') {
    throw new Untranslatable(
      `${metric} is ${source.from === 'event' ? 'an event' : 'a setting'}, which has no series; allowed here: a metric`,
    );
  }
  return source;
}

/** The input that stands for a reading. */
export function inputFor(reading: Reading, inputs: readonly AlarmInput[]): AlarmInput {
  return inputs.find((input) => sameReading(input.reading, reading))!;
}

/** The inputs as the alarm of one target has them. */
export function alarmMetrics(
  inputs: readonly AlarmInput[],
  target: Target,
  { inventory }: ConditionContext,
): AlarmMetric[] {
  return inputs.map(({ id, reading, source, plan }) => ({
    id,
    source: reading.metric,
    ...seriesOf(reading.metric, source, target, inventory.environment),
    statistic: plan.statistic,
  }));
}

function isSetting(reading: Reading, { sources }: ConditionContext): boolean {
  const setting = sourceOf(reading.metric, sources).from === 'setting';
  if (setting && (reading.over || reading.aggregate)) {
    throw new Untranslatable(`${reading.metric} is a setting, a number that never changes; allowed: its bare name`);
  }
  return setting;
}

function sameReading(one: Reading, other: Reading): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
