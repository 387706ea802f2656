import type { EnvironmentName } from '../config';
import { formatCount, formatDollars, formatRatio } from '../shared/formats';
import { markdownTable } from '../shared/markdown';
import { BEYOND } from './beyond';
import type { ForecastBill } from './bill';
import type { Growth, Limit, Need } from './forecast';

/** A month with its bill. */
export interface Month extends Need {
  /** Undefined: no class carries the load. */
  readonly bill: ForecastBill | undefined;
}

/** What `npm run capacity` prints with --json. */
export interface CapacityReport extends Growth {
  readonly environment: EnvironmentName;
  readonly months: number;
  readonly forecast: readonly Month[];
  readonly limits: readonly Limit[];
  /** Whether the environment as configured suffices in the first month. */
  readonly sufficient: boolean;
  readonly crossShardQueries: readonly string[];
}

/** The report for the console. */
export function capacityText(report: CapacityReport): string {
  const { environment, salons, growth, months, forecast, limits, sufficient } = report;
  const shown = forecast.filter(({ month }) => month === 0 || (month + 1) % Math.ceil(months / 12) === 0);
  return [
    `${environment} with ${formatCount(salons)} salons, ${formatRatio(growth)} % more each month, ${months} months`,
    '',
    monthsTable(shown),
    '',
    sufficient
      ? `Today the sizes of ${environment} are sufficient.`
      : `Today the sizes of ${environment} are not sufficient: ${limits
          .filter(({ month }) => month === 0)
          .map(({ what }) => what)
          .join('; ')}.`,
    ...(limits.length === 0
      ? ['No limit is reached in this time.']
      : ['Limits, the first one first, and the line of lib/config that lifts each:', ...limits.map(limitLine)]),
    ...(limits.some(({ lift }) => lift.includes('beyond one primary')) ? ['', ...beyondLines(report)] : []),
    '',
    'From what a benchmark measured for a salon and a day, all requests on the primary, at the documented mix. IOPS are estimated. A virtual CPU of the class is taken as one of the machine that was measured. ~: the price of the class is derived from another size.',
  ].join('\n');
}

/** Months, or numbers of salons, as a table. */
export function monthsTable(months: readonly Month[]): string {
  return markdownTable(
    ['month', 'salons', 'data', 'with free space', 'WAL a day', 'requests/s', 'connections', 'class', 'bill'],
    months.map(({ month, salons, dataGib, storageGib, walGibPerDay, requests, connections, instanceClass, bill }) => [
      String(month + 1),
      formatCount(salons),
      gib(dataGib),
      gib(storageGib),
      gib(walGibPerDay),
      formatRatio(requests),
      formatCount(Math.ceil(connections)),
      instanceClass ?? 'none carries it',
      bill === undefined ? '' : `${bill.isDerived ? '~' : ''}${formatDollars(bill.monthlyUsd)}`,
    ]),
  );
}

function limitLine({ month, salons, what, lift }: Limit): string {
  return `  month ${month + 1}, ${formatCount(salons)} salons: ${what}\n    ${lift}`;
}

function beyondLines(report: Pick<CapacityReport, 'crossShardQueries'>): string[] {
  return [
    'Beyond one primary:',
    ...BEYOND.map(({ when, engine, changes }) => `  ${when}: ${engine}. ${changes}.`),
    `  Queries of the application that name no salon, and so would ask every shard: ${report.crossShardQueries.join(', ')}.`,
  ];
}

function gib(value: number): string {
  return value < 1024 ? `${formatRatio(value)} GiB` : `${formatRatio(value / 1024)} TiB`;
}
