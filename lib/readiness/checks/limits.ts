import { applicationSessions } from '../application-sessions';
import { check, type Finding, noneOf, notSeen, WEIGHTS } from '../check';
import { type Database, settings } from '../database';

/** A limit of the roles that the application logs in as. */
interface Limits {
  /** Milliseconds by role; 0: none; undefined: the server's, which this session cannot see because its own differs. */
  readonly byRole: Readonly<Record<string, number | undefined>>;
}

/** Reads a limit as a role's new session has it: of the role in this database, of the role, of the database, of the server. */
async function readLimits(database: Database, name: string): Promise<Limits> {
  const roles = [...new Set((await applicationSessions(database)).map(({ role }) => role))];
  const found = await database.rows<{ role: string; own: string | null }>(
    `SELECT r.rolname::text AS role,
            (SELECT split_part(entry, '=', 2) FROM pg_db_role_setting AS s, unnest(s.setconfig) AS entry
              WHERE s.setrole IN (0, r.oid) AND s.setdatabase IN (0, d.oid) AND split_part(entry, '=', 1) = $2
              ORDER BY s.setrole = 0, s.setdatabase = 0 LIMIT 1) AS own
       FROM pg_roles AS r, pg_database AS d WHERE d.datname = current_database() AND r.rolname = ANY ($1::text[] || current_user::text)`,
    [roles, name],
  );
  const { [name]: server = '0' } = await settings(database, [name]);
  const isOverridden = found.some(({ role, own }) => role === database.facts.user && own !== null);
  const limitOf = (role: string) => {
    const own = found.find((each) => each.role === role)?.own;
    return typeof own === 'string' ? amount(own) : isOverridden ? undefined : Number(server);
  };
  return { byRole: Object.fromEntries(roles.map((role) => [role, limitOf(role)])) };
}

/** A value as in ALTER ROLE … SET, such as `30s` or `30000`: 0 where it is none. */
function amount(text: string): number {
  return Number.parseFloat(text) || 0;
}

/** Judges whether every role has a limit. */
function decideLimits({ byRole }: Limits, name: string): Finding {
  const roles = Object.entries(byRole);
  const without = roles.filter(([, limit]) => limit === 0).map(([role]) => `${role} has no ${name}`);
  if (without.length === 0 && roles.some(([, limit]) => limit === undefined))
    return notSeen(
      `the role of this session has its own ${name}, which hides that of the server`,
      'start this again with another role',
    );
  return noneOf(without, `${roles.map(([role]) => role).join(', ')}: there is a limit`);
}

/** Limits that keep one statement or transaction from stopping the others. */
export const LIMIT_CHECKS = [
  check({
    name: 'statements end',
    area: 'upkeep',
    weight: WEIGHTS.outage,
    question: 'Has the application a statement_timeout, so that no statement runs forever?',
    action: "ALTER ROLE the_application SET statement_timeout = '30s'",
    read: (database) => readLimits(database, 'statement_timeout'),
    decide: (limits) => decideLimits(limits, 'statement_timeout'),
  }),
  check({
    name: 'idle transactions end',
    area: 'upkeep',
    weight: WEIGHTS.outage,
    question:
      'Has the application an idle_in_transaction_session_timeout, so that no forgotten transaction keeps its locks?',
    action: "ALTER ROLE the_application SET idle_in_transaction_session_timeout = '1min'",
    read: (database) => readLimits(database, 'idle_in_transaction_session_timeout'),
    decide: (limits) => decideLimits(limits, 'idle_in_transaction_session_timeout'),
  }),
];
