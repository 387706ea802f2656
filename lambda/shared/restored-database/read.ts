import { type Client, escapeIdentifier } from 'pg';

/** A migration of Prisma's migration history that is finished. */
export interface FinishedMigration {
  readonly name: string;
  readonly finishedAt: Date;
}

/** Rows of a foreign key that point to nothing. */
export interface OrphanedRows {
  /** Name of the foreign key. */
  readonly foreignKey: string;
  readonly rows: number;
}

/** What a database says of its own completeness, as drill_user sees it. */
export interface DatabaseFacts {
  readonly finishedMigrations: readonly FinishedMigration[];
  /** Migrations that began and neither finished nor were rolled back. */
  readonly unfinishedMigrations: readonly string[];
  /** Newest heartbeat, which the collector writes each minute: how far the data reaches. Undefined without one. */
  readonly heartbeatAt: Date | undefined;
  readonly unvalidatedForeignKeys: readonly string[];
  readonly orphans: readonly OrphanedRows[];
  readonly invalidIndexes: readonly string[];
  /** Whether every page carries a checksum. */
  readonly dataChecksums: boolean;
  /** What app_user may not do although the application does it: `DELETE on bookings`; `log in`. */
  readonly missingApplicationRights: readonly string[];
}

/** Rows of one table up to a moment. */
export interface TableRows {
  readonly table: string;
  /** Rows whose created_at is not after the moment. */
  readonly rows: number;
  /** The newest created_at among them. */
  readonly newest: Date | undefined;
}

/** Tables of the application: those of public that have a created_at, by which copies are compared. */
const COMPARED_TABLES = `
  SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'created_at'
   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
     AND has_column_privilege(c.oid, a.attnum, 'SELECT')
   ORDER BY 1`;

const INVALID_INDEXES = `
  SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
   WHERE NOT i.indisvalid AND c.relnamespace = 'public'::regnamespace ORDER BY 1`;

const UNVALIDATED_FOREIGN_KEYS = `
  SELECT conname AS name FROM pg_constraint
   WHERE contype = 'f' AND NOT convalidated AND connamespace = 'public'::regnamespace ORDER BY 1`;

/** Foreign keys of one column, which all of ours are. */
const FOREIGN_KEYS = `
  SELECT k.conname AS name, k.conrelid::regclass::text AS child, k.confrelid::regclass::text AS parent,
         quote_ident(child.attname) AS "childColumn", quote_ident(parent.attname) AS "parentColumn"
    FROM pg_constraint k
    JOIN pg_attribute child ON child.attrelid = k.conrelid AND child.attnum = k.conkey[1]
    JOIN pg_attribute parent ON parent.attrelid = k.confrelid AND parent.attnum = k.confkey[1]
   WHERE k.contype = 'f' AND cardinality(k.conkey) = 1 AND k.connamespace = 'public'::regnamespace ORDER BY 1`;

const MISSING_APPLICATION_RIGHTS = `
  SELECT 'log in' AS name WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app_user' AND rolcanlogin)
   UNION ALL
  SELECT wanted || ' on ' || tables.name
    FROM (${COMPARED_TABLES}) tables, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) wanted
   WHERE EXISTS (SELECT FROM pg_roles WHERE rolname = 'app_user')
     AND NOT has_table_privilege('app_user', 'public.' || quote_ident(tables.name), wanted)`;

/**
 * Reads everything but row counts. Needs what the migrations grant to drill_user.
 * @throws the driver's error where that is missing, such as 42P01 in a database that was never migrated
 */
export async function readFacts(client: Client): Promise<DatabaseFacts> {
  const names = async (sql: string) => (await client.query<{ name: string }>(sql)).rows.map(({ name }) => name);
  const history = await readHistory(client);
  const { rows: beats } = await client.query<{ at: Date }>('SELECT beat_at AS at FROM public.heartbeat');
  const { rows: checksums } = await client.query<{ value: string }>(
    "SELECT current_setting('data_checksums') AS value",
  );
  return {
    finishedMigrations: finished(history),
    unfinishedMigrations: history.filter(({ finishedAt }) => !finishedAt).map(({ name }) => name),
    heartbeatAt: beats[0]?.at,
    unvalidatedForeignKeys: await names(UNVALIDATED_FOREIGN_KEYS),
    orphans: await countOrphans(client),
    invalidIndexes: await names(INVALID_INDEXES),
    dataChecksums: checksums[0]?.value === 'on',
    missingApplicationRights: await names(MISSING_APPLICATION_RIGHTS),
  };
}

/** The migrations that a database has, by its history. */
export async function readFinishedMigrations(client: Client): Promise<FinishedMigration[]> {
  return finished(await readHistory(client));
}

/** Counts the rows of every table of the application that were created up to a moment. A table that is not there is not in the answer. */
export async function countRows(client: Client, until: Date): Promise<TableRows[]> {
  const { rows: tables } = await client.query<{ name: string }>(COMPARED_TABLES);
  const counted: TableRows[] = [];
  for (const { name } of tables) {
    // The columns without a zone mean UTC, and so does the session.
    const { rows } = await client.query<{ rows: string; newest: string | null }>(
      `SELECT count(*) AS rows, to_char(max(created_at), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS newest
         FROM public.${escapeIdentifier(name)} WHERE created_at <= $1::timestamptz AT TIME ZONE 'UTC'`,
      [until],
    );
    const newest = rows[0]?.newest;
    counted.push({ table: name, rows: Number(rows[0]?.rows), newest: newest ? new Date(newest) : undefined });
  }
  return counted;
}

interface HistoryEntry {
  readonly name: string;
  readonly finishedAt: Date | null;
}

async function readHistory(client: Client): Promise<HistoryEntry[]> {
  const { rows } = await client.query<HistoryEntry>(
    `SELECT migration_name AS name, finished_at AS "finishedAt" FROM public._prisma_migrations
      WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  return rows;
}

function finished(history: readonly HistoryEntry[]): FinishedMigration[] {
  return history.flatMap(({ name, finishedAt }) => (finishedAt ? [{ name, finishedAt }] : []));
}

async function countOrphans(client: Client): Promise<OrphanedRows[]> {
  const { rows: keys } =
    await client.query<Record<'name' | 'child' | 'parent' | 'childColumn' | 'parentColumn', string>>(FOREIGN_KEYS);
  const orphans: OrphanedRows[] = [];
  // The names are quoted by the server.
  for (const { name, child, parent, childColumn, parentColumn } of keys) {
    const { rows } = await client.query<{ rows: string }>(
      `SELECT count(*) AS rows FROM ${child} child
        WHERE child.${childColumn} IS NOT NULL
          AND NOT EXISTS (SELECT FROM ${parent} parent WHERE parent.${parentColumn} = child.${childColumn})`,
    );
    const count = Number(rows[0]?.rows);
    if (count > 0) orphans.push({ foreignKey: name, rows: count });
  }
  return orphans;
}
