/** What earlier files and statements created and changed, as far as the rules need it. */
export class SeenSchema {
  /** Tables that the current file creates: nobody uses them yet. */
  private created = new Set<string>();
  /** Existing tables that the current file alters. */
  readonly altered = new Set<string>();
  /** Constraints that the current file adds without validating them, as `table.constraint`. */
  private addedNow = new Set<string>();
  /** The column of each check that it is not null, by `table.constraint`. */
  private readonly notNullChecks = new Map<string, string>();
  private readonly validated = new Set<string>();

  startFile(): void {
    this.created = new Set();
    this.addedNow = new Set();
    this.altered.clear();
  }

  create(table: string): void {
    this.created.add(table);
  }

  /** Whether the application may be using the table. */
  isLive(table: string): boolean {
    return !this.created.has(table);
  }

  addConstraint(table: string, name: string, notNullColumn: string | undefined, isValid: boolean): void {
    const key = `${table}.${name}`;
    if (notNullColumn !== undefined) this.notNullChecks.set(key, notNullColumn);
    if (isValid) this.validated.add(key);
    else this.addedNow.add(key);
  }

  validate(table: string, name: string): void {
    this.validated.add(`${table}.${name}`);
  }

  dropConstraint(table: string, name: string): void {
    this.notNullChecks.delete(`${table}.${name}`);
  }

  isAddedByThisFile(table: string, name: string): boolean {
    return this.addedNow.has(`${table}.${name}`);
  }

  /** Whether a validated check proves that no row has NULL in a column; then SET NOT NULL does not read the table. */
  provesNotNull(table: string, column: string): boolean {
    return [...this.notNullChecks].some(
      ([key, checked]) => key.startsWith(`${table}.`) && checked === column && this.validated.has(key),
    );
  }
}
