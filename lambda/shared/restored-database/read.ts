import { type Client, escapeIdentifier } from 'pg';
import {
  COMPARED_TABLES,
  EXCESS_RIGHTS,
  FOREIGN_KEYS,
  INVALID_INDEXES,
  MISSING_APPLICATION_RIGHTS,
  UNVALIDATED_CONSTRAINTS,
} from './queries';

/** A finished migration of the migration history. */
export interface FinishedMigration {
  readonly name: string;
  readonly finishedAt: Date;
}

/** Rows whose foreign key references a row that does not exist. */
interface OrphanedRows {
  /** Name of the foreign key. */
  readonly foreignKey: string;
  readonly rows: number;
}

/** What shows whether a database is complete, as drill_user sees it. */
export interface DatabaseIntegrity {
  readonly finishedMigrations: readonly FinishedMigration[];
  /** Migrations that began and neither finished nor were rolled back. */
  readonly unfinishedMigrations: readonly string[];
  /** Newest heartbeat, which the collector writes each minute: the data reaches this far. Undefined when there is none. */
  readonly heartbeatAt: Date | undefined;
  /** Foreign keys and checks that old rows may violate. */
  readonly unvalidatedConstraints: readonly string[];
  readonly orphans: readonly OrphanedRows[];
  readonly invalidIndexes: readonly string[];
  /** Whether every page carries a checksum. */
  readonly dataChecksums: boolean;
  /** Rights that the application needs and app_user does not have, such as `DELETE on bookings` or `log in`. */
  readonly missingApplicationRights: readonly string[];
  /** What roles may do and must not, such as `app_user may TRUNCATE bookings` or `readonly_user is a superuser`. */
  readonly excessRights: readonly string[];
}

/** Rows of one table up to a moment. */
export interface TableRows {
  readonly table: string;
  /** Rows whose created_at is not after the moment. */
  readonly rows: number;
  /** The newest created_at among them. */
  readonly newest: Date | undefined;
}

/**
 * Reads everything except row counts. Needs what the migrations grant to drill_user.
 * @throws the driver's error when that is missing, such as 42P01 in a database that was never migrated
 */
export async function readIntegrity(client: Client): Promise<DatabaseIntegrity> {
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
    unvalidatedConstraints: await names(UNVALIDATED_CONSTRAINTS),
    orphans: await countOrphans(client),
    invalidIndexes: await names(INVALID_INDEXES),
    dataChecksums: checksums[0]?.value === 'on',
    missingApplicationRights: await names(MISSING_APPLICATION_RIGHTS),
    excessRights: await names(EXCESS_RIGHTS),
  };
}

/** The finished migrations of a database's migration history. */
export async function readFinishedMigrations(client: Client): Promise<FinishedMigration[]> {
  return finished(await readHistory(client));
}

/** Counts the rows of every table of the application that were created up to a moment. A table that does not exist is left out. */
export async function countRows(client: Client, until: Date): Promise<TableRows[]> {
  const { rows: tables } = await client.query<{ name: string }>(COMPARED_TABLES);
  const counted: TableRows[] = [];
  for (const { name } of tables) {
    // The columns have no time zone and hold UTC.
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
