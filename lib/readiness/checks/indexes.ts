import { check, noneOf, WEIGHTS } from '../check';
import type { Database } from '../database';

/** A smaller index costs little, also if nobody reads it. */
const LARGE_INDEX_BYTES = 10 * 1024 ** 2;

/** Names that a statement reads. */
function names(sql: string): (database: Database) => Promise<string[]> {
  return async ({ rows }) => (await rows<{ name: string }>(sql)).map(({ name }) => name);
}

/** Tables of users, also partitions' parents, but no temporary ones. */
const USERS = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

/** Indexes and keys of any application. */
export const INDEX_CHECKS = [
  check({
    name: 'foreign keys are indexed',
    area: 'indexes',
    weight: WEIGHTS.work,
    question:
      'Does every foreign key have an index that begins with its columns, so that a deleted row is not searched for in the whole table?',
    action: 'CREATE INDEX CONCURRENTLY on the columns of the foreign key',
    read: names(
      `SELECT format('%I.%I', c.relname, k.conname) AS name
         FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE k.contype = 'f' AND k.conparentid = 0 AND ${USERS}
          AND NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = k.conrelid AND i.indisvalid AND i.indpred IS NULL
                AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] <@ k.conkey)
        ORDER BY 1`,
    ),
    decide: (found) => noneOf(found, 'every foreign key has an index'),
  }),
  check({
    name: 'no index is invalid',
    area: 'indexes',
    weight: WEIGHTS.work,
    question: 'Is there no index that a failed build left behind, which slows writes and helps no query?',
    action: 'DROP INDEX CONCURRENTLY, and build it again',
    read: names(
      `SELECT i.indexrelid::regclass::text AS name FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE NOT (i.indisvalid AND i.indisready) AND c.relkind = 'i' AND ${USERS} ORDER BY 1`,
    ),
    decide: (found) => noneOf(found, 'every index is valid'),
  }),
  check({
    name: 'no index is there twice',
    area: 'indexes',
    weight: WEIGHTS.work,
    question: 'Does no table have two indexes on the same columns in the same way?',
    action: 'DROP INDEX CONCURRENTLY one of them; keep the one of a constraint',
    read: names(
      `SELECT string_agg(i.indexrelid::regclass::text, ' = ' ORDER BY i.indexrelid) AS name
         FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE i.indisvalid AND ${USERS}
        GROUP BY i.indrelid, c.relam, i.indkey::text, i.indnkeyatts, i.indclass::text, i.indcollation::text, i.indoption::text,
                 pg_get_expr(i.indexprs, i.indrelid), pg_get_expr(i.indpred, i.indrelid)
       HAVING count(*) > 1 ORDER BY 1`,
    ),
    decide: (found) => noneOf(found, 'every index is different'),
  }),
  check({
    name: 'large indexes are used',
    area: 'indexes',
    weight: WEIGHTS.work,
    question: `Was every index of more than ${LARGE_INDEX_BYTES / 1024 ** 2} MiB read since the statistics began? A replica may use what the primary does not`,
    action: 'look whether a replica or a monthly job uses it; if not, DROP INDEX CONCURRENTLY',
    read: names(
      `SELECT i.indexrelid::regclass::text AS name FROM pg_index AS i JOIN pg_stat_user_indexes AS s ON s.indexrelid = i.indexrelid
        WHERE s.idx_scan = 0 AND NOT i.indisunique AND NOT i.indisexclusion AND pg_relation_size(i.indexrelid) > ${LARGE_INDEX_BYTES} ORDER BY 1`,
    ),
    decide: (found) => noneOf(found, 'no large index is unused'),
  }),
  check({
    name: 'every table has a primary key',
    area: 'indexes',
    weight: WEIGHTS.work,
    question: 'Can each row be told from the others, as logical replication and most tools need?',
    action: 'add a primary key; for a table in use build a unique index CONCURRENTLY, then ADD PRIMARY KEY USING INDEX',
    read: names(
      `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't' AND ${USERS}
          AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid AND indisprimary)
          AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e') ORDER BY 1`,
    ),
    decide: (found) => noneOf(found, 'every table has one'),
  }),
];
