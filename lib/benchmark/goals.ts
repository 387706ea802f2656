import type { AnalyticsFigures } from './analytics';
import type { BenchReport, CollectorReport, PatternReport } from './report/report';

/** Ratios depend on how large the tables are: the goals hold at the documented volumes. */
export const JUDGED_FROM_SCALE = 1;

/** Least gain of each pattern, at the median of one client and at p95 of ten. */
const LEAST_RATIO = 10;
/** Longest p95 of ten clients after the migrations. */
const LONGEST_P95_MS = 100;
/** What the new analytics may take of the application's memory: it must not grow with the number of conversations. */
const MOST_GROWTH_MIB = 64;
/** Of the original queries' time, what a pass of the collector may take. */
const LEAST_COLLECTOR_RATIO = 20;

/** What is known about goals that are hard to reach, by the beginning of the fault. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  'active AI conversations: gain at the median':
    'the unique key of salon and phone number leads to a salon’s rows before, too; after, each row shown is a page read of its own, besides the round trip (see floor)',
  'conversation quality, all salons':
    'every message of the period is counted, by one process; what the old way spends is reading them into the application',
};

/** Why a fault may be there. */
export function explanations(fault: string): string[] {
  return Object.entries(EXPLANATIONS).flatMap(([start, why]) => (fault.startsWith(start) ? [`       ${why}`] : []));
}

/** What a pattern misses, a sentence each. */
export function patternFaults({ name, after, ratioMedian, ratioP95, index }: PatternReport): string[] {
  return [
    ...atLeast(`${name}: gain at the median of one client`, ratioMedian, LEAST_RATIO),
    ...atLeast(`${name}: gain at p95 of ten clients`, ratioP95, LEAST_RATIO),
    ...(after.p95Ms < LONGEST_P95_MS
      ? []
      : [`${name}: p95 of ten clients is ${after.p95Ms.toFixed(1)} ms, the goal under ${LONGEST_P95_MS} ms`]),
    ...indexFaults({ name, index }),
  ];
}

/** At every scale: the plan must read the index meant. */
export function indexFaults({ name, index }: Pick<PatternReport, 'name' | 'index'>): string[] {
  return index === undefined ? [`${name}: the plan after the migrations does not read the index meant`] : [];
}

/** What one of the analytics misses. */
export function analyticsFaults({ name, after, ratioMedian }: AnalyticsFigures): string[] {
  return [
    ...atLeast(`${name}: gain in time`, ratioMedian, LEAST_RATIO),
    ...(after.growthMiB <= MOST_GROWTH_MIB
      ? []
      : [
          `${name}: the application grows by ${after.growthMiB.toFixed(0)} MiB, the goal is at most ${MOST_GROWTH_MIB}`,
        ]),
  ];
}

/** What the collector misses. */
export function collectorFaults({ ratio }: Pick<CollectorReport, 'ratio'>): string[] {
  return atLeast('collector: the original queries take, of its passes,', ratio, LEAST_COLLECTOR_RATIO);
}

/** Everything that a run misses; undefined where its scale is not judged, but for plans, which are judged at each. */
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
  return ratio >= goal ? [] : [`${what} ${ratio.toFixed(1)} times, the goal at least ${goal}`];
}
