import * as echarts from 'echarts';
import { type Html, html, trusted } from './html';

/** A value over time with a threshold. */
export interface Line {
  /** What it shows, read by screen readers in place of the picture. */
  readonly description: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly threshold: number;
  /** Text of a place on the time axis. */
  readonly label: (x: number) => string;
}

interface Extent {
  readonly min: number;
  readonly max: number;
}

const WIDTH = 300;
const HEIGHT = 120;
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** A small picture of a value over time: the value in colour, the threshold as a dashed line, the fault at 0. */
export function drawLine(line: Line): Html {
  return html`<div class="line" role="img" aria-label="${line.description}">${trusted(draw(line))}</div>`;
}

function draw({ points, threshold, label }: Line): string {
  const picture = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  const text = { color: 'var(--muted)', fontSize: 11, hideOverlap: true };
  const dashed = (color: string) => ({ color, type: 'dashed' as const, width: 1 });
  try {
    picture.setOption({
      animation: false,
      silent: true,
      textStyle: { fontFamily: 'system-ui, sans-serif' },
      grid: { left: 44, right: 12, top: 8, bottom: 24 },
      xAxis: {
        type: 'value',
        min: ({ min }: Extent) => Math.min(0, min),
        max: ({ max }: Extent) => Math.max(60, max),
        splitNumber: 3,
        splitLine: { show: false },
        axisLabel: { ...text, formatter: label },
      },
      yAxis: {
        type: 'value',
        axisLine: { onZero: false },
        min: ({ min }: Extent) => Math.min(0, min, threshold),
        max: ({ max }: Extent) => Math.max(max, threshold * 1.1),
        splitNumber: 2,
        splitLine: { lineStyle: { color: 'var(--line)' } },
        axisLabel: { ...text, formatter: (value: number) => COMPACT.format(value) },
      },
      series: [
        {
          type: 'line',
          step: 'end',
          symbolSize: 3,
          itemStyle: { color: 'var(--accent)' },
          data: withGaps(points),
          lineStyle: { color: 'var(--accent)', width: 1.5 },
          markLine: {
            symbol: 'none',
            label: { show: false },
            data: [
              { yAxis: threshold, lineStyle: dashed('var(--bad)') },
              { xAxis: 0, lineStyle: dashed('var(--muted)') },
            ],
          },
        },
      ],
    });
    return picture.renderToSVGString().replace(/<style[^]*?<\/style>/g, '');
  } finally {
    // Otherwise the process does not end.
    picture.dispose();
  }
}

/** No line where values are missing: a step that is longer than the shortest one and a half times. */
function withGaps(points: Line['points']): (number | null)[][] {
  const steps = points.slice(1).map(([x], index) => x - points[index]![0]);
  const longest = 1.5 * Math.min(...steps);
  return points.flatMap(([x, y], index) =>
    (steps[index - 1] ?? 0) > longest
      ? [
          [x, null],
          [x, y],
        ]
      : [[x, y]],
  );
}
