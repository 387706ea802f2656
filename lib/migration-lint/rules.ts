/** Why a rule is there and what to write instead; both end sentences without a full stop. */
export interface Rule {
  readonly why: string;
  readonly instead: string;
}

/**
 * What locks a table that the application uses, or breaks the version of it that still runs. PostgreSQL's locks: "Explicit Locking"
 * and the pages of the statements in its documentation.
 */
export const RULES = {
  'not-sql': { why: 'PostgreSQL 15 would refuse it', instead: 'correct the statement' },
  'transaction-control': {
    why: 'a file is one transaction together with its entry in the migration history; its own COMMIT leaves half a migration that nobody can prove',
    instead: 'leave it out, or split the file',
  },
  'index-not-concurrent': {
    why: 'the table takes no write until the index is built',
    instead: 'CREATE INDEX CONCURRENTLY IF NOT EXISTS, alone in a file of its own',
  },
  'concurrent-not-alone': {
    why: 'PostgreSQL makes one transaction of a file with several statements, and refuses a concurrent one in it',
    instead: 'one file for each concurrent statement',
  },
  'drop-index-not-concurrent': {
    why: 'it waits for every query on the table and holds all others up meanwhile',
    instead: 'DROP INDEX CONCURRENTLY IF EXISTS, alone in a file of its own',
  },
  'volatile-default': {
    why: 'PostgreSQL writes the whole table anew to give each row its own value, and nobody reads it meanwhile',
    instead: 'add the column without a default, set the default in a second statement, fill old rows in batches',
  },
  'rewritten-column': {
    why: 'a serial, identity or stored generated column is written into every row while nobody reads the table',
    instead: 'a plain column, filled in batches',
  },
  'column-not-null': {
    why: 'rows that are there have no value, so that the statement fails',
    instead: 'give it a constant default, or let it be NULL until it is filled',
  },
  'set-not-null': {
    why: 'PostgreSQL reads the whole table under the strongest lock',
    instead:
      'ADD CONSTRAINT … CHECK (column IS NOT NULL) NOT VALID, VALIDATE CONSTRAINT in a later file, then SET NOT NULL, which believes the check',
  },
  'column-type': {
    why: 'most changes of a type write the table anew under the strongest lock, and the running application expects the old type',
    instead: 'a new column, written beside the old one until it takes its place',
  },
  'constraint-not-valid': {
    why: 'every row is checked while no write passes, for a foreign key on both tables',
    instead: 'add it NOT VALID, and VALIDATE CONSTRAINT in a later file, which lets writes pass',
  },
  'validated-at-once': {
    why: 'the strong lock of ADD CONSTRAINT stays until the end of the file, hence during the validation',
    instead: 'VALIDATE CONSTRAINT in a later file',
  },
  'constraint-builds-index': {
    why: 'the constraint builds its index while the table takes no write',
    instead:
      'CREATE UNIQUE INDEX CONCURRENTLY in a file of its own, then ADD CONSTRAINT … USING INDEX; an exclusion constraint belongs into the file that creates the table',
  },
  'several-tables': {
    why: 'the file holds the lock on one table while it waits for the next, so that the waits of the application add up',
    instead: 'one file for each table',
  },
  drop: {
    why: 'the version of the application that runs during the deployment still uses it, and the data is gone',
    instead: 'deploy an application without it first, then drop it in a later migration that states so',
  },
  rename: {
    why: 'the version of the application that runs during the deployment knows only the old name',
    instead: 'add the new one beside the old one, and drop that later; Prisma maps names with @map',
  },
  'whole-table': {
    why: 'it locks the table, or every row of it, for as long as it takes',
    instead: 'work in batches outside of the migrations, or use the concurrent form',
  },
} as const satisfies Record<string, Rule>;

/** Name of a rule, as a file that departs from it states: `-- migration-lint allows <rule>: <reason>`. */
export type RuleName = keyof typeof RULES;
