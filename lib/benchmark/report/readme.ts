import { markdownTable, withSection } from '../../shared/markdown';
import type { AnalyticsFigures } from '../analytics';
import type { BenchReport, CollectorReport, PatternReport } from './report';

/** README.md with the figures of a report between its markers. Throws where the markers are missing. */
export function withBenchmark(readme: string, report: BenchReport): string {
  return withSection(readme, 'benchmark', benchmarkMarkdown(report));
}

/** A report for people: where it was measured, the tables, and what was missed. */
export function benchmarkMarkdown(report: BenchReport): string {
  const { patterns, variants, analytics, collector } = report;
  return [
    setting(report),
    markdownTable(
      ['query', 'median before', 'after', 'gain', 'p95 of ten before', 'after', 'gain'],
      [...patterns, ...variants].map(patternRow),
    ),
    floorText(report),
    markdownTable(['analytics', 'before', 'after', 'gain', 'memory before', 'after'], analytics.map(analyticsRow)),
    ...(collector ? [collectorText(collector)] : []),
    ...missedText(report),
  ].join('\n\n');
}

function setting({ machine, postgres, settings, rows, seconds }: BenchReport): string {
  const count = (table: string) => (rows[table] ?? NaN).toLocaleString('en');
  const minutes = (of: number) => (of / 60).toFixed(1);
  return `Measured with ${machine.cpus} processors and ${machine.memoryGiB.toFixed(0)} GiB of memory on PostgreSQL ${postgres} (\`shared_buffers\` ${gib(settings['shared_buffers'])}, \`fsync\` ${settings['fsync']}): ${count('messages')} messages, ${count('ai_messages')} AI messages, ${count('webhook_logs')} webhook events, ${count('bookings')} bookings and ${count('conversations')} conversations of ${count('salons')} salons. Loaded, copied and migrated in ${minutes(seconds.loading)} minutes, measured in ${minutes(seconds.all - seconds.loading)}. Times in ms, warm; medians of one client, p95 of ten clients that ask again at once.`;
}

function floorText({ floor }: BenchReport): string {
  return `\`SELECT 1\` takes ${ms(floor.selectOne.medianMs)} ms, and ${ms(floor.selectOne.p95Ms)} ms at p95 of ten; a row by its key ${ms(floor.primaryKey.medianMs)} and ${ms(floor.primaryKey.p95Ms)} ms. The last line of the table is not judged.`;
}

function collectorText({ passMs, slowestPassMs, coldPassMs, originalMs, ratio }: CollectorReport): string {
  return `The collector: a minute's pass takes ${ms(passMs)} ms on average, ${ms(slowestPassMs)} at the most and ${ms(coldPassMs)} the first time; the owner's 18 queries take ${ms(originalMs)} ms on the same data with the owner's 27 indexes, ${times(ratio)} as long.`;
}

function missedText({ missed = [] }: BenchReport): string[] {
  return missed.length === 0 ? [] : [`**Missed**: ${missed.join('; ')}.`];
}

function patternRow({ name, before, after, ratioMedian, ratioP95 }: PatternReport): string[] {
  return [
    name,
    ms(before.medianMs),
    ms(after.medianMs),
    times(ratioMedian),
    ms(before.p95Ms),
    ms(after.p95Ms),
    times(ratioP95),
  ];
}

function analyticsRow({ name, before, after, ratioMedian }: AnalyticsFigures): string[] {
  return [
    name,
    ms(before.medianMs),
    ms(after.medianMs),
    times(ratioMedian),
    mib(before.growthMiB),
    mib(after.growthMiB),
  ];
}

const ms = (value: number) => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
const times = (ratio: number) => `${ratio.toFixed(ratio < 100 ? 1 : 0)}×`;
/** Of a setting that PostgreSQL prints in kB. */
const gib = (kilobytes = '') => `${(parseInt(kilobytes, 10) / 2 ** 20).toFixed(1)} GiB`;
const mib = (value: number) => `${value.toFixed(1)} MiB`;
