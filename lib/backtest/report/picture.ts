import type { AlarmShare, BacktestReport } from './report';

const LEFT = 250;
const ROW = 18;
const DAY = 20;
const TOP = 40;
const HOURS = 24;

/** A picture of the month: a row for each alarm that fired, with the hours in which it was in ALARM; the earlier rules below. */
export function draw({ days, seed, environment, month, earlier = [] }: BacktestReport): string {
  const groups = [
    { title: `${environment}, ${days} normal days, seed ${seed}: now`, rows: month.fired, color: '#2a6fbb' },
    ...(earlier.length > 0
      ? [{ title: 'alarms on salons under the earlier rules', rows: earlier, color: '#c2410c' }]
      : []),
  ];
  let y = TOP;
  const parts: string[] = [];
  for (const { title, rows, color } of groups) {
    parts.push(text(8, y, title, 'font-weight="bold"'));
    y += ROW;
    if (rows.length === 0) parts.push(text(8, y, 'no alarm fired'));
    for (const row of rows) {
      parts.push(text(8, y, row.alarm), ...bars(row, y, color));
      y += ROW;
    }
    y += ROW;
  }
  const width = LEFT + days * DAY + 20;
  const marks = Array.from({ length: days }, (_, day) =>
    day % 5 === 0 ? text(LEFT + day * DAY, TOP - 22, `day ${day + 1}`) + line(LEFT + day * DAY, TOP - 16, y) : '',
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}" font-family="sans-serif" font-size="12">
<title>Alarms by hour of the month</title>
<rect width="100%" height="100%" fill="#ffffff"/>
${[...marks, ...parts].filter(Boolean).join('\n')}
</svg>
`;
}

function bars({ hours }: AlarmShare, y: number, color: string): string[] {
  return stretches(hours).map(
    ([first, end]) =>
      `<rect x="${(LEFT + (first / HOURS) * DAY).toFixed(1)}" y="${y - 11}" width="${Math.max(1.5, ((end - first) / HOURS) * DAY).toFixed(1)}" height="13" fill="${color}"/>`,
  );
}

/** Hours that follow each other, as one. */
function stretches(hours: readonly number[]): [number, number][] {
  const found: [number, number][] = [];
  for (const hour of hours) {
    const last = found.at(-1);
    if (last && last[1] === hour) last[1] = hour + 1;
    else found.push([hour, hour + 1]);
  }
  return found;
}

function text(x: number, y: number, content: string, more = ''): string {
  return `<text x="${x}" y="${y}" fill="#222222" ${more}>${content}</text>`;
}

function line(x: number, from: number, to: number): string {
  return `<line x1="${x}" y1="${from}" x2="${x}" y2="${to}" stroke="#dddddd"/>`;
}
