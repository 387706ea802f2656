import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import type { MetricName } from '../../lib/catalog/metric-sources';
import type { ServerReading } from './read';

/** The readings of one pass as CloudWatch metrics. */
export function metricData(readings: readonly ServerReading[], environment: string, timestamp: Date): MetricDatum[] {
  return readings.map(({ server, up }) => ({
    MetricName: 'pg_up' satisfies MetricName,
    Dimensions: [
      { Name: 'Environment', Value: environment },
      { Name: 'Server', Value: server },
    ],
    Timestamp: timestamp,
    Value: up ? 1 : 0,
  }));
}
