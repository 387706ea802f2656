-- The conversations of a phone number in all salons.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_conversation_phone ON conversations (phone_number);
