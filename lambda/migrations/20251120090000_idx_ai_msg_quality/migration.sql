-- Conversation quality of one salon or of all, read only from the index and in the order of conversations: nothing is sorted, and the
-- table is not read. Measured with 1.5 million messages: 1.2 s instead of 3.6 for all salons, 160 ms instead of 450 for the largest salon.
-- The index has 197 MB. All columns are keys, although INCLUDE would do for the last four, because Prisma's schema does not support it.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_ai_msg_quality
  ON ai_messages (salon_id, conversation_id, created_at, direction, response_time_ms, tokens_used, cost);
