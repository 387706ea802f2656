import type { ComparedTable } from '../../../lib/contract/drill-state';
import type { DatabaseFacts, TableRows } from './read';

/**
 * Rows created in the last minute before the recovery point are not compared: created_at is the time of the application's
 * statement, which may commit a little later. Longer than app_user's statement_timeout (30 s). ms.
 */
export const SETTLING_MS = 60_000;
/** Share of a table's rows that the copy may lack: rows that were written into the source later under an earlier created_at. */
export const MISSING_ROWS_TOLERANCE = 0.001;

/** What is wrong with a restored database by itself; empty where it is complete. Sentences without a full stop. */
export function faultsOf(facts: DatabaseFacts): string[] {
  const { finishedMigrations, unfinishedMigrations, heartbeatAt, orphans } = facts;
  return [
    ...(finishedMigrations.length === 0 ? ['the migration history is empty'] : []),
    ...listed('migrations began and did not finish', unfinishedMigrations),
    ...(heartbeatAt ? [] : ['there is no heartbeat, so that nobody can tell how far the data reaches']),
    ...listed('foreign keys are not validated', facts.unvalidatedForeignKeys),
    ...orphans.map(({ foreignKey, rows }) => `${rows} rows of ${foreignKey} point to nothing`),
    ...listed('indexes are invalid', facts.invalidIndexes),
    ...listed('app_user may not', facts.missingApplicationRights),
  ];
}

/** Up to when a copy's rows are compared with its source's. */
export function comparedUntil(heartbeatAt: Date): Date {
  return new Date(heartbeatAt.getTime() - SETTLING_MS);
}

/** What a comparison says. */
export interface Comparison {
  readonly tables: readonly ComparedTable[];
  /** Sentences without a full stop; empty where the copy has what the source had. */
  readonly faults: readonly string[];
}

/** A database's own facts and its rows up to the common moment. */
export interface ComparedDatabase {
  readonly facts: Pick<DatabaseFacts, 'finishedMigrations'>;
  readonly rows: readonly TableRows[];
}

/**
 * Compares a copy with its source, which went on since. Of the rows created up to `until` the copy must have as many as the source
 * (but for MISSING_ROWS_TOLERANCE), and as new ones; it may have more, because the source deletes. A table that the source dropped
 * is no fault of the copy. Migrations that the source finished by then must be in the copy's history.
 */
export function compare(restored: ComparedDatabase, source: ComparedDatabase, until: Date): Comparison {
  const names = [...new Set([...restored.rows, ...source.rows].map(({ table }) => table))].sort();
  const inBoth = names.map((table) => ({
    table,
    copy: restored.rows.find((each) => each.table === table),
    original: source.rows.find((each) => each.table === table),
  }));
  const has = new Set(restored.facts.finishedMigrations.map(({ name }) => name));
  const lacking = source.facts.finishedMigrations.filter(
    ({ name, finishedAt }) => finishedAt <= until && !has.has(name),
  );
  return {
    tables: inBoth.map(({ table, copy, original }) => ({
      table,
      restoredRows: copy?.rows,
      sourceRows: original?.rows,
      ...(copy?.newest ? { newest: copy.newest.toISOString() } : {}),
    })),
    faults: [
      ...listed(
        'the copy lacks migrations',
        lacking.map(({ name }) => name),
      ),
      ...inBoth.flatMap(({ table, copy, original }) => (original ? tableFaults(table, copy, original) : [])),
    ],
  };
}

function tableFaults(table: string, copy: TableRows | undefined, original: TableRows): string[] {
  // Made by a migration since, and empty up to then.
  if (!copy) return original.rows === 0 ? [] : [`${table} is missing, and the source has ${original.rows} rows of it`];
  const missing = original.rows - copy.rows;
  if (missing <= 0) return [];
  if (missing > original.rows * MISSING_ROWS_TOLERANCE) {
    return [
      `${table} has ${copy.rows} rows, ${missing} fewer than the source; allowed: ${percent(MISSING_ROWS_TOLERANCE)} fewer`,
    ];
  }
  // Few, but all at the end: the copy stops early.
  const isOlder = original.newest && (!copy.newest || copy.newest < original.newest);
  return isOlder
    ? [
        `the newest row of ${table} is of ${copy.newest?.toISOString() ?? 'never'}, and of ${original.newest?.toISOString()} in the source`,
      ]
    : [];
}

function listed(what: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${what}: ${names.join(', ')}`];
}

function percent(share: number): string {
  return `${share * 100} %`;
}
