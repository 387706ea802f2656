import type { PublishedSource } from './source';

const common = { from: 'collector', domain: 'number', periodSeconds: 60, missingData: 'notBreaching' } as const;
const ofServer = { ...common, kind: 'gauge', per: 'server', servers: 'all' } as const;
const ofPrimary = { ...common, kind: 'gauge', per: 'environment', servers: 'primary' } as const;

/**
 * What the collector publishes once a minute: `pg_up`, `collector_passes`, and of custom-queries.yaml every column that is named
 * here (`<query>_<column>`). A column that no alert and no dashboard reads stays unpublished: each series costs $0.30 a month.
 */
export const COLLECTOR_SOURCES = {
  collector_passes: {
    ...ofPrimary,
    meaning:
      'passes of the collector that came to their end; its absence is the heartbeat alarm of all that it publishes',
    missingData: 'breaching',
  },
  collector_failed_queries: {
    ...ofPrimary,
    meaning: 'queries of the pass that failed on a server that answers: what alerts read of them is missing',
  },
  pg_up: {
    ...ofServer,
    meaning: '1 when the server let the collector log in and answered a query, 0 when it did not',
    domain: 'boolean',
    missingData: 'breaching',
  },

  // The server.
  pg_connections_used: { ...ofServer, meaning: 'client sessions' },
  // One series for all servers, which saves $0.80 a month: Maximum is the same alarm as one for each, but does not name the server.
  pg_connections_idle_in_transaction: {
    ...common,
    kind: 'gauge',
    per: 'environment',
    servers: 'all',
    meaning: 'sessions idle in a transaction, each server',
  },
  pg_transactions_longest_seconds: { ...ofServer, meaning: 'age of the oldest open transaction, s' },
  pg_cache_hits: { ...ofServer, kind: 'counter', meaning: 'blocks found in shared buffers' },
  pg_cache_reads: { ...ofServer, kind: 'counter', meaning: 'blocks read from outside shared buffers' },
  pg_configuration_fingerprint: {
    ...common,
    kind: 'fingerprint',
    per: 'environment',
    servers: 'all',
    meaning: 'hash of all settings that come from configuration',
  },
  pg_configuration_pending_restart: {
    ...common,
    kind: 'gauge',
    per: 'environment',
    servers: 'all',
    meaning: 'settings that wait for a restart, on each server',
  },

  // Replication.
  replication_lag_lag_seconds: {
    ...ofServer,
    servers: 'replicas',
    meaning:
      'how far a replica’s data is behind its primary, s; 0 when it has replayed all that it received over a live stream',
  },
  pg_replicas_connected: {
    ...ofPrimary,
    domain: 'count',
    needs: 'replicas',
    meaning: 'replicas that stream from the primary',
  },
  pg_slots_inactive: { ...ofPrimary, meaning: 'replication slots without a consumer' },
  pg_slots_retained_bytes: { ...ofPrimary, meaning: 'WAL that a slot keeps, bytes, each slot' },

  // The database.
  pg_deadlocks_total: { ...ofPrimary, kind: 'counter', meaning: 'deadlocks' },
  pg_archiver_failed_total: { ...ofPrimary, kind: 'counter', meaning: 'failed attempts to archive a WAL file' },
  table_bloat_dead_ratio: {
    ...ofPrimary,
    meaning: 'dead rows as a share of all, each table; 0 for one of under 10,000',
  },
  pg_indexes_invalid: { ...ofPrimary, meaning: 'invalid indexes' },
  pg_sequences_used_ratio: { ...ofPrimary, meaning: 'used share of each sequence' },
  backup_size_growth_ratio: { ...ofPrimary, meaning: 'growth of the database since the day before, as a share' },

  // The application.
  booking_conflicts_conflict_count: { ...ofPrimary, meaning: 'overlapping confirmed bookings, each salon' },
  failed_messages_failed_ratio: {
    ...ofPrimary,
    meaning: 'failed messages of the last hour as a share of at least 20, each salon',
  },
  ai_response_time_avg_response_time_ms: {
    ...ofPrimary,
    meaning: 'average AI response of the last hour, ms, each salon and model',
  },
  ai_token_usage_tokens: { ...ofPrimary, meaning: 'tokens used in the last hour, each salon' },
  ai_cost_last_hour: { ...ofPrimary, meaning: 'cost of AI in the last hour, US dollars' },
  ai_cost_usual_hour: {
    ...ofPrimary,
    meaning: 'cost of AI in this hour of the day, average of the seven days before, US dollars, at least 1',
  },
  webhook_errors_error_count: { ...ofPrimary, meaning: 'webhook errors of the last hour, each salon and event type' },
  salon_bookings_count: {
    ...ofPrimary,
    domain: 'count',
    worst: 'lowest',
    meaning: 'bookings created in the last 24 hours, each active salon, 0 included',
  },

  // Dashboards only.
  bookings_total_count: { ...ofPrimary, meaning: 'bookings created in the last 24 hours, each salon and status' },
  messages_total_count: { ...ofPrimary, meaning: 'messages of the last hour, each salon, direction, type and status' },
  message_cost_total_cost: { ...ofPrimary, meaning: 'cost of messages in the last 24 hours, US dollars, each salon' },
  active_conversations_count: {
    ...ofPrimary,
    meaning: 'conversations with a message in the last 24 hours, each salon and status',
  },
  webhook_events_count: { ...ofPrimary, meaning: 'webhook events of the last hour, each salon, type and status' },
} as const satisfies Record<string, PublishedSource>;

/** Names of the metrics that the collector publishes. */
export type CollectorMetric = keyof typeof COLLECTOR_SOURCES;
