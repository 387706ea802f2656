/** The servers that a metric exists for. */
export type Servers = 'all' | 'primary' | 'replicas';

/** How a metric is published. */
export interface Publication {
  /**
   * `server`: one series for each server. `environment`: one series, whose values are the rows of a query (salons, tables, slots).
   */
  readonly per: 'server' | 'environment';
  readonly servers: Servers;
  /**
   * `gauge`: published as read. `counter`: published as its growth since the publisher's last pass, so that a Sum is an increase.
   * `fingerprint`: published as 1 when it differs from the last pass, otherwise 0.
   */
  readonly kind: 'gauge' | 'counter' | 'fingerprint';
}

/** A column that the collector publishes. */
export interface CollectedMetric extends Publication {
  /** Its name in CloudWatch: the Prometheus name. */
  readonly metric: string;
  readonly column: string;
}

/** A query that the collector runs, and the metrics that it publishes from the rows. */
export interface CollectedQuery {
  readonly name: string;
  readonly sql: string;
  /** Whether it runs on the primary only. */
  readonly primaryOnly: boolean;
  /** Time that its rows are cached, seconds; only a part of it after the first run. 0: not cached. */
  readonly cacheSeconds: number;
  /** Columns that identify a row. */
  readonly labels: readonly string[];
  readonly metrics: readonly CollectedMetric[];
  /** Columns that are only logged: of salons, such as of how many messages, and of rows that are logged for a table of a dashboard. */
  readonly details: readonly string[];
}
