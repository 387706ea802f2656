import type { PublishedSource } from './source';

const common = { from: 'collector', domain: 'number', periodSeconds: 60, missingData: 'notBreaching' } as const;
const ofServer = { ...common, kind: 'gauge', per: 'server', servers: 'all' } as const;
const ofPrimary = { ...common, kind: 'gauge', per: 'environment', servers: 'primary' } as const;
const ofApplication = { ...ofPrimary, about: 'application' } as const;

/** The collector passes each minute. Its first passes may fail while AWS is still setting up its network and its permissions. */
const FIRST_PASS_MINUTES = 30;

/**
 * The metrics that the collector publishes once a minute: those it knows without a query, such as `pg_up`, and every column of
 * custom-queries.yaml that is named here (`<query>_<column>`). Do not publish a column that no alert and no dashboard reads: each
 * series costs $0.30 a month.
 */
export const COLLECTOR_SOURCES = {
  collector_passes: {
    ...ofPrimary,
    meaning: 'completed passes of the collector; their absence is the heartbeat alarm for all metrics of the collector',
    missingData: 'breaching',
    firstValueMinutes: FIRST_PASS_MINUTES,
  },
  collector_failed_queries: {
    ...ofPrimary,
    meaning: 'queries of a pass that failed on a server that answers; alerts on their metrics have no values',
  },
  pg_up: {
    ...ofServer,
    meaning: '1 when the server let the collector log in and answered a query, 0 when it did not',
    domain: 'boolean',
  },

  // The server.
  pg_connections_used: { ...ofServer, meaning: 'client sessions', atMost: 'pg_connections_maximum' },
  // One series for all servers saves $0.80 a month. An alarm on Maximum fires as one alarm per server would, but does not name the server.
  pg_connections_idle_in_transaction: {
    ...common,
    kind: 'gauge',
    per: 'environment',
    servers: 'all',
    meaning: 'sessions idle in a transaction, each server',
  },
  pg_transactions_longest_seconds: { ...ofServer, meaning: 'age of the oldest open transaction', unit: 's' },
  pg_server_uptime_seconds: {
    ...common,
    kind: 'gauge',
    per: 'environment',
    servers: 'all',
    meaning: 'time since the server started or recovered from a crash, each server',
    unit: 's',
  },
  pg_blocked_sessions: { ...ofPrimary, meaning: 'sessions that wait for a lock' },
  // Each server has a volume of its own.
  pg_checksums_failures_total: {
    ...common,
    kind: 'counter',
    per: 'environment',
    servers: 'all',
    meaning: 'pages that were read with a wrong checksum, each server',
  },
  pg_cache_hits: { ...ofServer, kind: 'counter', meaning: 'blocks found in shared buffers' },
  pg_cache_reads: { ...ofServer, kind: 'counter', meaning: 'blocks that were not in shared buffers' },
  pg_configuration_fingerprint: {
    ...common,
    kind: 'fingerprint',
    per: 'environment',
    servers: 'all',
    meaning: 'hash of all configured settings',
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
      'how far a replica’s data is behind its primary; 0 when it has replayed all that it received over a live stream',
    unit: 's',
  },
  pg_replicas_connected: {
    ...ofPrimary,
    domain: 'count',
    needs: 'replicas',
    meaning: 'replicas that stream from the primary',
  },
  pg_slots_inactive: { ...ofPrimary, meaning: 'replication slots without a consumer' },
  pg_slots_retained_bytes: {
    ...ofPrimary,
    meaning: 'WAL that each replication slot keeps',
    unit: 'bytes',
    atMost: 'pg_slots_keep_bytes',
  },
  pg_subscription_behind_seconds: {
    ...ofPrimary,
    needs: 'import',
    meaning: 'age of the last message that each enabled subscription has read',
    unit: 's',
  },
  pg_subscription_errors_total: {
    ...ofPrimary,
    kind: 'counter',
    needs: 'import',
    meaning: 'errors of subscriptions',
  },

  // The database.
  pg_deadlocks_total: { ...ofPrimary, kind: 'counter', meaning: 'deadlocks' },
  pg_archiver_failed_total: { ...ofPrimary, kind: 'counter', meaning: 'failed attempts to archive a WAL file' },
  table_bloat_dead_ratio: {
    ...ofPrimary,
    meaning: 'dead rows as a share of all rows, each table; 0 for a table of under 10,000 rows',
    highest: 1,
  },
  pg_indexes_invalid: { ...ofPrimary, meaning: 'invalid indexes' },
  pg_sequences_used_ratio: { ...ofPrimary, meaning: 'used share of each sequence', highest: 1 },
  backup_size_growth_ratio: {
    ...ofPrimary,
    meaning: 'growth of the database since the day before, as a share',
    lowest: -1,
  },

  // The application.
  booking_conflicts_conflict_count: {
    ...ofApplication,
    meaning: 'bookings of the last hour at a time when the salon has more than it usually can take, each such salon',
  },
  failed_messages_failed_ratio: {
    ...ofApplication,
    meaning: 'failed messages as a share of those sent, each salon; 0 while too few failed to judge',
    highest: 1,
  },
  ai_response_time_avg_response_time_ms: {
    ...ofApplication,
    meaning: 'average AI response time of the last hour, each salon and model with at least 20 responses',
    unit: 'ms',
  },
  ai_token_usage_unusual_tokens: {
    ...ofApplication,
    meaning: 'tokens used in the last hour, each salon; 0 unless they are over three times its usual',
  },
  ai_cost_last_hour: { ...ofApplication, meaning: 'cost of AI in the last hour', unit: 'US dollars' },
  ai_cost_usual_hour: {
    ...ofApplication,
    meaning: 'cost of AI in this hour of the day, average of the seven days before; at least 1',
    unit: 'US dollars',
  },
  webhook_errors_error_count: {
    ...ofApplication,
    meaning: 'webhook errors of the last hour, each salon and event type',
  },
  service_traffic_messages: { ...ofApplication, meaning: 'messages that came in within half an hour' },
  usual_traffic_messages: {
    ...ofApplication,
    meaning: 'messages of the same half hour one to four weeks before, on average',
  },
  silent_salons_is_new: {
    ...ofApplication,
    domain: 'boolean',
    meaning: '1 for a salon in the first hour of an unusual silence, then 0, each silent salon',
  },

  // Read by dashboards only.
  bookings_total_count: { ...ofApplication, meaning: 'bookings created in the last 24 hours, each salon and status' },
  messages_total_count: {
    ...ofApplication,
    meaning: 'messages of the last hour, each salon, direction, type and status',
  },
  message_cost_total_cost: {
    ...ofApplication,
    meaning: 'cost of messages in the last 24 hours, each salon',
    unit: 'US dollars',
  },
  active_conversations_count: {
    ...ofApplication,
    meaning: 'conversations with a message in the last 24 hours, each salon and status',
  },
  webhook_events_count: { ...ofApplication, meaning: 'webhook events of the last hour, each salon, type and status' },
} as const satisfies Record<string, PublishedSource>;
