import type { Client } from 'pg';
import { keepSnapshot, readSnapshots } from '../snapshots';
import type { Found, Task } from '../task';

/** A role that can log in. */
interface Activity {
  readonly role: string;
  /** Statements that it ever ran, as far as pg_stat_statements knows. */
  readonly calls: number;
  readonly hasSession: boolean;
}

/** What is kept of a role from run to run. */
export interface SeenRole {
  readonly role: string;
  readonly calls: number;
  /** When a run last saw that it had worked, ISO 8601; null: never. */
  readonly seenAt: string | null;
}

/** PostgreSQL keeps no time of the last log-in. A role that ran statements since the last run, or has a session now, has worked. */
const ACTIVITY = `
  SELECT rolname AS role, coalesce(ran.calls, 0)::float8 AS calls, working.usename IS NOT NULL AS "hasSession"
    FROM pg_roles
    LEFT JOIN (SELECT userid, sum(calls) AS calls FROM monitoring.statements() GROUP BY 1) AS ran ON ran.userid = pg_roles.oid
    LEFT JOIN (SELECT DISTINCT usename FROM monitoring.activity() WHERE backend_type = 'client backend') AS working
      ON working.usename = rolname
   WHERE rolcanlogin ORDER BY 1`;

/** Which roles worked: the access review of the quarter reads what is kept here. */
export const rolesAtWork: Task = {
  title: 'Roles that used the database',
  run: async (sessions, now): Promise<Found> => {
    const session = await sessions.primary();
    const { rows } = await session.query<Activity>(ACTIVITY);
    const seen = seenRoles(rows, await lastSeen(session), now);
    await keepSnapshot(session, 'roles', now, seen);
    const worked = seen.filter(({ seenAt }) => seenAt === now.toISOString()).map(({ role }) => role);
    return { state: 'fine', lines: [worked.join(', ') || 'none'] };
  },
};

/** What the last run kept; empty before the first. */
export async function lastSeen(session: Client): Promise<readonly SeenRole[]> {
  const [last] = await readSnapshots<SeenRole>(session, 'roles', 1);
  return last?.rows ?? [];
}

/** What is kept of each role after a run. A count that went down was reset, and what is counted since then is work. */
export function seenRoles(activity: readonly Activity[], before: readonly SeenRole[], now: Date): SeenRole[] {
  return activity.map(({ role, calls, hasSession }) => {
    const last = before.find((each) => each.role === role);
    const worked = hasSession || (calls > 0 && calls !== last?.calls);
    return { role, calls, seenAt: worked ? now.toISOString() : (last?.seenAt ?? null) };
  });
}
