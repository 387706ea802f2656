-- Metrics over a time window (messages_total, message_cost, failed_messages): no other index begins with created_at, so without it each
-- pass would read the whole table. BRIN, because rows are inserted in the order of created_at. Measured with 3 million messages: 12 ms
-- instead of 312, and 0.4 MB for the BRIN indexes of four tables together. B-trees took 8 ms, but 218 MB for six of them, and slow down
-- every insert. 32 pages per range, because the default of 128 reads four times as much for an hour. autosummarize, because a range
-- without a summary is read completely.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_message_created_brin ON messages
  USING brin (created_at) WITH (pages_per_range = 32, autosummarize = on);
