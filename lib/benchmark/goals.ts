import { formatMemory, formatMilliseconds, formatRatio } from '../shared/formats';
import type { AnalyticsFigures } from './analytics';
import type { Gain, Gains } from './gains';
import type { BenchReport, CollectorReport, PatternReport } from './report/report';

/** Scale from which the goals apply: the gains depend on how large the tables are, and the goals are set for the documented volumes. */
export const JUDGED_FROM_SCALE = 1;

/** Least gain, at the median of one client and at p95 of ten; of a pattern in the worst turn. */
const LEAST_RATIO = 10;
/** A pattern that takes at most so many times as long as reading one row by its key has nothing more to gain. */
const NEAR_FLOOR = 3;
/** Upper limit for p95 of ten clients after the migrations. */
const P95_LIMIT_MS = 100;
/** Most memory that the new analytics may take in the application: it must not grow with the number of conversations. */
const MOST_GROWTH_MIB = 64;
/** How many times as long as a pass of the collector the original queries must take. */
const LEAST_COLLECTOR_RATIO = 20;
const MIB = 1024 ** 2;

/** Known reasons for missing goals that are hard to reach, by how the fault begins. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  'conversation quality, all salons':
    'every message of the period is counted, by one process; what is saved is loading them into the application',
};

/** Known reasons for a fault. */
export function explanations(fault: string): string[] {
  return Object.entries(EXPLANATIONS).flatMap(([start, why]) => (fault.startsWith(start) ? [`       ${why}`] : []));
}

/** How a pattern reaches its goal: by its gain in the worst turn, or because it is near the floor. Undefined: it does not. */
export function reachedBy({ gainMedian, gainP95, floorMedian, floorP95 }: Gains): 'gain' | 'floor' | undefined {
  if (Math.min(gainMedian.lowest, gainP95.lowest) >= LEAST_RATIO) return 'gain';
  return Math.max(floorMedian, floorP95) <= NEAR_FLOOR ? 'floor' : undefined;
}

/** A sentence for each goal that a pattern misses. */
export function patternFaults(report: PatternReport): string[] {
  const { name, after, gainMedian, gainP95, floorMedian, floorP95 } = report;
  return [
    ...(reachedBy(report)
      ? []
      : [
          `${name}: the gain is ${spreadText(gainMedian)} times at the median of one client and ${spreadText(gainP95)} at p95 of ten, the goal at least ${LEAST_RATIO} in every turn; or at most ${NEAR_FLOOR} times as long as a row by its key, where it takes ${formatRatio(floorMedian)} and ${formatRatio(floorP95)} times as long`,
        ]),
    ...(after.p95Ms < P95_LIMIT_MS
      ? []
      : [`${name}: p95 of ten clients is ${formatMilliseconds(after.p95Ms)}, the goal under ${P95_LIMIT_MS} ms`]),
    ...indexFaults(report),
  ];
}

/** A gain with its spread, such as `15.0 (10.6 to 21.3)`. */
export function spreadText({ median, lowest, highest }: Gain): string {
  return `${formatRatio(median)} (${formatRatio(lowest)} to ${formatRatio(highest)})`;
}

/** At every scale: the plan must read one of the intended indexes. */
export function indexFaults({ name, index }: Pick<PatternReport, 'name' | 'index'>): string[] {
  return index === undefined ? [`${name}: the plan after the migrations reads none of the intended indexes`] : [];
}

/** A sentence for each goal that one of the analytics misses. */
export function analyticsFaults({ name, after, ratioMedian }: AnalyticsFigures): string[] {
  return [
    ...atLeast(`${name}: gain in time`, ratioMedian, LEAST_RATIO),
    ...(after.growthMiB <= MOST_GROWTH_MIB
      ? []
      : [
          `${name}: the application grows by ${formatMemory(after.growthMiB * MIB)}, the goal is at most ${MOST_GROWTH_MIB} MiB`,
        ]),
  ];
}

/** A sentence where the collector misses its goal. */
export function collectorFaults({ ratio }: Pick<CollectorReport, 'ratio'>): string[] {
  return atLeast('collector: the original queries, compared with a pass, take', ratio, LEAST_COLLECTOR_RATIO);
}

/** A sentence for each goal that a run misses; undefined where no goal applies at its scale. Plans are judged at every scale. */
export function judge(
  report: Pick<BenchReport, 'scale' | 'patterns' | 'analytics' | 'collector'>,
): string[] | undefined {
  const indexes = report.patterns.flatMap(indexFaults);
  if (report.scale < JUDGED_FROM_SCALE) return indexes.length > 0 ? indexes : undefined;
  return [
    ...report.patterns.flatMap(patternFaults),
    ...report.analytics.flatMap(analyticsFaults),
    ...(report.collector ? collectorFaults(report.collector) : []),
  ];
}

function atLeast(what: string, ratio: number, goal: number): string[] {
  return ratio >= goal ? [] : [`${what} ${formatRatio(ratio)} times, the goal at least ${goal}`];
}
