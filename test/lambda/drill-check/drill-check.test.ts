import type { Client } from 'pg';
import { createHandler } from '../../../lambda/drill-check';
import { readEnv } from '../../../lambda/drill-check/env';
import type { CheckStep, Recovered } from '../../../lib/contract/drill/state';
import type { Cluster } from '../../../lib/local-postgres/cluster';
import { createCertificates } from '../../../lib/local-postgres/certificates';
import { RunFolder } from '../../../lib/local-postgres/run-folder';
import { letDrillIn, ROLE_PASSWORD } from '../../support/aws/drill-rig';
import { DATABASE, startMigratedCluster } from '../../support/database/migrated-cluster';
import { names } from '../../support/database/migration-server';
import { Rows } from '../../support/database/rows';

let folder: RunFolder;
let cluster: Cluster;
let admin: Client;

// One server is both the restored instance and the source; test/rehearsal/restore/restore-drill.test.ts has two servers.
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

// Each test begins without rows of the application and without recovered tables.
beforeEach(async () => {
  await new Rows(admin).clear();
  for (const table of await recoveredTables()) await admin.query(`DROP TABLE recovery.${table}`);
});

interface Target {
  readonly table?: string;
  /** Whether the function is the one that keeps copies. Default: it is the one of the drills. */
  readonly kept?: boolean;
  readonly execution?: string;
}

function call(
  step: CheckStep,
  { table = 'bookings', kept = false, execution = 'run-1' }: Target = {},
  changes: Partial<Parameters<typeof createHandler>[0]> = {},
) {
  const { host, port } = cluster.primary;
  const copies = kept ? { kept } : { kept, table };
  const handler = createHandler({
    settings: { database: DATABASE, source: { host, port }, copies },
    ca: cluster.ca,
    password: () => Promise.resolve(ROLE_PASSWORD),
    now: () => new Date(),
    ...changes,
  });
  const instance = { ready: true, status: 'available', host, port, at: '' };
  const state = { input: {}, instance, target: { table } };
  return handler({ step, purpose: 'drill', execution, startedAt: '', state: state as never });
}

