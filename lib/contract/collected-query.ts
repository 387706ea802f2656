/** The servers that a metric exists for. */
export type Servers = 'all' | 'primary' | 'replicas';

/** How a published metric is read and told apart. */
export interface Publication {
  /**
   * `server`: a series for each server. `environment`: one series, whose values are the rows of a query (a salon, a table, a slot).
   */
  readonly per: 'server' | 'environment';
  readonly servers: Servers;
  /**
   * `gauge`: published as read. `counter`: published as what it grew by since the publisher's last pass, so that a Sum is an
   * increase. `fingerprint`: published as 1 where it differs from the last pass, else 0.
   */
  readonly kind: 'gauge' | 'counter' | 'fingerprint';
  /** Which end of a series of salons the log names as the worst ones. Default: the highest. */
  readonly worst?: 'highest' | 'lowest';
}

/** A column that the collector publishes. */
export interface CollectedMetric extends Publication {
  /** Its name in CloudWatch: the Prometheus name. */
  readonly metric: string;
  readonly column: string;
}

/** A query that the collector asks, with what it publishes of it. */
export interface CollectedQuery {
  readonly name: string;
  readonly sql: string;
  /** Whether only the primary is asked. */
  readonly primaryOnly: boolean;
  /** How long its rows stand for later ones, seconds; the first ones a part of it. 0: asked each time. */
  readonly cacheSeconds: number;
  /** Columns that tell rows apart. */
  readonly labels: readonly string[];
  readonly metrics: readonly CollectedMetric[];
}
