/** CloudWatch namespace of the metrics that the collector publishes. */
export const METRIC_NAMESPACE = 'WhatsAppSaaS/PostgreSQL';

/** What CloudWatch makes of a period without a value. */
export type MissingData = 'breaching' | 'notBreaching' | 'ignore' | 'missing';

/** How the values of one period become one value. */
export type Statistic = 'Average' | 'Maximum' | 'Minimum' | 'SampleCount' | 'Sum';

/** A metric, declared once for both its publisher and the alarms that read it. Every series has the dimension `Environment`. */
export interface MetricSource {
  /** What a value says. */
  readonly meaning: string;
  /** `boolean`: 0 or 1. Tells the compiler what an equality means, because CloudWatch has no alarm on equality. */
  readonly domain: 'boolean' | 'number';
  /** `server`: a series for each database server, told apart by the dimension `Server`; `environment`: one series in all. */
  readonly per: 'server' | 'environment';
  /** Seconds between two values, also the period of its alarms. */
  readonly periodSeconds: number;
  readonly statistic: Statistic;
  readonly missingData: MissingData;
}

/** Every metric by its Prometheus name, which is also its name in CloudWatch. */
export const METRIC_SOURCES = {
  pg_up: {
    meaning: '1 when the server let the collector log in and answered a query, 0 when it did not',
    domain: 'boolean',
    per: 'server',
    periodSeconds: 60,
    statistic: 'Minimum',
    // A server that nobody could ask is not known to be up.
    missingData: 'breaching',
  },
} as const satisfies Record<string, MetricSource>;

/** Names of the metrics that the collector publishes. */
export type MetricName = keyof typeof METRIC_SOURCES;
