/** What is known about the server and the role of the session before any check. */
export interface Facts {
  /** Such as `15.18`. */
  readonly version: string;
  /** As server_version_num, such as 150018. */
  readonly versionNumber: number;
  readonly isStandby: boolean;
  readonly user: string;
  readonly database: string;
  /** Whether the role sees the sessions of others, as pg_monitor does. */
  readonly seesSessions: boolean;
  /** Who runs the server, by roles that only its service has; undefined: nobody known. */
  readonly vendor: string | undefined;
  /** Whether a pooler is between this session and the server: the process that it was given at the log-in is not the server's. */
  readonly pooled: boolean;
}

/** A row of an answer. */
type Row = Readonly<Record<string, unknown>>;

/** Reads the database, within one read-only transaction. */
export interface Database {
  readonly facts: Facts;
  /** Time by the clock of this machine. */
  readonly now: Date;
  readonly rows: <T extends Row>(sql: string, values?: readonly unknown[]) => Promise<T[]>;
}

/** Something cannot be seen with the rights of the session. */
export class Unseen extends Error {
  constructor(
    found: string,
    /** What would help. */
    readonly action: string,
  ) {
    super(found);
    this.name = 'Unseen';
  }
}

/** The right that shows other sessions and all statistics. */
export const MONITOR = 'membership in pg_monitor (GRANT pg_monitor TO the role)';

/**
 * The only row of an answer.
 * @throws Error where there is none
 */
export async function onlyRow<T extends Row>({ rows }: Database, sql: string): Promise<T> {
  const [row] = await rows<T>(sql);
  if (!row) throw new Error('the server sent no row where it always sends one');
  return row;
}

/** The values of settings by name; a setting that the server does not have, or that the role may not see, is missing. */
export async function settings(
  { rows }: Database,
  names: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const found = await rows<{ name: string; value: string }>(
    // reset_val: what a transaction has without the limits that it is read with.
    'SELECT name, reset_val AS value FROM pg_settings WHERE name = ANY ($1)',
    [names],
  );
  return Object.fromEntries(found.map(({ name, value }) => [name, value]));
}

/** @throws Unseen unless the role sees the sessions of others */
export function requireSessions({ facts }: Database): void {
  if (!facts.seesSessions)
    throw new Unseen(`${facts.user} may not see the sessions and statistics of others`, `needs ${MONITOR}`);
}
