import { formatMilliseconds, formatRatio } from '../../shared/formats';
import type { BenchReport } from './report';

/** A query's times before and after, and a note next to them. */
interface Bar {
  readonly name: string;
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly note: string;
}

const WIDTH = 900;
const NAMES_WIDTH = 220;
const NOTES_WIDTH = 190;
const TOP = 64;
const ROW = 34;
const BAR = 11;
/** The colours are readable on white and on GitHub's dark page. */
const STYLE = `text { font: 13px system-ui, sans-serif; fill: #24292f } .small { font-size: 11px; fill: #57606a } .grid { stroke: #8c959f; stroke-opacity: .35 }
.before { fill: #cf7a30 } .after { fill: #1f9d8a }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .small { fill: #9da7b1 } }`;

/** Draws the medians of one client as SVG, with the gains at the median and at p95 of ten clients next to them. */
export function draw(report: Pick<BenchReport, 'scale' | 'postgres' | 'patterns' | 'analytics'>): string {
  const bars = [
    ...report.patterns.map(({ name, before, after, gainMedian, gainP95 }) => ({
      name,
      beforeMs: before.medianMs,
      afterMs: after.medianMs,
      note: `${formatRatio(gainMedian.median)}×; p95 of ten ${formatRatio(gainP95.median)}×`,
    })),
    ...report.analytics.map(({ name, before, after, ratioMedian }) => ({
      name,
      beforeMs: before.medianMs,
      afterMs: after.medianMs,
      note: `${formatRatio(ratioMedian)}×`,
    })),
  ];
  return drawBars(`PostgreSQL ${report.postgres}, scale ${report.scale}: median of one client, ms`, bars);
}

/** Draws two bars for each entry, on a logarithmic scale. */
export function drawBars(title: string, bars: readonly Bar[]): string {
  const all = bars.flatMap(({ beforeMs, afterMs }) => [beforeMs, afterMs]);
  const first = Math.floor(Math.log10(Math.min(...all)));
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(...all))));
  const x = (ms: number) =>
    NAMES_WIDTH + ((Math.log10(ms) - first) / (last - first)) * (WIDTH - NAMES_WIDTH - NOTES_WIDTH);
  const bottom = TOP + bars.length * ROW;
  const powers = Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
  const bar = (kind: string, ms: number, y: number) =>
    `<rect class="${kind}" x="${NAMES_WIDTH}" y="${y}" width="${round(x(ms) - NAMES_WIDTH)}" height="${BAR}" rx="2"><title>${formatMilliseconds(ms)} ${kind}</title></rect>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 16}" role="img" aria-label="${escape(title)}">`,
    `<style>${STYLE}</style>`,
    `<text x="8" y="20">${escape(title)}</text>`,
    `<rect class="before" x="8" y="32" width="12" height="${BAR}"/><text class="small" x="26" y="42">before</text>`,
    `<rect class="after" x="84" y="32" width="12" height="${BAR}"/><text class="small" x="102" y="42">after the migrations</text>`,
    ...powers.map(
      (power) =>
        `<line class="grid" x1="${round(x(power))}" x2="${round(x(power))}" y1="${TOP - 6}" y2="${bottom}"/><text class="small" text-anchor="middle" x="${round(x(power))}" y="${TOP - 10}">${power}</text>`,
    ),
    ...bars.flatMap(({ name, beforeMs, afterMs, note }, i) => {
      const y = TOP + i * ROW + 4;
      return [
        `<text x="8" y="${y + BAR + 4}">${escape(name)}</text>`,
        bar('before', beforeMs, y),
        bar('after', afterMs, y + BAR + 1),
        `<text class="small" x="${WIDTH - NOTES_WIDTH + 10}" y="${y + BAR + 4}">${escape(note)}</text>`,
      ];
    }),
    '</svg>\n',
  ].join('\n');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
