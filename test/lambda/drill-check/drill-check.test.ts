import type { Client } from 'pg';
import { createHandler } from '../../../lambda/drill-check';
import { readEnv } from '../../../lambda/drill-check/env';
import type { CheckStep, Recovered } from '../../../lib/contract/drill-state';
import type { Cluster } from '../../../lib/local-postgres/cluster';
import { createCertificates } from '../../../lib/local-postgres/certificates';
import { RunFolder } from '../../../lib/local-postgres/run-folder';
import { letDrillIn, ROLE_PASSWORD } from '../../support/aws/drill-rig';
import { DATABASE, startMigratedCluster } from '../../support/database/migrated-cluster';
import { Rows } from '../../support/database/rows';

let folder: RunFolder;
let cluster: Cluster;
let admin: Client;

// One server is both the copy and its source: what differs between two is in test/rehearsal/restore/restore-drill.test.ts.
beforeAll(async () => {
  folder = new RunFolder();
  ({ cluster, admin } = await startMigratedCluster(folder));
  await letDrillIn(admin);
  await admin.query('INSERT INTO heartbeat (id, beat_at) VALUES (1, now())');
}, 60_000);
afterAll(async () => {
  await admin?.end();
  folder.dispose();
});

function call(step: CheckStep, target: object = {}, changes: Partial<Parameters<typeof createHandler>[0]> = {}) {
  const { host, port } = cluster.primary;
  const handler = createHandler({
    settings: { database: DATABASE, source: { host, port } },
    ca: cluster.ca,
    password: () => Promise.resolve(ROLE_PASSWORD),
    now: () => new Date(),
    ...changes,
  });
  const instance = { ready: true, status: 'available', host, port, at: '' };
  const state = { input: {}, instance, target: { keepTable: false, ...target } };
  return handler({ step, execution: 'run-1', startedAt: '', state: state as never });
}

describe('the first session', () => {
  test('is over TLS with a certificate of the known authority, or there is none', async () => {
    await expect(call('connect')).resolves.toEqual({ at: expect.any(String) as string });
    const { ca } = await createCertificates();
    await expect(call('connect', {}, { ca })).rejects.toMatchObject({
      name: 'NotConnected',
      message: expect.stringMatching(/does not let drill_user in \(.*CERT|self/i) as string,
    });
  });

  test('is not there where the database is another', async () => {
    const settings = { database: 'nowhere', source: undefined };
    await expect(call('connect', {}, { settings })).rejects.toThrow('(3D000)');
  });
});

test('a copy without a source within reach proves itself alone, and recovers no table', async () => {
  const settings = { database: DATABASE, source: undefined };
  expect(await call('validate', {}, { settings })).toMatchObject({ tables: [], roles: ['drill_user', 'readonly_user', 'metrics_user'] });
  await expect(call('recover', { table: 'bookings' }, { settings })).rejects.toThrow('the source is in another region');
}); // prettier-ignore

describe('a recovered table', () => {
  const tables = async () => (await admin.query<{ name: string }>("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'recovery' ORDER BY 1")).rows.map(({ name }) => name); // prettier-ignore

  test('has every value as it was, of every type', async () => {
    const rows = new Rows(admin);
    await rows.salon('s');
    await rows.booking('s', '10:00', null, '1 hour', { notes: 'line\nbreak\ttab \\ backslash "quote" \\N' });
    await rows.webhook(null, '1 hour', 'error');
    for (const table of ['bookings', 'webhook_logs']) {
      const { copy } = (await call('recover', { table, keepTable: true })) as Recovered;
      const difference = `SELECT count(*) FROM ((TABLE ${table} EXCEPT TABLE ${copy}) UNION ALL (TABLE ${copy} EXCEPT TABLE ${table})) each`; // prettier-ignore
      expect((await admin.query<{ count: string }>(difference)).rows).toEqual([{ count: '0' }]);
      await admin.query(`DROP TABLE ${copy}`);
    }
  });

  test('streams through: a table of 200 MB takes a fraction of that in memory', async () => {
    await admin.query("CREATE TABLE large AS SELECT i AS id, repeat(md5(i::text), 60) AS text FROM generate_series(1, 100000) i");
    const before = process.memoryUsage().rss;
    let highest = before;
    const watch = setInterval(() => (highest = Math.max(highest, process.memoryUsage().rss)), 5);
    const recovered = (await call('recover', { table: 'large' })) as Recovered;
    clearInterval(watch);
    expect(recovered).toMatchObject({ rows: 100_000, kept: false });
    expect((highest - before) / 2 ** 20).toBeLessThan(100);
    expect(await tables()).toEqual([]);
    await admin.query('DROP TABLE large');
  }, 60_000); // prettier-ignore

  test('of an attempt that was cut off is made anew', async () => {
    const first = (await call('recover', { table: 'bookings', keepTable: true })) as Recovered;
    const second = (await call('recover', { table: 'bookings', keepTable: true })) as Recovered;
    expect(second).toMatchObject({ copy: first.copy, rows: first.rows, checksum: first.checksum });
    await admin.query(`DROP TABLE ${first.copy}`);
  });

  test('whose copying fails leaves nothing behind', async () => {
    await admin.query('REVOKE SELECT ON bookings FROM recovery_user');
    await expect(call('recover', { table: 'bookings' })).rejects.toMatchObject({
      name: 'TableNotRecovered',
      message: 'a session failed with 42501',
    });
    await admin.query('GRANT SELECT ON bookings TO recovery_user');
    expect(await tables()).toEqual([]);
  });

  test('needs the schema', async () => {
    await admin.query('ALTER SCHEMA recovery RENAME TO elsewhere');
    await expect(call('recover', { table: 'bookings' })).rejects.toThrow('the source has no schema recovery; run the migrations'); // prettier-ignore
    await admin.query('ALTER SCHEMA elsewhere RENAME TO recovery');
  });

  test('that a drill forgot is swept after a day, one that a person keeps is not', async () => {
    const owner = await cluster.connect(cluster.primary, { user: 'recovery_user', password: ROLE_PASSWORD });
    const make = async (name: string, comment: string) => owner.query(`BEGIN READ WRITE; CREATE TABLE recovery.${name} (); COMMENT ON TABLE recovery.${name} IS '${comment}'; COMMIT`); // prettier-ignore
    await make('forgotten', 'made by a restore drill, which drops it again; 2001-01-01T00:00:00.000Z');
    await make('running', `made by a restore drill, which drops it again; ${new Date().toISOString()}`);
    await make('kept', 'recovered for a person to use; 2001-01-01T00:00:00.000Z');
    await call('recover', { table: 'bookings' });
    expect(await tables()).toEqual(['kept', 'running']);
    await owner.query('BEGIN READ WRITE; DROP TABLE recovery.kept, recovery.running; COMMIT');
    await owner.end();
  });
});

test('fails naming every missing variable', () => {
  expect(() => readEnv({ DATABASE_NAME: 'd' })).toThrow('environment variables missing: SOURCE, AWS_REGION, LAMBDA_TASK_ROOT'); // prettier-ignore
});
