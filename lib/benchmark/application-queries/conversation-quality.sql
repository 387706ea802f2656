-- Quality of the AI conversations: one row for each salon that has any. Replaces loading every conversation with its messages.
-- The server reads the period's messages once, from idx_ai_msg_quality and in the order of that index, so that it keeps one conversation
-- and one salon in memory at a time.
--
-- $1 text       a salon's id, or NULL for every salon
-- $2 timestamp  start of the period, UTC
-- $3 timestamp  end of the period, UTC, excluded
--
-- A conversation counts when it has a message in the period, and only its messages of the period count. So a conversation that went on
-- afterwards still counts; ai_conversations.last_activity could not tell that. Returns
--   salon_id text
--   conversations bigint
--   inbound_messages bigint, outbound_messages bigint
--   messages_per_conversation double precision
--   longest_conversation bigint                           messages of the longest
--   answered_conversations bigint                         with both an inbound and an outbound message
--   average_response_ms double precision                  over messages with a response time, which are replies; NULL when there is none
--   tokens bigint, cost double precision
SELECT salon_id,
       count(*) AS conversations,
       sum(inbound)::bigint AS inbound_messages,
       sum(messages - inbound)::bigint AS outbound_messages,
       (sum(messages) / count(*))::double precision AS messages_per_conversation,
       max(messages) AS longest_conversation,
       count(*) FILTER (WHERE inbound > 0 AND messages > inbound) AS answered_conversations,
       (sum(response_ms) / nullif(sum(timed), 0))::double precision AS average_response_ms,
       coalesce(sum(tokens), 0)::bigint AS tokens,
       coalesce(sum(cost), 0) AS cost
  FROM (SELECT salon_id, conversation_id,
               count(*) AS messages,
               count(*) FILTER (WHERE direction = 'INBOUND') AS inbound,
               count(response_time_ms) AS timed,
               sum(response_time_ms) AS response_ms,
               sum(tokens_used) AS tokens,
               sum(cost) AS cost
          FROM ai_messages
         WHERE ($1::text IS NULL OR salon_id = $1::text)
           AND created_at >= $2::timestamp AND created_at < $3::timestamp
         GROUP BY salon_id, conversation_id) AS conversation
 GROUP BY salon_id
 ORDER BY salon_id
