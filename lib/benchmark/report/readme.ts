import { formatCount, formatFigure, formatMemory, formatMinutes, formatRatio } from '../../shared/formats';
import { markdownTable, withSection } from '../../shared/markdown';
import type { AnalyticsFigures } from '../analytics';
import { reachedBy, spreadText } from '../goals';
import { loadHeadline, loadText } from './load-text';
import type { BenchReport, CollectorReport, PatternReport } from './report';

const SECTION = 'benchmark';
const MIB = 1024 ** 2;

/**
 * The benchmark's README with the tables of a report between its markers.
 * @throws Error where a marker is missing
 */
export function withTables(readme: string, report: BenchReport): string {
  return withSection(readme, SECTION, benchmarkMarkdown(report));
}

/**
 * The project's README with the headline figures of a report between its markers.
 * @throws Error where a marker is missing
 */
export function withHeadline(readme: string, report: BenchReport): string {
  return withSection(readme, SECTION, headlineMarkdown(report));
}

/** The tables of a report, with where it was measured and which goals were missed. */
export function benchmarkMarkdown(report: BenchReport): string {
  const { patterns, variants, analytics, collector } = report;
  return [
    setting(report),
    markdownTable(
      ['query', 'median before', 'after', 'gain', 'p95 of ten before', 'after', 'gain', 'of a row by key', 'goal by'],
      [...patterns, ...variants].map(patternRow),
    ),
    floorText(report),
    markdownTable(['analytics', 'before', 'after', 'gain', 'memory before', 'after'], analytics.map(analyticsRow)),
    ...(collector ? [collectorText(collector)] : []),
    ...(report.load ? [loadText(report.load)] : []),
    ...missedText(report),
  ].join('\n\n');
}

/** The most important figures of a report, in one paragraph. */
export function headlineMarkdown({ scale, postgres, patterns, analytics, collector, load }: BenchReport): string {
  return [
    `On PostgreSQL ${postgres} with ${scale === 1 ? 'the documented workload' : `${formatRatio(scale)} times the documented workload`},`,
    `the application's ${patterns.length} queries are ${range(patterns.map(({ gainMedian }) => gainMedian.median))} times faster after the migrations at the median of one client,`,
    `and ${range(patterns.map(({ gainP95 }) => gainP95.median))} times at p95 of ten clients;`,
    `its analytics are ${range(analytics.map(({ ratioMedian }) => ratioMedian))} times faster.`,
    ...(collector
      ? [
          `A pass of the metrics collector takes ${formatFigure(collector.passMs)} ms; the owner's original queries take ${formatRatio(collector.ratio)} times as long.`,
        ]
      : []),
    ...(load ? [loadHeadline(load)] : []),
  ].join(' ');
}

function range(ratios: readonly number[]): string {
  return `${formatCount(Math.min(...ratios))} to ${formatCount(Math.max(...ratios))}`;
}

function setting({ machine, postgres, settings, rows, seconds }: BenchReport): string {
  const count = (table: string) => formatCount(rows[table] ?? NaN);
  const memory = `${formatCount(machine.memoryGiB)} GiB of memory`;
  const server = `PostgreSQL ${postgres} (\`shared_buffers\` ${memoryOf(settings['shared_buffers'])}, \`fsync\` ${settings['fsync']})`;
  return [
    `Measured with ${machine.cpus} processors and ${memory} on ${server}:`,
    `${count('messages')} messages, ${count('ai_messages')} AI messages, ${count('webhook_logs')} webhook events,`,
    `${count('bookings')} bookings and ${count('conversations')} conversations of ${count('salons')} salons.`,
    `Loading, copying and migrating took ${formatMinutes(seconds.loading)}, measuring ${formatMinutes(seconds.all - seconds.loading)}.`,
    'Times are in ms, with warm caches: medians of one client, and p95 of ten clients that each ask again as soon as they have their answer.',
  ].join(' ');
}

function floorText({ floor: { selectOne, primaryKey } }: BenchReport): string {
  return [
    `For comparison, \`SELECT 1\` takes ${formatFigure(selectOne.medianMs)} ms, and ${formatFigure(selectOne.p95Ms)} ms at p95 of ten clients;`,
    `reading one row by its primary key takes ${formatFigure(primaryKey.medianMs)} and ${formatFigure(primaryKey.p95Ms)} ms.`,
    'Gains are times as fast: the middle of three interleaved turns, with the worst and the best. The last but one column is the time after the migrations as a multiple of reading one row by its key in the same turns, at the median and at p95 of ten.',
    'No goal applies to the last line of the table.',
  ].join(' ');
}

function collectorText({ passMs, slowestPassMs, coldPassMs, originalMs, ratio }: CollectorReport): string {
  return [
    `The collector: a pass takes ${formatFigure(passMs)} ms on average, ${formatFigure(slowestPassMs)} ms at most and ${formatFigure(coldPassMs)} ms the first time.`,
    `The owner's 18 queries take ${formatFigure(originalMs)} ms on the same data with the owner's 27 indexes, ${formatRatio(ratio)} times as long.`,
  ].join(' ');
}

function missedText({ missed = [] }: BenchReport): string[] {
  return missed.length === 0 ? [] : [`**Missed**: ${missed.join('; ')}.`];
}

function patternRow(pattern: PatternReport): string[] {
  const { name, before, after, gainMedian, gainP95, floorMedian, floorP95 } = pattern;
  return [
    name,
    formatFigure(before.medianMs),
    formatFigure(after.medianMs),
    spreadText(gainMedian),
    formatFigure(before.p95Ms),
    formatFigure(after.p95Ms),
    spreadText(gainP95),
    `${formatRatio(floorMedian)}, ${formatRatio(floorP95)}`,
    reachedBy(pattern) ?? 'missed',
  ];
}

function analyticsRow({ name, before, after, ratioMedian }: AnalyticsFigures): string[] {
  return [
    name,
    formatFigure(before.medianMs),
    formatFigure(after.medianMs),
    `${formatRatio(ratioMedian)}×`,
    formatMemory(before.growthMiB * MIB),
    formatMemory(after.growthMiB * MIB),
  ];
}

/** The memory of a setting that PostgreSQL prints in kB, such as `4612224kB`. */
function memoryOf(kilobytes = ''): string {
  return formatMemory(parseInt(kilobytes, 10) * 1024);
}
