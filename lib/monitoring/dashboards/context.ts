import type { ResourceName } from '../compiler/compiled';
import type { Inventory } from '../compiler/target';
import type { MetricSource } from '../sources/source';

/** The input of a dashboard in addition to the compiled alarms. */
export interface DashboardContext extends Omit<Inventory, 'topics'> {
  readonly region: string;
  /** By Prometheus name. */
  readonly sources: Readonly<Record<string, MetricSource>>;
  /** Name of a resource in dimensions; the same as in the alarms. */
  readonly nameOf: (resource: ResourceName) => string;
  /** A server's id in Database Insights (`DbiResourceId`). */
  readonly resourceIdOf: (server: string) => string;
  /** Name of the collector's log group. Default: no tables from it. */
  readonly collectorLog?: string;
  readonly alarmArn: (alarmName: string) => string;
  /** Where the runbook pages are published. Default: the text names their path in this repository. */
  readonly runbookBaseUrl?: string;
  /** Name, or folder, of the saved Logs Insights queries that name the worst salons. Default: not mentioned. */
  readonly worstSalonQueries?: string;
}
