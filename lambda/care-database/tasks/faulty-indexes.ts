import { lookAt, type Task } from '../task';

/** Same table, columns, order, expressions and condition: the server keeps both up to date and needs one. */
const DUPLICATES = `
  SELECT min(indexrelid::regclass::text) AS kept, array_agg(indexrelid::regclass::text ORDER BY 1) AS all
    FROM (SELECT indexrelid, indrelid, indkey::text, indclass::text, indcollation::text, indoption::text, indisunique,
                 coalesce(indexprs::text, '') AS expressions, coalesce(indpred::text, '') AS condition, relam
            FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
           WHERE relnamespace = 'public'::regnamespace AND indisvalid) AS indexes
   GROUP BY indrelid, indkey, indclass, indcollation, indoption, indisunique, expressions, condition, relam
  HAVING count(*) > 1 ORDER BY 1`;

const INVALID = `
  SELECT indexrelid::regclass::text AS index, indrelid::regclass::text AS table
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
   WHERE NOT indisvalid AND relnamespace = 'public'::regnamespace ORDER BY 1`;

/** Of another role's build the server tells this role only that it runs, not of which index. */
const BUILDS = 'SELECT count(*)::int AS running FROM pg_stat_progress_create_index WHERE datname = current_database()';

/** Indexes that are there twice. */
export const duplicateIndexes: Task = {
  title: 'Duplicate indexes',
  run: async (sessions) => {
    const session = await sessions.primary();
    const { rows } = await session.query<{ kept: string; all: string[] }>(DUPLICATES);
    return lookAt(
      rows.map(({ all }) => `${all.join(', ')} are the same index; keep one and drop the others in a migration`),
      'none',
    );
  },
};

/** Indexes that an interrupted build left, which cost writes and answer no query. */
export const invalidIndexes: Task = {
  title: 'Invalid indexes',
  run: async (sessions) => {
    const session = await sessions.primary();
    const { rows: builds } = await session.query<{ running: number }>(BUILDS);
    if (builds[0]!.running > 0)
      return { state: 'fine', lines: ['not judged: an index is being built, and is invalid until then'] };
    const { rows } = await session.query<{ index: string; table: string }>(INVALID);
    return lookAt(
      rows.map(
        ({ index, table }) =>
          `${index} on ${table}: its build was interrupted. REINDEX INDEX CONCURRENTLY ${index} builds it again`,
      ),
      'none',
    );
  },
};
