/** Why a rule exists and what to write instead; both complete a sentence and have no full stop. */
interface Rule {
  readonly why: string;
  readonly instead: string;
}

/**
 * Rules against statements that lock a table in use, or break the version of the application that still runs. Source for PostgreSQL's
 * locks: "Explicit Locking" and the pages of the statements in its documentation.
 */
export const RULES = {
  secret: {
    why: 'it looks like a password or another secret, which would stay in the repository and in every bundle',
    instead:
      'leave it out and revoke it; the migrations set the password of app_user from its secret, the other roles use tokens',
  },
  'not-sql': { why: 'PostgreSQL 15 would refuse it', instead: 'correct the statement' },
  'semicolon-in-comment': {
    why: "Prisma's adapter for pg splits a file at each semicolon, also in comments, and the file fails there",
    instead: 'another sign, or another sentence',
  },
  'transaction-control': {
    why: 'a file and its entry in the migration history are one transaction; a COMMIT in the file can leave half a migration that nobody can detect',
    instead: 'leave it out, or split the file',
  },
  'index-not-concurrent': {
    why: 'the table takes no write until the index is built',
    instead: 'CREATE INDEX CONCURRENTLY IF NOT EXISTS, alone in a file of its own',
  },
  'concurrent-not-alone': {
    why: 'PostgreSQL runs a file with several statements as one transaction, in which it refuses a concurrent statement, VACUUM and the like',
    instead: 'one file for each such statement',
  },
  'drop-index-not-concurrent': {
    why: 'it waits for every running query on the table, and all later ones wait for it',
    instead: 'DROP INDEX CONCURRENTLY IF EXISTS, alone in a file of its own',
  },
  'volatile-default': {
    why: 'PostgreSQL rewrites the whole table to give each row a different value, and nobody can read the table meanwhile',
    instead: 'add the column without a default, set the default in a second statement, fill old rows in batches',
  },
  'rewritten-column': {
    why: 'a serial, identity or stored generated column is written into every row, and nobody can read the table meanwhile',
    instead: 'a plain column, filled in batches',
  },
  'column-not-null': {
    why: 'existing rows have no value for it, so the statement fails',
    instead: 'give it a constant default, or let it be NULL until it is filled',
  },
  'set-not-null': {
    why: 'PostgreSQL reads the whole table under the strongest lock',
    instead:
      'ADD CONSTRAINT … CHECK (column IS NOT NULL) NOT VALID, VALIDATE CONSTRAINT in a later file, then SET NOT NULL, which relies on the check',
  },
  'column-type': {
    why: 'most changes of a type rewrite the table under the strongest lock, and the running application expects the old type',
    instead: 'add a new column, and write both until the new one replaces the old one',
  },
  'constraint-not-valid': {
    why: 'every row is checked while writes wait, for a foreign key on both tables',
    instead: 'add it NOT VALID, and VALIDATE CONSTRAINT in a later file, during which writes go on',
  },
  'validated-at-once': {
    why: 'the strong lock of ADD CONSTRAINT is held until the end of the file, and so during the validation',
    instead: 'VALIDATE CONSTRAINT in a later file',
  },
  'constraint-builds-index': {
    why: 'the constraint builds its index while the table takes no write',
    instead:
      'CREATE UNIQUE INDEX CONCURRENTLY in a file of its own, then ADD CONSTRAINT … USING INDEX; an exclusion constraint belongs in the file that creates the table',
  },
  'several-tables': {
    why: 'the file holds the lock on one table while it waits for the next, so the application waits for both',
    instead: 'one file for each table',
  },
  drop: {
    why: 'the version of the application that runs during the deployment still uses it, and the data is gone',
    instead: 'first deploy an application that does not use it, then drop it in a later migration that says so',
  },
  rename: {
    why: 'the version of the application that runs during the deployment knows only the old name',
    instead: 'add the new one, keep the old one for now and drop it later; Prisma maps names with @map',
  },
  'new-enum-value': {
    why: 'PostgreSQL refuses to use a value of an enum in the transaction that adds it',
    instead: 'ALTER TYPE … ADD VALUE in a file of its own, before this one',
  },
  access: {
    why: 'the version of the application that runs during the deployment may need what it takes away: a privilege, a log-in, rows that no policy shows any more',
    instead: 'first deploy an application that does without it, then take it away in a later migration that says so',
  },
  partition: {
    why: 'ATTACH reads the whole table, and both lock it so that nobody can use it meanwhile',
    instead:
      'before ATTACH a CHECK with the bounds of the partition, NOT VALID, and VALIDATE CONSTRAINT in a later file; DETACH PARTITION … CONCURRENTLY, alone in a file of its own',
  },
  'whole-table': {
    why: 'it locks the table, or many of its rows, for as long as it takes',
    instead: 'work in batches outside the migrations, or use the concurrent form',
  },
} as const satisfies Record<string, Rule>;

/** Name of a rule, as a file that may break it states: `-- migration-lint allows <rule>: <reason>`. */
export type RuleName = keyof typeof RULES;
