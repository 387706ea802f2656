import { check, type Finding, failed, passed, WEIGHTS } from '../check';
import { type Database, onlyRow, requireSessions } from '../database';

/** The owner's alarm limit. */
const FULL_SHARE = 0.8;

interface Pooling {
  /** Whether this session itself goes through a pooler. */
  readonly pooled: boolean;
  /** What else tells of one. */
  readonly signs: readonly string[];
}

/** Names that poolers give their sessions, and roles that they make. */
async function readPooling(database: Database): Promise<Pooling> {
  const signs = await database.rows<{ name: string }>(
    `SELECT DISTINCT application_name AS name FROM pg_stat_activity
      WHERE application_name ~* 'pgbouncer|supavisor|pgcat|odyssey|pgpool|pgdog|rds ?proxy'
     UNION SELECT rolname FROM pg_roles WHERE rolname = 'rdsproxyadmin'`,
  );
  return { pooled: database.facts.pooled, signs: signs.map(({ name }) => name) };
}

/** Judges whether sessions are pooled. */
function decidePooling({ pooled, signs }: Pooling): Finding {
  if (pooled) return passed('this session goes through a pooler');
  if (signs.length > 0) return passed(`sign of a pooler: ${signs[0]}`);
  return failed('no sign of a pooler; this session is a direct one');
}

interface Connections {
  readonly used: number;
  readonly allowed: number;
}

async function readConnections(database: Database): Promise<Connections> {
  requireSessions(database);
  return onlyRow<Connections & Record<string, unknown>>(
    database,
    `SELECT count(*)::int AS used, current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS allowed
       FROM pg_stat_activity WHERE backend_type = 'client backend'`,
  );
}

/** Pooling, and the room that is left for sessions. */
export const POOLING_CHECKS = [
  check({
    name: 'sessions are pooled',
    area: 'pooling',
    weight: WEIGHTS.outage,
    question: 'Is there a pooler between the application and the server?',
    action:
      'use RDS Proxy or PgBouncer in transaction mode, and give this command the address that the application uses',
    read: readPooling,
    decide: decidePooling,
  }),
  check({
    name: 'connections have room',
    area: 'pooling',
    weight: WEIGHTS.outage,
    question: `Are less than ${FULL_SHARE * 100} % of the connections taken now?`,
    action: 'use a pooler, close idle sessions, and only then raise max_connections',
    read: readConnections,
    decide: ({ used, allowed }) =>
      used < allowed * FULL_SHARE ? passed(`${used} of ${allowed} taken`) : failed(`${used} of ${allowed} taken`),
  }),
];
