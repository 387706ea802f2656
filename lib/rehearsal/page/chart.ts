import * as echarts from 'echarts';
import { type Html, html, trusted } from './html';

/** A stretch of a row, in the unit of the axis. */
export interface Span {
  readonly from: number;
  readonly to: number;
  /** A variable of styles.css. */
  readonly color: string;
  /** Text behind the stretch. */
  readonly text?: string;
}

/** Rows of stretches over one axis. */
export interface Chart {
  /** What it shows, read by screen readers in place of the picture. */
  readonly description: string;
  readonly rows: readonly { readonly label: string; readonly spans: readonly Span[] }[];
  readonly axis: {
    readonly scale: 'log' | 'value';
    readonly from: number;
    readonly to: number;
    readonly label: (value: number) => string;
  };
  /** Height of a row, pixels. Default 26. */
  readonly rowHeight?: number;
}

/** Room for the texts behind the stretches, pixels. */
const RIGHT = 64;
const WIDTHS = { wide: 1040, narrow: 328 } as const;
const FONT = 'system-ui, sans-serif';
/** Width of a letter of a label, pixels, at most on average. A label is beside the axis, in narrow pictures above the stretches. */
const LETTER = 7.2;

/** A chart as two pictures without a script, of which the width of the window shows one. */
export function drawChart(chart: Chart): Html {
  return html`${(['wide', 'narrow'] as const).map(
    (width) =>
      html`<div class="chart ${width}" role="img" aria-label="${chart.description}">
        ${trusted(draw(chart, width))}
      </div>`,
  )}`;
}

function draw({ rows, axis, rowHeight = 26 }: Chart, size: keyof typeof WIDTHS): string {
  const isNarrow = size === 'narrow';
  const height = isNarrow ? rowHeight + 16 : rowHeight;
  const bottom = 28;
  const picture = echarts.init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: WIDTHS[size],
    height: rows.length * height + bottom + 8,
  });
  try {
    picture.setOption({
      animation: false,
      silent: true,
      textStyle: { fontFamily: FONT },
      grid: {
        left: isNarrow ? 4 : 12 + LETTER * Math.max(10, ...rows.map(({ label }) => label.length)),
        right: RIGHT,
        top: 4,
        bottom,
      },
      xAxis: {
        type: axis.scale,
        min: axis.from,
        max: axis.scale === 'log' ? axis.to : undefined,
        splitNumber: isNarrow ? 3 : 6,
        axisLabel: { color: 'var(--muted)', fontSize: 12, formatter: axis.label, hideOverlap: true },
        splitLine: { lineStyle: { color: 'var(--line)' } },
      },
      yAxis: {
        type: 'category',
        inverse: true,
        data: rows.map(({ label }) => label),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: {
          show: !isNarrow,
          interval: 0,
          color: 'var(--text)',
          fontSize: 13,
        },
      },
      series: rows.flatMap(({ label, spans }, row) => [
        ...(isNarrow ? [labelSeries(label, row, axis.from)] : []),
        ...spans.map((span) => spanSeries(span, row, isNarrow)),
      ]),
    });
    // Its styles are for a pointer above the picture.
    return picture.renderToSVGString().replace(/<style[^]*?<\/style>/g, '');
  } finally {
    // Otherwise the process does not end.
    picture.dispose();
  }
}

type Place = (point: [number, number]) => [number, number];

function spanSeries({ from, to, color, text }: Span, row: number, isNarrow: boolean): object {
  const shape = (place: Place) => {
    const [left, y] = place([from, row]);
    const [right] = place([to, row]);
    const top = isNarrow ? y + 2 : y - 6;
    const width = Math.max(2, right - left);
    return {
      type: 'group',
      children: [
        { type: 'rect', shape: { x: left, y: top, width, height: 12, r: 2 }, style: { fill: color } },
        ...(text === undefined ? [] : [textAt(text, left + width + 6, top + 6, 'var(--text)')]),
      ],
    };
  };
  return series(shape, [from, row, to]);
}

function labelSeries(label: string, row: number, from: number): object {
  return series(
    (place) => {
      const [x, y] = place([from, row]);
      return textAt(label, x, y - 9, 'var(--text)');
    },
    [from, row, from],
  );
}

function textAt(text: string, x: number, y: number, fill: string): object {
  return { type: 'text', style: { text, x, y, fill, font: `12px ${FONT}`, verticalAlign: 'middle' } };
}

function series(shape: (place: Place) => object, data: readonly number[]): object {
  return {
    type: 'custom',
    silent: true,
    clip: false,
    renderItem: (_: unknown, api: { coord: Place }) => shape((point) => api.coord(point)),
    encode: { x: [0, 2], y: 1 },
    data: [data],
  };
}
