import { check, type Finding, failed, listed, noneOf, notApplicable, passed, WEIGHTS } from '../check';
import { type Database } from '../database';

/** The tables in which the known tools keep the history of migrations. */
const HISTORIES = [
  '_prisma_migrations',
  'flyway_schema_history',
  'databasechangelog',
  'schema_migrations',
  'alembic_version',
  'django_migrations',
  'knex_migrations',
  '__drizzle_migrations',
  '_sqlx_migrations',
  'goose_db_version',
  'SequelizeMeta',
  'typeorm_metadata',
  'ar_internal_metadata',
  '__EFMigrationsHistory',
  'pgmigrations',
];
const PRISMA = '_prisma_migrations';

interface HistoryTable extends Record<string, unknown> {
  readonly name: string;
  /** Quoted, with its schema. */
  readonly path: string;
}

function histories({ rows }: Database): Promise<HistoryTable[]> {
  return rows<HistoryTable>(
    `SELECT c.relname::text AS name, format('%I.%I', n.nspname, c.relname) AS path FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND c.relname = ANY ($1) ORDER BY c.relname <> $2, 2`,
    [HISTORIES, PRISMA],
  );
}

interface Entries {
  readonly finished: number;
  readonly open: readonly string[];
}

/** Undefined: there is no history of Prisma. */
async function readEntries(database: Database): Promise<Entries | undefined> {
  const history = (await histories(database)).find(({ name }) => name === PRISMA);
  if (!history) return undefined;
  const entries = await database.rows<{ name: string; open: boolean }>(
    `SELECT migration_name AS name, finished_at IS NULL AS open FROM ${history.path} WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  return {
    finished: entries.filter(({ open }) => !open).length,
    open: entries.filter(({ open }) => open).map(({ name }) => name),
  };
}

/** Judges the history of Prisma, which the migrations of this project keep. */
function decideEntries(entries: Entries | undefined): Finding {
  if (!entries) return notApplicable('there is no history of Prisma');
  return noneOf(
    entries.open.map((name) => `${name} has not finished`),
    `${entries.finished} migrations, all finished`,
  );
}

/** Whether changes of the schema are kept. */
export const MIGRATION_CHECKS = [
  check({
    name: 'migrations are recorded',
    area: 'migrations',
    weight: WEIGHTS.outage,
    question: 'Is there a history of the changes of the schema, so that it can be made again?',
    action:
      'keep the schema as migrations; for a database in use mark the first one as applied (prisma migrate resolve --applied)',
    read: histories,
    decide: (found) =>
      found.length > 0
        ? passed(listed(found.map(({ path }) => path)))
        : failed('no table that a known tool for migrations keeps'),
  }),
  check({
    name: 'no migration is half done',
    area: 'migrations',
    weight: WEIGHTS.outage,
    question: 'Have all recorded migrations finished?',
    action: 'look at what it left behind, repair it, and run prisma migrate resolve',
    right: `SELECT on ${PRISMA}`,
    read: readEntries,
    decide: decideEntries,
  }),
];
