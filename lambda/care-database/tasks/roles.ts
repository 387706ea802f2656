import {
  CONNECTION_LIMITS,
  DATABASE_ROLES,
  type DatabaseRole,
  MASTER_USER,
  ROLE_MEMBERSHIPS,
} from '../../../lib/contract/roles';
import { type Found, type Task } from '../task';
import { lastSeen, type SeenRole } from './roles-at-work';

/** A role that can log in, as the server has it. */
export interface Role {
  readonly role: string;
  readonly limit: number;
  /** What it may beyond its grants, such as `CREATEROLE`. */
  readonly attributes: readonly string[];
  readonly memberOf: readonly string[];
}

/**
 * Without the server's first role and those that replicate, which RDS keeps to itself: nobody else can make one with REPLICATION there. RDS's
 * own roles begin with rds.
 */
const ROLES = `
  SELECT rolname AS role, rolconnlimit AS limit,
         array_remove(ARRAY[CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN rolcreaterole THEN 'CREATEROLE' END,
           CASE WHEN rolcreatedb THEN 'CREATEDB' END, CASE WHEN rolbypassrls THEN 'BYPASSRLS' END], NULL) AS attributes,
         ARRAY(SELECT roleid::regrole::text FROM pg_auth_members WHERE member = pg_roles.oid ORDER BY 1) AS "memberOf"
    FROM pg_roles WHERE rolcanlogin AND oid <> 10 AND NOT rolreplication AND rolname !~ '^rds' ORDER BY 1`;

/** Who may log in, and when each last worked. */
export const roles: Task = {
  title: 'Roles that may log in',
  run: async (sessions) => {
    const session = await sessions.primary();
    const { rows } = await session.query<Role>(ROLES);
    return decide(rows, await lastSeen(session));
  },
};

/** Names what differs from the roles that the migrations make, then when each role last worked. */
export function decide(found: readonly Role[], seen: readonly SeenRole[]): Found {
  const others = found.filter(({ role }) => role !== MASTER_USER);
  const faults = [
    ...others.flatMap((role) => faultsOf(role)),
    ...DATABASE_ROLES.filter((name) => !found.some(({ role }) => role === name)).map(
      (name) => `${name} cannot log in or is not there, although the migrations make it`,
    ),
  ];
  const last = found.map(({ role }) => {
    const seenAt = seen.find((each) => each.role === role)?.seenAt;
    return `${role}: ${seenAt ? `last seen at work ${seenAt.slice(0, 10)}` : 'never seen at work since the daily digests began'}`;
  });
  return { state: faults.length > 0 ? 'look' : 'fine', lines: [...faults, ...last] };
}

function faultsOf({ role, limit, attributes, memberOf }: Role): string[] {
  if (!isOurs(role)) return [`${role} may log in, and no migration makes it: find out whose it is, or drop it`];
  const limits: Readonly<Partial<Record<string, number>>> = CONNECTION_LIMITS;
  const wantedLimit = limits[role] ?? -1;
  const extra = memberOf.filter((name) => !ROLE_MEMBERSHIPS[role].includes(name));
  return [
    ...attributes.map((attribute) => `${role} has ${attribute}, which no migration gives it`),
    ...extra.map((name) => `${role} is a member of ${name}, which no migration makes it`),
    ...(limit === wantedLimit ? [] : [`${role} may have ${limit} sessions (-1: any number); expected: ${wantedLimit}`]),
  ];
}

function isOurs(role: string): role is DatabaseRole {
  return (DATABASE_ROLES as readonly string[]).includes(role);
}
