import type { Client } from 'pg';
import { relock } from './lock';

/**
 * What DISCARD ALL does (PostgreSQL's documentation), except that it keeps the advisory locks and so the lock of the run. RESET ALL
 * returns to what the session began with, which includes what ALTER ROLE and ALTER DATABASE have set.
 */
const RESET_SESSION = [
  'CLOSE ALL',
  'RESET SESSION AUTHORIZATION',
  'RESET ROLE',
  'RESET ALL',
  'DEALLOCATE ALL',
  'UNLISTEN *',
  'DISCARD PLANS',
  'DISCARD TEMP',
  'DISCARD SEQUENCES',
];

/**
 * Undoes what a file has set in its session, such as the empty search_path of a dump by pg_dump, so that no file depends on which one ran
 * before it. A file that released the run's lock gets it back, unless another run has taken it.
 * @throws Error when another run has taken the lock
 */
export async function resetSession(client: Client): Promise<void> {
  for (const statement of RESET_SESSION) await client.query(statement);
  await relock(client);
}

interface SessionRights {
  readonly role: string;
  readonly database: string;
  readonly isReplica: boolean;
  readonly isReadOnly: boolean;
  /** Where default_transaction_read_only comes from, as pg_settings says it. */
  readonly source: string;
  readonly mayCreate: boolean;
  /** Whether the role may read and write the history; null: there is none. */
  readonly mayRecord: boolean | null;
}

const RIGHTS = `
  SELECT current_user AS role, current_database() AS database, pg_is_in_recovery() AS "isReplica",
         setting = 'on' AS "isReadOnly", source,
         has_schema_privilege('public', 'CREATE') AS "mayCreate",
         (SELECT has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT') AND has_table_privilege(oid, 'UPDATE')
            FROM pg_class WHERE oid = to_regclass('public._prisma_migrations')) AS "mayRecord"
    FROM pg_settings WHERE name = 'default_transaction_read_only'`;

/**
 * Checks that the session can migrate, before anything runs: a cause that concerns every file must not be blamed on one.
 * @throws Error for a replica, a session that is read-only from its start, and a role without the rights
 */
export async function checkSession(client: Client): Promise<void> {
  const { rows } = await client.query<SessionRights>(RIGHTS);
  const [rights] = rows;
  const obstacle = rights && obstacleOf(rights);
  if (obstacle !== undefined) throw new Error(`${obstacle}; nothing was applied`);
}

function obstacleOf(rights: SessionRights): string | undefined {
  const { role, database, isReplica, isReadOnly, source, mayCreate, mayRecord } = rights;
  if (isReplica) return 'the server is a replica, or is being restored, and takes no changes; migrate the primary';
  if (isReadOnly) {
    return `every session of ${role} on ${database} is read-only, because default_transaction_read_only is on (set by: ${source}); undo it with ALTER DATABASE or ALTER ROLE … RESET default_transaction_read_only, or in the parameter group`;
  }
  if (!mayCreate) {
    return `the role ${role} may not create tables in the schema public of ${database}; migrate as the owner of the database, which is the master user, or grant CREATE on the schema`;
  }
  if (mayRecord === false) {
    return `the role ${role} may not read and write public._prisma_migrations, the migration history; migrate as its owner, or grant SELECT, INSERT and UPDATE on it`;
  }
  return undefined;
}
