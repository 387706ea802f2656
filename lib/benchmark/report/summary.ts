import { analyticsFaults, explanations, JUDGED_FROM_SCALE, patternFaults, collectorFaults } from '../goals';
import type { BenchReport, PatternReport } from './report';

const COLUMNS = [38, 11, 11, 8, 11, 11, 8, 8];

/** For the console: a table, what was missed and why. */
export function summarize(report: BenchReport): string[] {
  const isJudged = report.scale >= JUDGED_FROM_SCALE;
  const mark = (faults: readonly string[]) => (isJudged ? (faults.length > 0 ? 'FAILED' : 'ok') : '');
  const { patterns, variants, analytics, collector, floor } = report;
  return [
    `PostgreSQL ${report.postgres}, scale ${report.scale}, ${report.machine.cpus} processors; times in ms`,
    line(['query', 'median', 'after', 'gain', 'p95 of 10', 'after', 'gain', '']),
    ...patterns.map((each) => patternLine(each, mark(patternFaults(each)))),
    ...variants.map((each) => patternLine(each, '')),
    line(['floor: SELECT 1', '', figure(floor.selectOne.medianMs), '', '', figure(floor.selectOne.p95Ms), '', '']),
    line([
      'floor: a row by its key',
      '',
      figure(floor.primaryKey.medianMs),
      '',
      '',
      figure(floor.primaryKey.p95Ms),
      '',
      '',
    ]),
    '',
    line(['analytics', 'median', 'after', 'gain', 'MiB before', 'after', '', '']),
    ...analytics.map((each) => {
      const { name, before, after, ratioMedian } = each;
      const figures = [before.medianMs, after.medianMs, ratioMedian, before.growthMiB, after.growthMiB];
      return line([name, ...figures.map(figure), '', mark(analyticsFaults(each))]);
    }),
    ...(collector
      ? [
          '',
          `collector: ${collector.series} series; a minute's pass ${figure(collector.passMs)} ms on average, ${figure(collector.slowestPassMs)} at the most, ${figure(collector.coldPassMs)} the first; the original queries ${figure(collector.originalMs)} ms: ${collector.ratio.toFixed(1)} times ${mark(collectorFaults(collector))}`,
        ]
      : []),
    '',
    ...(report.missed ?? []).flatMap((fault) => [`FAILED ${fault}`, ...explanations(fault)]),
    verdict(report),
  ];
}

function patternLine({ name, before, after, ratioMedian, ratioP95 }: PatternReport, mark: string): string {
  const times = [before.medianMs, after.medianMs, ratioMedian, before.p95Ms, after.p95Ms, ratioP95];
  return line([name, ...times.map(figure), mark]);
}

function verdict({ scale, missed }: BenchReport): string {
  if (missed === undefined) return `not judged at scale ${scale}: goals hold at scale ${JUDGED_FROM_SCALE}`;
  return missed.length > 0 ? `${missed.length} goals missed` : 'every goal is reached';
}

function figure(value: number): string {
  return value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0);
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, i) => (i === 0 ? cell.padEnd(COLUMNS[i] ?? 0) : cell.padStart(COLUMNS[i] ?? 0)))
    .join('')
    .trimEnd();
}
