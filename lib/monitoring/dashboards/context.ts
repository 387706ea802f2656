import type { ResourceName } from '../compiler/compiled';
import type { Inventory } from '../compiler/target';
import type { MetricSource } from '../sources/source';

/** What a dashboard needs to know besides the compiled alarms. */
export interface DashboardContext extends Omit<Inventory, 'topics'> {
  readonly region: string;
  /** By Prometheus name. */
  readonly sources: Readonly<Record<string, MetricSource>>;
  /** Name of a resource as dimensions carry it; the alarms' own. */
  readonly nameOf: (resource: ResourceName) => string;
  readonly alarmArn: (alarmName: string) => string;
  /** Where the runbook pages are published. Default: the text names their path in this repository. */
  readonly runbookBaseUrl?: string;
  /** Name, or folder, of the saved Logs Insights queries that name the worst salons. Default: none is mentioned. */
  readonly worstSalonQueries?: string;
}