describe('the first session', () => {
  test('needs TLS with a certificate of the known authority', async () => {
    await expect(call('connect')).resolves.toEqual({ at: expect.any(String) as string });
    const { ca } = await createCertificates();
    await expect(call('connect', {}, { ca })).rejects.toMatchObject({
      name: 'NotConnected',
      message: expect.stringMatching(/does not let drill_user in \(.*CERT|self/i) as string,
    });
  });

  test('fails when the database does not exist', async () => {
    const settings = { database: 'nowhere', source: undefined };
    await expect(call('connect', {}, { settings })).rejects.toThrow('(3D000)');
  });
});

test('without a source a restored database is validated alone, and no table is recovered', async () => {
  const settings = { database: DATABASE, source: undefined };
  const roles = ['drill_user', 'readonly_user', 'metrics_user'];
  expect(await call('validate', {}, { settings })).toMatchObject({ tables: [], roles });
  await expect(call('recover', { table: 'bookings' }, { settings })).rejects.toThrow('this function copies no tables');
});

function recoveredTables(): Promise<string[]> {
  return names(admin, "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'recovery' ORDER BY 1");
}

describe('a recovered table', () => {
  test('has every value of every type as it was', async () => {
    const rows = new Rows(admin);
    await rows.salon('s');
    await rows.booking('s', '10:00', null, '1 hour', { notes: 'line\nbreak\ttab \\ backslash "quote" \\N' });
    await rows.webhook(null, '1 hour', 'error');
    for (const table of ['bookings', 'webhook_logs']) {
      const { copy } = (await call('recover', { table, kept: true })) as Recovered;
      const differing = `(TABLE ${table} EXCEPT TABLE ${copy}) UNION ALL (TABLE ${copy} EXCEPT TABLE ${table})`;
      const { rows: counts } = await admin.query<{ count: string }>(`SELECT count(*) FROM (${differing}) each`);
      expect(counts).toEqual([{ count: '0' }]);
      await admin.query(`DROP TABLE ${copy}`);
    }
  });

  test('is streamed: a table of 200 MB takes less than 100 MB of memory', async () => {
    await admin.query(
      'CREATE TABLE large AS SELECT i AS id, repeat(md5(i::text), 60) AS text FROM generate_series(1, 100000) i',
    );
    const before = process.memoryUsage().rss;
    let highest = before;
    const watch = setInterval(() => (highest = Math.max(highest, process.memoryUsage().rss)), 5);
    const recovered = (await call('recover', { table: 'large' })) as Recovered;
    clearInterval(watch);
    expect(recovered).toMatchObject({ rows: 100_000, kept: false });
    expect((highest - before) / 2 ** 20).toBeLessThan(100);
    expect(await recoveredTables()).toEqual([]);
    await admin.query('DROP TABLE large');
  }, 60_000);
});

describe('the recovery of a table', () => {
  test('that is repeated finds the copy that it has kept', async () => {
    await new Rows(admin).salon('s');
    await new Rows(admin).booking('s', '10:00', null);
    const first = (await call('recover', { table: 'bookings', kept: true })) as Recovered;
    const second = (await call('recover', { table: 'bookings', kept: true })) as Recovered;
    expect(second).toMatchObject({ copy: first.copy, rows: first.rows, checksum: first.checksum });
    await admin.query(`DROP TABLE ${first.copy}`);
  });

  test('leaves nothing when it fails', async () => {
    await admin.query('REVOKE SELECT ON bookings FROM recovery_user');
    try {
      await expect(call('recover', { table: 'bookings' })).rejects.toMatchObject({
        name: 'TableNotRecovered',
        message: 'a session failed with 42501',
      });
    } finally {
      await admin.query('GRANT SELECT ON bookings TO recovery_user');
    }
    expect(await recoveredTables()).toEqual([]);
  });

  test('needs the schema recovery in the source', async () => {
    await admin.query('ALTER SCHEMA recovery RENAME TO elsewhere');
    try {
      await expect(call('recover', { table: 'bookings' })).rejects.toThrow(
        'the source has no schema recovery, or an old one; run the migrations',
      );
    } finally {
      await admin.query('ALTER SCHEMA elsewhere RENAME TO recovery');
    }
  });

  test('of a drill takes the table of its stack, whatever the event says, and drops it', async () => {
    const { host, port } = cluster.primary;
    const copies = { kept: false as const, table: 'bookings' };
    const settings = { database: DATABASE, source: { host, port }, copies };
    expect(await call('recover', { table: 'salons' }, { settings })).toMatchObject({ table: 'bookings', kept: false });
    expect(await recoveredTables()).toEqual([]);
  });
});

describe('copies that are there already', () => {
  const DRILLS = 'made by a restore drill, which drops it again';
  const KEPT = 'recovered for a person to use';
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  const made = async (name: string, comment: string) => {
    await admin.query(`CREATE TABLE recovery.${name} (); COMMENT ON TABLE recovery.${name} IS '${comment}'`);
  };

  test('a drill drops those of drills after a day and those of people after 30, and names those of people after a week', async () => {
    await made('forgotten', `${DRILLS}; ${daysAgo(2)}`);
    await made('running', `${DRILLS}; ${daysAgo(0)}`);
    await made('overdue', `${KEPT}; ${daysAgo(8)}`);
    await made('kept', `${KEPT}; ${daysAgo(6)}`);
    await made('expired', `${KEPT}; ${daysAgo(31)}`);
    await made('almost_expired', `${KEPT}; ${daysAgo(29)}`);
    await made('somebodys', 'made by hand');
    expect(await call('sweep-copies')).toEqual({ overdue: ['recovery.almost_expired', 'recovery.overdue'] });
    expect(await recoveredTables()).toEqual(['almost_expired', 'kept', 'overdue', 'running', 'somebodys']);
  });

  test('a second copy for a person waits until the first is dropped; a drill does not', async () => {
    await made('kept', `${KEPT}; ${daysAgo(6)}`);
    await expect(call('recover', { kept: true })).rejects.toThrow(
      /^recovery.kept of \S+ is still there; allowed: one copy at a time/,
    );
    await expect(call('recover')).resolves.toMatchObject({ kept: false });
    expect(await recoveredTables()).toEqual(['kept']);
  });
});

test('fails naming every missing variable', () => {
  expect(() => readEnv({ DATABASE_NAME: 'd' })).toThrow(
    'environment variables missing: SOURCE, COPIES, AWS_REGION, LAMBDA_TASK_ROOT',
  );
});
