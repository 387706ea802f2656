/** Tables that the migrations make, in the order in which they make them. */
export const TABLES = [
  'salons',
  'bookings',
  'messages',
  'templates',
  'conversations',
  'webhook_logs',
  'ai_conversations',
  'ai_messages',
  'intent_analytics',
  'heartbeat',
  'database_sizes',
  'collector_state',
  'salon_capacities',
  'care_snapshots',
] as const;

/** Those of them that are not the application's: it has no right on them. */
export const OWN_TABLES = [
  'heartbeat',
  'database_sizes',
  'collector_state',
  'salon_capacities',
  'care_snapshots',
] as const satisfies (typeof TABLES)[number][];

/** Tables with rows of the application. */
export const APPLICATION_TABLES: readonly string[] = TABLES.filter(
  (name) => !(OWN_TABLES as readonly string[]).includes(name),
);
