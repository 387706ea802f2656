import type { ComparedTable } from '../../../lib/contract/drill/state';
import { APP_USER } from '../../../lib/contract/roles';
import type { DatabaseIntegrity, FinishedMigration, TableRows } from './read';

/**
 * Rows created in the last minute before the newest heartbeat are not compared: created_at is the time of the application's statement,
 * which may commit a little later. Longer than app_user's statement_timeout (30 s). ms.
 */
const SETTLING_MS = 60_000;
/** Share of a table's rows that may be missing: rows that were written to the source later with an earlier created_at. */
const MISSING_ROWS_TOLERANCE = 0.001;

/** The faults of a restored database that show without its source; empty when it is complete. Sentences without a full stop. */
export function faultsOf(integrity: DatabaseIntegrity): string[] {
  const { finishedMigrations, unfinishedMigrations, heartbeatAt, orphans } = integrity;
  return [
    ...(finishedMigrations.length === 0 ? ['the migration history is empty'] : []),
    ...listed('migrations began and did not finish', unfinishedMigrations),
    ...(heartbeatAt ? [] : ['there is no heartbeat, so it is unknown how far the data reaches']),
    ...listed('constraints are not validated', integrity.unvalidatedConstraints),
    ...orphans.map(({ foreignKey, rows }) => `${rows} rows of ${foreignKey} point to nothing`),
    ...listed('indexes are invalid', integrity.invalidIndexes),
    ...listed(`${APP_USER} may not`, integrity.missingApplicationRights),
    ...listed('roles may do what they must not', integrity.excessRights),
  ];
}

/** The moment that restored data should reach. */
export interface DataReach {
  readonly at: Date;
  /** How much older the newest heartbeat may be, ms. */
  readonly toleranceMs: number;
}

/** The fault of a database whose data ends long before the moment that it should reach: it is another backup, or an incomplete one. */
export function reachFaults(heartbeatAt: Date | undefined, { at, toleranceMs }: DataReach): string[] {
  const ageMs = heartbeatAt ? at.getTime() - heartbeatAt.getTime() : 0;
  if (!heartbeatAt || !(ageMs > toleranceMs)) return [];
  const hours = (ms: number) => `${(ms / 3_600_000).toFixed(1)} h`;
  return [
    `the newest heartbeat is of ${heartbeatAt.toISOString()}, ${hours(ageMs)} before ${at.toISOString()}; allowed: ${hours(toleranceMs)}. The data is older than it should be, or the collector did not run then`,
  ];
}

/** The moment up to which the rows of a restored database are compared with its source's. */
export function comparedUntil(heartbeatAt: Date): Date {
  return new Date(heartbeatAt.getTime() - SETTLING_MS);
}

/** Result of the comparison of a restored database with its source. */
export interface RestoreComparison {
  readonly tables: readonly ComparedTable[];
  /** Sentences without a full stop; empty when the restored database has what the source had. */
  readonly faults: readonly string[];
}

/** One side of the comparison: a database's migrations, and its rows up to the common moment. */
interface ComparedDatabase {
  readonly finishedMigrations: readonly FinishedMigration[];
  readonly rows: readonly TableRows[];
}

/**
 * Compares a restored database with its source, which has been written to since. Of the rows created up to `until` the restored
 * database must have as many as the source (except for MISSING_ROWS_TOLERANCE), and equally new ones. It may have more, because the
 * source deletes rows, and it may have a table that the source has dropped. It must have every table of the source that has rows, and also
 * the empty ones unless the source was migrated later. Migrations that the source finished by then must be in its migration history.
 */
export function compare(restored: ComparedDatabase, source: ComparedDatabase, until: Date): RestoreComparison {
  const names = [...new Set([...restored.rows, ...source.rows].map(({ table }) => table))].sort();
  const pairs = names.map((table) => ({
    table,
    found: restored.rows.find((each) => each.table === table),
    expected: source.rows.find((each) => each.table === table),
  }));
  const migrated = new Set(restored.finishedMigrations.map(({ name }) => name));
  const missing = source.finishedMigrations.filter(
    ({ name, finishedAt }) => finishedAt <= until && !migrated.has(name),
  );
  const migratedLater = source.finishedMigrations.some(({ name }) => !migrated.has(name));
  return {
    tables: pairs.map(({ table, found, expected }) => ({
      table,
      restoredRows: found?.rows,
      sourceRows: expected?.rows,
      ...(found?.newest ? { newest: found.newest.toISOString() } : {}),
    })),
    faults: [
      ...listed(
        'migrations of the source are missing',
        missing.map(({ name }) => name),
      ),
      ...pairs.flatMap(({ table, found, expected }) =>
        expected ? tableFaults(table, found, expected, migratedLater) : [],
      ),
    ],
  };
}

function tableFaults(
  table: string,
  found: TableRows | undefined,
  expected: TableRows,
  migratedLater: boolean,
): string[] {
  // A table without rows up to the moment may come from a later migration.
  if (!found)
    return expected.rows === 0 && migratedLater
      ? []
      : [`${table} is missing, and the source has ${expected.rows} rows of it`];
  const missing = expected.rows - found.rows;
  if (missing <= 0) return [];
  if (missing > expected.rows * MISSING_ROWS_TOLERANCE) {
    const allowed = `${percent(MISSING_ROWS_TOLERANCE)} fewer`;
    return [`${table} has ${found.rows} rows, ${missing} fewer than the source; allowed: ${allowed}`];
  }
  // Few rows are missing, but the newest ones are among them: the restored data ends too early.
  const isOlder = expected.newest && (!found.newest || found.newest < expected.newest);
  if (!isOlder) return [];
  const newest = found.newest?.toISOString() ?? 'never';
  return [`the newest row of ${table} is of ${newest}, and of ${expected.newest?.toISOString()} in the source`];
}

function listed(what: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${what}: ${names.join(', ')}`];
}

function percent(share: number): string {
  return `${share * 100} %`;
}
