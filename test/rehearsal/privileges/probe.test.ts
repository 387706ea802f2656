import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Client } from 'pg';
import type { Cluster } from '../../../lib/local-postgres/cluster';
import { RunFolder } from '../../../lib/local-postgres/run-folder';
import { type Action, EVERYBODY, NOBODY, PROBED_ROLES } from '../../../lib/rehearsal/privileges/action';
import { ACTION_GROUPS } from '../../../lib/rehearsal/privileges/actions';
import { type ProbedAction, probePrivileges } from '../../../lib/rehearsal/privileges/probe';
import { rolesFile } from '../../../lib/rehearsal/privileges/table';
import { DATABASE, startMigratedCluster } from '../../support/database/migrated-cluster';

let folder: RunFolder;
let cluster: Cluster;
let admin: Client;
beforeAll(async () => {
  folder = new RunFolder();
  ({ cluster, admin } = await startMigratedCluster(folder));
  await admin.query("ALTER ROLE app_user PASSWORD 'application'");
}, 60_000);
afterAll(async () => {
  await admin?.end();
  folder?.dispose();
});

async function probeOne(action: Action): Promise<ProbedAction> {
  const groups = [{ title: 'One', actions: [action] }];
  const [probed] = await probePrivileges({ cluster, database: DATABASE, applicationPassword: 'application', groups });
  if (!probed) throw new Error('the action was not tried');
  return probed;
}

// That every action has the expected outcome: test/rehearsal/rehearse.test.ts.
test('actions have names of their own, and cover connecting to locking', () => {
  const names = ACTION_GROUPS.flatMap(({ actions }) => actions.map(({ name }) => name));
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(100);
});

test('an action that is allowed or refused unexpectedly is a surprise of each such role', async () => {
  const sql = 'SELECT access_token FROM public.salons';
  const { outcomes, surprises } = await probeOne({ name: 'read tokens', sql, allowed: ['app_user', 'drill_user'] });
  expect(outcomes).toEqual({
    app_user: 'allowed',
    readonly_user: 'refused',
    metrics_user: 'refused',
    drill_user: 'refused',
    recovery_user: 'allowed',
    dba_user: 'refused',
    care_user: 'refused',
    visitor: 'refused',
  });
  expect(surprises).toEqual([
    'drill_user to read tokens: refused, expected allowed (SQLSTATE 42501)',
    'recovery_user to read tokens: allowed, expected refused',
  ]);
}, 30_000);

test('an action that fails for another reason proves nothing, even if everybody was to be refused', async () => {
  const { outcomes, surprises } = await probeOne({ name: 'err', sql: 'SELECT 1 / 0', allowed: NOBODY });
  expect(Object.values(outcomes)).toEqual(PROBED_ROLES.map(() => 'undecided'));
  expect(surprises).toHaveLength(PROBED_ROLES.length + 1);
  expect(surprises[0]).toBe('app_user to err: undecided, expected refused (SQLSTATE 22012: division by zero)');
  expect(surprises.at(-1)).toMatch(/^the superuser to err: undecided, so the refusals of others prove nothing/);
}, 30_000);

test('nothing that was tried stays, and a session that was ended is replaced', async () => {
  await probeOne({ name: 'create', sql: 'CREATE TABLE pg_temp.mine ()', allowed: NOBODY });
  const end = `SELECT pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE usename = 'bystander'`;
  for (let i = 0; i < 2; i += 1) await probeOne({ name: 'end', sql: end, needsRow: true, allowed: NOBODY });
  const { rows } = await admin.query<{ name: string }>(
    `SELECT rolname AS name FROM pg_roles WHERE rolname IN ('visitor', 'bystander')
     UNION ALL SELECT relname FROM pg_class WHERE relname LIKE 'probe%'
     UNION ALL SELECT id FROM salons`,
  );
  expect(rows).toEqual([]);
}, 30_000);

test('a row counts where PostgreSQL answers everybody', async () => {
  const sql = "SELECT FROM pg_catalog.pg_roles WHERE rolname = CURRENT_USER AND rolname <> 'visitor'";
  const { outcomes } = await probeOne({ name: 'be listed', sql, needsRow: true, allowed: EVERYBODY });
  expect([outcomes.app_user, outcomes.visitor]).toEqual(['allowed', 'refused']);
}, 30_000);

test('ROLES.md is up to date (npm run update)', () => {
  const file = resolve(__dirname, '../../../lib/rehearsal/privileges/ROLES.md');
  expect(readFileSync(file, 'utf8')).toBe(rolesFile());
  for (const { title, actions } of ACTION_GROUPS) expect([title, actions.length > 0]).toEqual([title, true]);
});
