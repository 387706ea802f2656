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
] as const;
