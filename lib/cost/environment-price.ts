import { COLLECTOR_SOURCES } from '../monitoring/sources/collector';
import { DRILL_SOURCES } from '../monitoring/sources/drill';
import { INSPECTOR_SOURCES } from '../monitoring/sources/inspector';
import { type EnvironmentName, loadEnvironment } from '../config';
import type { EnvironmentConfig } from '../config/schema/environment';
import { formatDollars } from '../shared/formats';
import { ASSUMPTION_SENTENCES } from './assumptions';
import { backupPrice } from './backup-price';
import { type CostLine, sumOf } from './cost-line';
import { drillPrice } from './drill-price';
import { synthesizeResources } from './environment-resources';
import { type MonitoringPrice, monitoringPrice, type TemplateResources } from './monitoring-price';
import { PRICES } from './prices';

/** Price a month of an environment's recovery and monitoring, in US dollars. The servers themselves are not included. */
export interface EnvironmentPrice {
  readonly environment: string;
  readonly drills: PricedGroup;
  readonly backups: PricedGroup;
  readonly monitoring: MonitoringPrice;
  readonly dollars: number;
  /** Region and date of the price list. */
  readonly prices: { readonly region: string; readonly collected: string };
  readonly assumptions: readonly string[];
}

/** Lines and their sum. */
interface PricedGroup {
  readonly lines: readonly CostLine[];
  readonly dollars: number;
}

/**
 * Prices an environment from its configuration and its templates.
 * @param resources resources of all its templates
 * @throws Error for something that has no price
 */
export function environmentPrice(config: EnvironmentConfig, resources: TemplateResources): EnvironmentPrice {
  const drills = group(drillPrice(config));
  const backups = group(backupPrice(config));
  const ofDrills = config.drills ? DRILL_SOURCES : {};
  const published = { ...COLLECTOR_SOURCES, ...INSPECTOR_SOURCES, ...ofDrills };
  const monitoring = monitoringPrice(resources, published, 1 + config.replicas.length);
  return {
    environment: config.name,
    drills,
    backups,
    monitoring,
    dollars: sumOf([drills, backups, monitoring]),
    prices: { region: PRICES.region, collected: PRICES.collected },
    assumptions: ASSUMPTION_SENTENCES,
  };
}

/**
 * Prices an environment as it is configured and synthesized.
 * @throws Error for something that has no price
 */
export function priceEnvironment(name: EnvironmentName): EnvironmentPrice {
  return environmentPrice(loadEnvironment(name), synthesizeResources(name));
}

/** The prices of environments for the console, with the price list and the assumptions. */
export function pricesText(found: readonly EnvironmentPrice[]): string {
  return [
    ...found.map(priceText),
    `List prices of ${PRICES.region}, looked up on ${PRICES.collected}, without free tier. The servers, their proxy and the network are not included. Assumptions:`,
    ...ASSUMPTION_SENTENCES.map((sentence) => `  - ${sentence}`),
  ].join('\n');
}

/** The price of one environment for the console: sums and their lines. */
export function priceText({ environment, drills, backups, monitoring, dollars }: EnvironmentPrice): string {
  const { series, occasionalSeries, alarmMetrics, composites } = monitoring;
  const details = `${series} series, ${occasionalSeries} occasional series, ${alarmMetrics} metrics in alarms, ${composites} composite alarms`;
  return [
    `${environment}: ${formatDollars(dollars)} a month for recovery and monitoring`,
    ...groupText('restore drills', drills),
    ...groupText('backups', backups),
    `  monitoring: ${formatDollars(monitoring.dollars)} (${details})`,
  ].join('\n');
}

function groupText(name: string, { lines, dollars }: PricedGroup): string[] {
  return [`  ${name}: ${formatDollars(dollars)}`, ...lines.map(lineText)];
}

/** The unit price is not rounded: some are fractions of a cent. */
function lineText({ what, quantity, unit, each, dollars, unconfirmed }: CostLine): string {
  const price = `${quantityText(quantity)} ${unit} at $${each}${unconfirmed ? ' (unconfirmed)' : ''}`;
  return `    ${formatDollars(dollars).padStart(8)}  ${what}: ${price}`;
}

function quantityText(quantity: number): string {
  return String(quantity >= 100 ? Math.round(quantity) : Math.round(quantity * 100) / 100);
}

function group(lines: readonly CostLine[]): PricedGroup {
  return { lines, dollars: sumOf(lines) };
}
