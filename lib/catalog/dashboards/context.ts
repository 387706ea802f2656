import type { ResourceName } from '../compiled';
import type { MetricSource } from '../sources/source';

/** What a dashboard needs to know besides the compiled alarms. */
export interface DashboardContext {
  readonly environment: string;
  readonly region: string;
  /** The primary first. */
  readonly servers: readonly ShownServer[];
  /** By Prometheus name. */
  readonly sources: Readonly<Record<string, MetricSource>>;
  /** Name of a resource as dimensions carry it; the alarms' own. */
  readonly resolve: (name: ResourceName) => string;
  readonly alarmArn: (alarmName: string) => string;
  /** Where the runbook pages are published. Default: the text names their path in this repository. */
  readonly runbookBaseUrl?: string;
  /** Name, or folder, of the saved Logs Insights queries that name the worst salons. Default: none is mentioned. */
  readonly worstSalonQueries?: string;
}

/** A database server. */
export interface ShownServer {
  /** `primary`, `replica-1` … */
  readonly name: string;
  /** max_connections. */
  readonly maxConnections: number;
}
