-- Popular intents, from the counts that refresh_intent_analytics keeps. Replaces grouping ai_messages.
--
-- $1 text     a salon's id, or NULL for all salons together
-- $2 date     first day, UTC
-- $3 date     last day, UTC, included
-- $4 integer  how many intents at most
--
-- Returns intent text, messages bigint, most frequent first.
SELECT intent, sum(count)::bigint AS messages
  FROM intent_analytics
 WHERE ($1::text IS NULL OR salon_id = $1::text)
   AND date BETWEEN $2::date AND $3::date
 GROUP BY intent
 ORDER BY messages DESC, intent
 LIMIT $4::integer
