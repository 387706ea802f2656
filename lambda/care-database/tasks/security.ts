import type { Client } from 'pg';
import { lookAt, type Task } from '../task';

/** A query whose rows are findings, each a sentence in the column `finding`. */
const CHECKS: readonly string[] = [
  `SELECT format('%s has %s sessions without TLS', role, sessions) AS finding FROM care.sessions_without_tls()`,
  // rds.force_ssl exists on RDS only; without it pg_hba.conf decides, which a role like this cannot read.
  `SELECT format('%s is %s; expected: %s', name, setting, wanted) AS finding
     FROM (VALUES ('ssl', 'on'), ('password_encryption', 'scram-sha-256'), ('rds.force_ssl', '1'), ('row_security', 'on'))
            AS wanted (name, wanted) JOIN pg_settings USING (name) WHERE setting <> wanted`,
  `SELECT format('PUBLIC may create objects in the schema %I', nspname) AS finding
     FROM pg_namespace CROSS JOIN LATERAL aclexplode(nspacl)
    WHERE grantee = 0 AND privilege_type = 'CREATE' AND nspname !~ '^pg_'`,
  `SELECT format('the function %s runs as %s and has no fixed search_path', pg_proc.oid::regprocedure, proowner::regrole) AS finding
     FROM pg_proc WHERE prosecdef AND NOT coalesce(proconfig::text LIKE '%search_path=%', false)
      AND pronamespace::regnamespace::text !~ '^(pg_|information_schema$)'
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e')`,
  `SELECT format('the extension %s has version %s, the server offers %s: ALTER EXTENSION %I UPDATE in a migration', name, installed_version,
                 default_version, name) AS finding
     FROM pg_available_extensions WHERE installed_version IS NOT NULL AND installed_version <> default_version`,
];

/** What weakens the server's protection. */
export const security: Task = {
  title: 'Security of the server',
  run: async (sessions) =>
    lookAt(await findings(await sessions.primary()), `${CHECKS.length} checks, nothing to look at`),
};

async function findings(session: Client): Promise<string[]> {
  const found: string[] = [];
  for (const check of CHECKS) {
    const { rows } = await session.query<{ finding: string }>(check);
    found.push(...rows.map(({ finding }) => finding));
  }
  return found;
}
