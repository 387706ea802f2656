import type { PublishedSource } from './sources/source';

/** A column that the collector publishes. */
export interface CollectedMetric extends Pick<PublishedSource, 'kind' | 'per' | 'servers' | 'worst'> {
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

/** File beside the collector's code that holds its queries: a CollectedQuery[] as JSON, made of custom-queries.yaml. */
export const COLLECTION_FILE = 'collection.json';

/** Column that names a salon. */
export const SALON_LABEL = 'salon_id';
