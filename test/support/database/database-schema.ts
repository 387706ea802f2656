import type { Client } from 'pg';
import { names } from './migration-server';

const LINES = [
  `SELECT format('enum %I: %s', typname, string_agg(enumlabel, ', ' ORDER BY enumsortorder)) AS name
     FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid GROUP BY typname`,
  `SELECT format('table %s', relname) AS name FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> '_prisma_migrations'`,
  `SELECT format('column %s.%s %s', relname, attname, format_type(atttypid, atttypmod))
            || CASE WHEN attnotnull THEN ' not null' ELSE '' END || coalesce(' default ' || pg_get_expr(adbin, adrelid), '') AS name
     FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> '_prisma_migrations'
      AND attnum > 0 AND NOT attisdropped`,
  `SELECT format('%s %s on %s%s (%s)',
            CASE WHEN indisprimary THEN 'primary key' WHEN indisunique THEN 'unique index' ELSE 'index' END, entry.relname, owner.relname,
            CASE WHEN indisprimary THEN '' ELSE ' using ' || amname END,
            (SELECT string_agg(pg_get_indexdef(indexrelid, n, true)
                      || CASE WHEN amname = 'btree' AND pg_index_column_has_property(indexrelid, n, 'desc') THEN ' desc' ELSE '' END, ', ' ORDER BY n)
               FROM generate_series(1, indnkeyatts) AS n)
            || coalesce(' where ' || pg_get_expr(indpred, indrelid), '')) AS name
     FROM pg_index JOIN pg_class AS entry ON entry.oid = indexrelid JOIN pg_class AS owner ON owner.oid = indrelid
          JOIN pg_am ON pg_am.oid = entry.relam
    WHERE owner.relnamespace = 'public'::regnamespace AND owner.relname <> '_prisma_migrations' AND indisvalid`,
  `SELECT format('foreign key %s on %s (%s) to %s (%s) on delete %s on update %s', conname, conrelid::regclass,
            (SELECT string_agg(attname, ', ') FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY (conkey)), confrelid::regclass,
            (SELECT string_agg(attname, ', ') FROM pg_attribute WHERE attrelid = confrelid AND attnum = ANY (confkey)),
            CASE confdeltype WHEN 'c' THEN 'cascade' ELSE confdeltype::text END,
            CASE confupdtype WHEN 'c' THEN 'cascade' ELSE confupdtype::text END) AS name
     FROM pg_constraint WHERE contype = 'f'`,
];

/** Every table, column, key, valid index and enum of a database's schema public, a line each, sorted. */
export async function describeDatabaseSchema(client: Client): Promise<string[]> {
  const lines: string[] = [];
  for (const sql of LINES) lines.push(...(await names(client, sql)));
  return lines.sort();
}
