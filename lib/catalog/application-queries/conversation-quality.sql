-- Quality of the AI conversations, a row for each salon that has any, in place of loading every conversation with its messages.
-- The server reads the period's messages once, from idx_ai_msg_quality, and keeps one count for each conversation; the application gets
-- one row for each salon. MATERIALIZED, or each parallel worker would count all conversations for itself.
--
-- $1 text       a salon's id, or NULL for every salon
-- $2 timestamp  start of the period, UTC
-- $3 timestamp  end of the period, UTC, excluded
--
-- A conversation counts when it was active in the period ($2 <= last_activity < $3), with its messages of the period; one without a
-- message counts with none. Returns
--   salon_id text
--   conversations bigint, active_conversations bigint     all of them, and those with a message in the period
--   inbound_messages bigint, outbound_messages bigint
--   messages_per_conversation double precision            over all of them
--   longest_conversation bigint                           messages of the longest
--   answered_conversations bigint                         with both an inbound and an outbound message
--   average_response_ms double precision                  over outbound messages with a time; NULL when there is none
--   tokens bigint, cost double precision                  of the period's messages
WITH counted AS MATERIALIZED (
  SELECT salon_id, conversation_id,
         count(*) AS messages,
         count(*) FILTER (WHERE direction = 'INBOUND') AS inbound,
         count(response_time_ms) FILTER (WHERE direction = 'OUTBOUND') AS timed,
         sum(response_time_ms) FILTER (WHERE direction = 'OUTBOUND') AS response_ms,
         sum(tokens_used) AS tokens,
         sum(cost) AS cost
    FROM ai_messages
   WHERE ($1::text IS NULL OR salon_id = $1::text)
     AND created_at >= $2::timestamp AND created_at < $3::timestamp
   GROUP BY salon_id, conversation_id
)
SELECT conversation.salon_id,
       count(*) AS conversations,
       count(counted.conversation_id) AS active_conversations,
       coalesce(sum(inbound), 0)::bigint AS inbound_messages,
       coalesce(sum(messages - inbound), 0)::bigint AS outbound_messages,
       (coalesce(sum(messages), 0) / count(*))::double precision AS messages_per_conversation,
       coalesce(max(messages), 0) AS longest_conversation,
       count(*) FILTER (WHERE inbound > 0 AND messages > inbound) AS answered_conversations,
       (sum(response_ms) / nullif(sum(timed), 0))::double precision AS average_response_ms,
       coalesce(sum(tokens), 0)::bigint AS tokens,
       coalesce(sum(cost), 0) AS cost
  FROM ai_conversations AS conversation LEFT JOIN counted USING (salon_id, conversation_id)
 WHERE ($1::text IS NULL OR conversation.salon_id = $1::text)
   AND conversation.last_activity >= $2::timestamp AND conversation.last_activity < $3::timestamp
 GROUP BY conversation.salon_id
 ORDER BY conversation.salon_id
