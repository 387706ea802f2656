import { formatFigure, formatRatio } from '../../shared/formats';
import type { SideFigures } from '../clients/measure';
import {
  analyticsFaults,
  collectorFaults,
  explanations,
  JUDGED_FROM_SCALE,
  patternFaults,
  reachedBy,
  spreadText,
} from '../goals';
import { loadText } from './load-text';
import type { BenchReport, PatternReport } from './report';

const COLUMNS = [36, 9, 9, 26, 11, 9, 26, 11, 12];

/** A report for the console: the tables, the goals that were missed and what is known about them. */
export function summarize(report: BenchReport): string[] {
  const isJudged = report.scale >= JUDGED_FROM_SCALE;
  const mark = (faults: readonly string[]) => (isJudged ? (faults.length > 0 ? 'FAILED' : 'ok') : '');
  const markPattern = (each: PatternReport) =>
    `${mark(patternFaults(each))}${isJudged && reachedBy(each) ? ` (${reachedBy(each)})` : ''}`;
  const { patterns, variants, analytics, collector, floor } = report;
  return [
    `PostgreSQL ${report.postgres}, scale ${report.scale}, ${report.machine.cpus} processors; times in ms`,
    line([
      'query',
      'median',
      'after',
      'gain (worst to best)',
      'p95 of 10',
      'after',
      'gain (worst to best)',
      'of a key',
      '',
    ]),
    ...patterns.map((each) => patternLine(each, markPattern(each))),
    ...variants.map((each) => patternLine(each, '')),
    floorLine('floor: SELECT 1', floor.selectOne),
    floorLine('floor: a row by its key', floor.primaryKey),
    '',
    line(['analytics', 'median', 'after', 'gain', 'MiB before', 'after', '', '']),
    ...analytics.map((each) => {
      const { name, before, after, ratioMedian } = each;
      const figures = [before.medianMs, after.medianMs, ratioMedian, before.growthMiB, after.growthMiB];
      return line([name, ...figures.map(formatFigure), '', mark(analyticsFaults(each))]);
    }),
    ...(collector
      ? [
          '',
          `collector: ${collector.series} series; a minute's pass ${formatFigure(collector.passMs)} ms on average, ${formatFigure(collector.slowestPassMs)} at most, ${formatFigure(collector.coldPassMs)} the first time; the original queries ${formatFigure(collector.originalMs)} ms: ${formatRatio(collector.ratio)} times ${mark(collectorFaults(collector))}`,
        ]
      : []),
    ...(report.load ? ['', loadText(report.load)] : []),
    ...isolationLines(report.tenantIsolation ?? []),
    '',
    ...(report.missed ?? []).flatMap((fault) => [`FAILED ${fault}`, ...explanations(fault)]),
    verdict(report),
  ];
}

function isolationLines(figures: NonNullable<BenchReport['tenantIsolation']>): string[] {
  if (figures.length === 0) return [];
  return [
    '',
    line(['row-level security', 'without', 'policies', '', 'with a transaction']),
    ...figures.map(({ name, withoutMs, policiesMs, transactionMs }) =>
      line([name, formatFigure(withoutMs), formatFigure(policiesMs), '', formatFigure(transactionMs)]),
    ),
  ];
}

function patternLine(pattern: PatternReport, mark: string): string {
  const { name, before, after, gainMedian, gainP95, floorMedian, floorP95 } = pattern;
  return line([
    name,
    ...[before.medianMs, after.medianMs].map(formatFigure),
    spreadText(gainMedian),
    ...[before.p95Ms, after.p95Ms].map(formatFigure),
    spreadText(gainP95),
    `${formatRatio(floorMedian)}, ${formatRatio(floorP95)}`,
    mark,
  ]);
}

function floorLine(name: string, { medianMs, p95Ms }: SideFigures): string {
  return line([name, '', formatFigure(medianMs), '', '', formatFigure(p95Ms)]);
}

function verdict({ scale, missed }: BenchReport): string {
  if (missed === undefined) return `not judged at scale ${scale}: the goals apply from scale ${JUDGED_FROM_SCALE}`;
  return missed.length > 0 ? `${missed.length} goals missed` : 'every goal was reached';
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, i) => (i === 0 ? cell.padEnd(COLUMNS[i] ?? 0) : cell.padStart(COLUMNS[i] ?? 0)))
    .join('')
    .trimEnd();
}
