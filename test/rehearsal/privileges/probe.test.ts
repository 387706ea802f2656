import type { Client } from 'pg';
import { RunFolder } from '../../../lib/local-postgres/run-folder';
import type { Cluster } from '../../../lib/local-postgres/cluster';
import { PROBED_ROLES } from '../../../lib/rehearsal/privileges/action';
import { ACTION_GROUPS } from '../../../lib/rehearsal/privileges/actions';
import { probePrivileges } from '../../../lib/rehearsal/privileges/probe';
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

test('every action has the expected outcome for every role', async () => {
  const probed = await probePrivileges({ cluster, database: DATABASE, applicationPassword: 'application', groups: ACTION_GROUPS });
  expect(probed.flatMap(({ surprises }) => surprises)).toEqual([]);
  expect(probed.length).toBeGreaterThan(40);
  expect(Object.keys(probed[0]?.outcomes ?? {})).toEqual([...PROBED_ROLES]);
}, 120_000);
