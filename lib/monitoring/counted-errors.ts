import { METRIC_NAMESPACE } from '../contract/metrics';
import { logNamespace } from './compiler/target';
import { METRIC_SOURCES } from './sources/metric-sources';
import type { MetricSource } from './sources/source';

/** A metric of CloudWatch that counts something that went wrong. */
export interface CountedError {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** What it counts. */
  readonly meaning: string;
}

/** What the daily digest counts: lines of the servers' logs, and queries of the collector that failed. */
export function countedErrors(environment: string): CountedError[] {
  const lines = Object.entries(METRIC_SOURCES as Readonly<Record<string, MetricSource>>).flatMap(([metric, source]) =>
    source.from === 'log'
      ? [{ namespace: logNamespace(environment), metric, dimensions: {}, meaning: source.meaning }]
      : [],
  );
  const failed = 'collector_failed_queries';
  const { meaning } = METRIC_SOURCES[failed];
  return [...lines, { namespace: METRIC_NAMESPACE, metric: failed, dimensions: { Environment: environment }, meaning }];
}
