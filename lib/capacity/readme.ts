import type { EnvironmentConfig } from '../config/schema/environment';
import type { EnvironmentPrice } from '../cost/environment-price';
import { formatCount } from '../shared/formats';
import { withSection } from '../shared/markdown';
import { billOf } from './bill';
import { forecast, limitsOf } from './forecast';
import type { Rates } from './rates';
import { monthsTable } from './report';

/** Numbers of salons of the table. */
const SALONS = [1000, 10_000, 100_000, 1_000_000];

/**
 * The README of this room with the table and the picture of 1,000 to 1,000,000 salons in their first year, without growth.
 * @throws Error where a marker is missing
 */
export function withCapacity(readme: string, rates: Rates, price: EnvironmentPrice, config: EnvironmentConfig): string {
  const years = SALONS.map((salons) => {
    const needs = forecast({ salons, growth: 0, months: 12 }, rates, config.database.instanceClass);
    const need = needs.at(-1)!;
    return { salons, month: { ...need, bill: billOf(need, price, config) }, limits: limitsOf(needs, config, rates) };
  });
  const bills = years.flatMap(({ salons, month }) =>
    month.bill ? [[formatCount(salons), Math.round(month.bill.monthlyUsd)] as const] : [],
  );
  return withSection(
    readme,
    'capacity',
    [
      `After a year with as many salons, at the rates of the published benchmark, ${config.name} needs:`,
      monthsTable(years.map(({ month }) => month)),
      ...years.map(({ salons, limits }) =>
        [
          `${formatCount(salons)} salons: ${limits.length === 0 ? 'the sizes of today suffice.' : 'what is reached, and what lifts it:'}`,
          ...(limits.length === 0
            ? []
            : [limits.map(({ month, what, lift }) => `- month ${month + 1}: ${what} → ${lift}`).join('\n')]),
        ].join('\n\n'),
      ),
      [
        '```mermaid',
        'xychart-beta',
        '  title "The bill by salons, US dollars a month"',
        `  x-axis [${bills.map(([salons]) => `"${salons}"`).join(', ')}]`,
        '  y-axis "US dollars"',
        `  bar [${bills.map(([, usd]) => usd).join(', ')}]`,
        '```',
      ].join('\n'),
    ].join('\n\n'),
  );
}
