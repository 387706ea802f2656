import { formatMemory, formatMilliseconds, formatRatio } from '../shared/formats';
import type { AnalyticsFigures } from './analytics';
import type { BenchReport, CollectorReport, PatternReport } from './report/report';

/** Scale from which the goals apply: the gains depend on how large the tables are, and the goals are set for the documented volumes. */
export const JUDGED_FROM_SCALE = 1;

/** Least gain of each pattern, at the median of one client and at p95 of ten. */
const LEAST_RATIO = 10;
/** Upper limit for p95 of ten clients after the migrations. */
const P95_LIMIT_MS = 100;
/** Most memory that the new analytics may take in the application: it must not grow with the number of conversations. */
const MOST_GROWTH_MIB = 64;
/** How many times as long as a pass of the collector the original queries must take. */
const LEAST_COLLECTOR_RATIO = 20;
const MIB = 1024 ** 2;

/** Known reasons for missing goals that are hard to reach, by how the fault begins. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  'active AI conversations: gain at the median':
    'the unique key of salon and phone number already leads to a salon’s rows before the migrations; after them, each row shown costs reading one page, besides the round trip (see floor)',
  'conversation quality, all salons':
    'every message of the period is counted, by one process; what is saved is loading them into the application',
};

/** Known reasons for a fault. */
export function explanations(fault: string): string[] {
  return Object.entries(EXPLANATIONS).flatMap(([start, why]) => (fault.startsWith(start) ? [`       ${why}`] : []));
}

/** A sentence for each goal that a pattern misses. */
export function patternFaults({ name, after, ratioMedian, ratioP95, index }: PatternReport): string[] {
  return [
    ...atLeast(`${name}: gain at the median of one client`, ratioMedian, LEAST_RATIO),
    ...atLeast(`${name}: gain at p95 of ten clients`, ratioP95, LEAST_RATIO),
    ...(after.p95Ms < P95_LIMIT_MS
      ? []
      : [`${name}: p95 of ten clients is ${formatMilliseconds(after.p95Ms)}, the goal under ${P95_LIMIT_MS} ms`]),
    ...indexFaults({ name, index }),
  ];
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
