import { COLLECTOR_SOURCES } from '../monitoring/sources/collector';
import { DRILL_SOURCES } from '../monitoring/sources/drill';
import { INSPECTOR_SOURCES } from '../monitoring/sources/inspector';
import type { EnvironmentConfig } from '../config/schema/environment';
import { ASSUMPTION_SENTENCES } from './assumptions';
import { backupPrice } from './backup-price';
import { type CostLine, sumOf } from './cost-line';
import { drillPrice } from './drill-price';
import { type MonitoringPrice, monitoringPrice, type TemplateResources } from './monitoring-price';
import prices from './prices.us-east-1.json';

/** What recovery and monitoring of an environment cost a month, US dollars. The servers themselves are not in it. */
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
export interface PricedGroup {
  readonly lines: readonly CostLine[];
  readonly dollars: number;
}

/**
 * Prices an environment.
 * @param resources of all its templates
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
    prices: { region: prices.region, collected: prices.collected },
    assumptions: ASSUMPTION_SENTENCES,
  };
}

/** As a table for people. */
export function priceText({ environment, drills, backups, monitoring, dollars }: EnvironmentPrice): string {
  const { series, occasionalSeries, alarmMetrics, composites } = monitoring;
  return [
    `${environment}: $${dollars.toFixed(2)} a month for recovery and monitoring`,
    ...groupText('restore drills', drills),
    ...groupText('backups', backups),
    `  monitoring: $${monitoring.dollars.toFixed(2)} (${series} series, ${occasionalSeries} occasional ones, ${alarmMetrics} metrics in alarms, ${composites} composite alarms)`,
  ].join('\n');
}

function groupText(name: string, { lines, dollars }: PricedGroup): string[] {
  const rows = lines.map(({ what, quantity, unit, each, dollars: sum, unconfirmed }) =>
    `    ${`$${sum.toFixed(2)}`.padStart(8)}  ${what}: ${round(quantity)} ${unit} at $${each}${unconfirmed ? ' (unconfirmed)' : ''}`); // prettier-ignore
  return [`  ${name}: $${dollars.toFixed(2)}`, ...rows];
}

function round(quantity: number): string {
  return String(quantity >= 100 ? Math.round(quantity) : Math.round(quantity * 100) / 100);
}

function group(lines: readonly CostLine[]): PricedGroup {
  return { lines, dollars: sumOf(lines) };
}
