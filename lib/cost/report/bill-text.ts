import { formatDollars } from '../../shared/formats';
import { sumOf } from '../cost-line';
import type { EnvironmentPrice, Row } from '../environment-price';
import { GROUPS } from '../pricers/pricer';
import type { PriceList } from '../prices';
import { DEFAULT_USAGE, meaningOf, type Usage, type UsageName } from '../usage';

/** The totals of environments side by side, by group. */
export function totalsText(found: readonly EnvironmentPrice[]): string {
  const groups = GROUPS.filter((group) => found.some(({ rows }) => rows.some((row) => row.group === group)));
  const amount = (rows: readonly Row[]) => formatDollars(sumOf(rows)).padStart(12);
  return [
    ''.padEnd(20) + found.map(({ name }) => name.padStart(12)).join(''),
    ...groups.map(
      (group) => group.padEnd(20) + found.map(({ rows }) => amount(rows.filter((row) => row.group === group))).join(''),
    ),
    'a month'.padEnd(20) + found.map(({ monthlyUsd }) => formatDollars(monthlyUsd).padStart(12)).join(''),
  ].join('\n');
}

/** Every line of an environment's bill, by group; lines that are alike are added up. */
export function billText({ name, region, monthlyUsd, rows, free, notPriced }: EnvironmentPrice): string {
  return [
    `${name} in ${region}: ${formatDollars(monthlyUsd)} a month${notPriced.length === 0 ? '' : `, and ${notPriced.length} lines that are not priced: the sum is too low`}`,
    ...GROUPS.flatMap((group) => {
      const ofGroup = rows.filter((row) => row.group === group);
      if (ofGroup.length === 0) return [];
      return [`  ${group}: ${formatDollars(sumOf(ofGroup))}`, ...alike(ofGroup).map(lineText)];
    }),
    `  ${free} resources cost nothing; ${notPriced.length === 0 ? 'all others are priced' : 'not priced:'}`,
    ...notPriced.map((line) => `    ${line}`),
  ].join('\n');
}

/** What the marks mean and what was assumed. */
export function notesText(
  found: readonly EnvironmentPrice[],
  usage: Usage,
  lists: readonly Pick<PriceList, 'source'>[],
): string {
  const regions = [...new Set(found.map(({ region }) => region))].join(', ');
  return [
    `List prices of ${regions}, ${[...new Set(lists.map(({ source }) => source))].join('; ')}, without free tier, taxes and data transfer out. ? is a price that nobody could confirm, * an assumption${
      usage === DEFAULT_USAGE ? ' of lib/cost/usage.json' : ' of the usage file'
    }:`,
    ...Object.entries(usage).map(([key, value]) => `  * ${key} ${value}: ${meaningOf(key as UsageName)}`),
  ].join('\n');
}

interface Alike extends Row {
  readonly resources: number;
}

/** Lines of the same component at the same price, added up. */
function alike(rows: readonly Row[]): Alike[] {
  const found = new Map<string, Alike>();
  for (const row of rows) {
    const key = `${row.component} ${row.unitPrice}`;
    const before = found.get(key);
    found.set(key, {
      ...row,
      quantity: row.quantity + (before?.quantity ?? 0),
      monthlyUsd: row.monthlyUsd + (before?.monthlyUsd ?? 0),
      resources: 1 + (before?.resources ?? 0),
    });
  }
  return [...found.values()].sort((a, b) => b.monthlyUsd - a.monthlyUsd);
}

/** The unit price is not rounded: some are fractions of a cent. */
function lineText({
  component,
  quantity,
  unit,
  unitPrice,
  monthlyUsd,
  resources,
  usageBased,
  confidence,
}: Alike): string {
  const marks = `${usageBased ? '*' : ''}${confidence === 'unconfirmed' ? '?' : ''}`;
  const of = resources > 1 ? `, of ${resources} resources` : '';
  return `    ${formatDollars(monthlyUsd).padStart(9)}${marks.padEnd(2)} ${component}${of}: ${quantityText(quantity)} ${unit} at $${Number(unitPrice.toPrecision(9))}`;
}

function quantityText(quantity: number): string {
  if (quantity >= 100) return Math.round(quantity).toLocaleString('en');
  return String(Math.round(quantity * 100) / 100);
}
