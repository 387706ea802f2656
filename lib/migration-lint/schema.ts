import type { ColumnDef, Constraint, RangeVar, TypeName } from 'libpg-query';
import { type NameParts, partsOf, stringsOf } from './names';

/** Kinds of names that do not collide with each other. Tables, views, indexes and sequences are all `relation`. */
export type ObjectKind = 'relation' | 'column' | 'type' | 'function' | 'schema' | 'role' | 'other';

/** A temporary table hides the others of its name. */
const TEMPORARY = 'pg_temp';

/** What earlier files and statements created and changed, as far as the rules need it. Names are complete: `schema.table`. */
export class SeenSchema {
  /** What the current file makes, as `kind name`: nobody uses it yet. */
  private made = new Set<string>();
  /** Existing tables that the current file locks strongly. */
  readonly altered = new Set<string>();
  /** Values that the current file adds to enums that existed before. */
  readonly newEnumValues = new Set<string>();
  /** Constraints that the current file adds without validating them, as `table.constraint`. */
  private addedNow = new Set<string>();
  /** By table: the column of each check that it is not null, by the check's name. */
  private readonly notNullChecks = new Map<string, Map<string, string>>();
  private readonly validated = new Set<string>();
  /** Types by `table.column`. */
  private readonly types = new Map<string, TypeName>();
  /** Columns that are a key of their own, as `table.column`. */
  private readonly keys = new Set<string>();
  /** The schema of names without one. */
  private searchPath = 'public';

  startFile(): void {
    this.made = new Set();
    this.addedNow = new Set();
    this.altered.clear();
    this.newEnumValues.clear();
    this.searchPath = 'public';
  }

  /** Sets the schema of names without one, for the rest of the file. */
  setSearchPath(schema: string | undefined): void {
    this.searchPath = schema ?? 'public';
  }

  /** The complete name of a table, view, index or sequence. */
  relation(relation: RangeVar | undefined): string {
    return relation?.relpersistence === 't' ? `${TEMPORARY}.${relation.relname}` : this.complete(partsOf(relation));
  }

  /** A name with its schema. */
  complete(parts: NameParts): string {
    if (parts.length > 1) return parts.slice(-2).join('.');
    const temporary = `${TEMPORARY}.${parts[0]}`;
    return this.isMade('relation', temporary) ? temporary : `${this.searchPath}.${parts[0] ?? ''}`;
  }

  make(kind: ObjectKind, name: string): void {
    this.made.add(`${kind} ${name}`);
  }

  isMade(kind: ObjectKind, name: string): boolean {
    return this.made.has(`${kind} ${name}`);
  }

  /** Whether the application may be using the table. */
  isLive(table: string): boolean {
    return !this.isMade('relation', table) && !/^(?:pg_catalog|information_schema)\.|\.pg_/.test(table);
  }

  addColumn(table: string, { colname = '', typeName, constraints = [] }: ColumnDef): void {
    this.make('column', `${table}.${colname}`);
    this.setType(table, colname, typeName);
    for (const node of constraints) if ('Constraint' in node) this.addKey(table, node.Constraint, [colname]);
  }

  renameColumn(table: string, from: string, to: string): void {
    if (this.isMade('column', `${table}.${from}`)) this.make('column', `${table}.${to}`);
    this.setType(table, to, this.typeOf(table, from));
  }

  setType(table: string, column: string, type: TypeName | undefined): void {
    if (type) this.types.set(`${table}.${column}`, type);
    else this.types.delete(`${table}.${column}`);
  }

  typeOf(table: string, column: string): TypeName | undefined {
    return this.types.get(`${table}.${column}`);
  }

  /** Remembers a primary or unique key of one column. */
  addKey(table: string, { contype, keys }: Constraint, columns: readonly string[] = stringsOf(keys)): void {
    const isKey = contype === 'CONSTR_PRIMARY' || contype === 'CONSTR_UNIQUE';
    if (isKey && columns.length === 1) this.keys.add(`${table}.${columns[0]}`);
  }

  /** Whether a value of the column names at most one row: a key, or `id`, as the project's tables have it. */
  isKey(table: string, column: string): boolean {
    return column === 'id' || this.keys.has(`${table}.${column}`);
  }

  addConstraint(table: string, name: string, notNullColumn: string | undefined, isValid: boolean): void {
    const checks = this.notNullChecks.get(table) ?? new Map<string, string>();
    if (notNullColumn !== undefined) this.notNullChecks.set(table, checks.set(name, notNullColumn));
    if (isValid) this.validated.add(`${table}.${name}`);
    else this.addedNow.add(`${table}.${name}`);
  }

  validate(table: string, name: string): void {
    this.validated.add(`${table}.${name}`);
  }

  dropConstraint(table: string, name: string): void {
    this.notNullChecks.get(table)?.delete(name);
  }

  isAddedByThisFile(table: string, name: string): boolean {
    return this.addedNow.has(`${table}.${name}`);
  }

  /** Whether a validated check proves that no row has NULL in a column; then SET NOT NULL does not read the table. */
  provesNotNull(table: string, column: string): boolean {
    const checks = [...(this.notNullChecks.get(table) ?? [])];
    return checks.some(([name, checked]) => checked === column && this.validated.has(`${table}.${name}`));
  }
}
