import type { Client } from 'pg';
import { createHandler as createDrillCheck } from '../../../lambda/drill-check';
import { createHandler as createMigrate } from '../../../lambda/migrate';
import { check } from '../../../lambda/restore-validation/check';
import { errorCode, nameAndMessage, tell, tellable } from '../../../lambda/shared/errors';
import { logger } from '../../../lambda/shared/logger';
import type { Cluster } from '../../../lib/local-postgres/cluster';
import { RunFolder } from '../../../lib/local-postgres/run-folder';
import { letDrillIn, ROLE_PASSWORD } from '../../support/aws/drill-rig';
import {
  DATABASE,
  gauge,
  startMigratedCluster,
  type TestCollector,
  testCollector,
} from '../../support/database/migrated-cluster';
import { MigrationServer } from '../../support/database/migration-server';
import { PLANTS } from '../../../lib/rehearsal/log-search/planted-statements';
import { PLANTED_ERRORS, plantsIn } from '../../support/database/planted-errors';

/** Everything that the handlers log while a test runs. */
let logged: unknown[];
beforeEach(() => {
  logged = [];
  for (const level of ['info', 'warn', 'error'] as const) {
    jest.spyOn(logger, level).mockImplementation((...said) => void logged.push(said));
  }
});
afterEach(() => jest.restoreAllMocks());

/** The error that a call fails with. */
async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => {
      throw new Error('it succeeded');
    },
    (error: unknown) => error,
  );
}

describe('the migrate function', () => {
  let server: MigrationServer;
  beforeAll(async () => {
    server = await MigrationServer.start();
  }, 60_000);
  afterAll(() => server?.dispose());

  test.each(PLANTED_ERRORS)('tells an error of %s without its values, also in the history', async (sqlState, sql) => {
    const { database, client } = await server.freshDatabase();
    const { host, port } = server.cluster.primary;
    const { user: username, password } = server.cluster.master;
    const folder = server.migrationFolder({ '20250101000000_planted': `SELECT 1;\n${sql};` });
    const handler = createMigrate({
      settings: { masterSecretArn: '', appSecretArn: '', database, hasProxy: false, migrationsFolder: folder },
      readSecret: () => Promise.resolve({ username, password, host, port }),
      ca: server.cluster.ca,
    });
    const failure = await failureOf(handler());
    expect(plantsIn([failure, logged])).toEqual([]);
    expect(String(failure)).toMatch(
      /^MigrationFailed: 20250101000000_planted\/migration.sql failed at statement \d \(line 2, "/,
    );
    expect(String(failure)).toContain(`SQLSTATE ${sqlState}`);
    const { rows } = await client.query<{ logs: string }>('SELECT logs FROM _prisma_migrations');
    expect(rows[0]?.logs).toContain(`SQLSTATE ${sqlState}`);
    expect(plantsIn(rows)).toEqual([]);
    await client.end();
  });

  test('names the table, column and constraint that were violated', async () => {
    const { client } = await server.freshDatabase();
    const error = await failureOf(client.query(PLANTED_ERRORS.find(([code]) => code === '23514')![1]));
    expect(tell(error)).toBe('SQLSTATE 23514, check constraint violated; table planted; constraint planted_v_check');
    await client.end();
  });

  test('tells an error of the session without its values, and so does each function for errors', async () => {
    const { client } = await server.freshDatabase();
    for (const [sqlState, sql] of PLANTED_ERRORS) {
      await client.query('BEGIN');
      const error = await failureOf(client.query(sql));
      await client.query('ROLLBACK');
      // The driver's own error has them, so the test can fail.
      expect([sqlState, plantsIn(error).length > 0]).toEqual([sqlState, true]);
      expect(error).toMatchObject({ code: sqlState });
      for (const told of [tell(error), tellable(error), errorCode(error), nameAndMessage(error)]) {
        expect([sqlState, plantsIn(told), String(told).includes(sqlState)]).toEqual([sqlState, [], true]);
      }
    }
    await client.end();
  });
});

/** A function of the name and arguments that fails with a planted error. Every role may call it. */
async function failing(admin: Client, signature: string, returns: string, sql: string): Promise<void> {
  await admin.query(
    `CREATE OR REPLACE FUNCTION ${signature} RETURNS ${returns} LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS
     $planted$ BEGIN EXECUTE $sql$${sql}$sql$; END $planted$;
     GRANT EXECUTE ON FUNCTION ${signature} TO PUBLIC`,
  );
}

// Statements that open cursors or run prepared statements are not allowed in a function.
const inFunctions = PLANTED_ERRORS.filter(([sqlState]) => !['26000', '34000'].includes(sqlState));

describe('functions that log in to a migrated database', () => {
  let folder: RunFolder;
  let cluster: Cluster;
  let admin: Client;
  // One for all tests: it keeps its session from pass to pass, and its role has few.
  let collector: TestCollector;
  beforeAll(async () => {
    folder = new RunFolder();
    ({ cluster, admin } = await startMigratedCluster(folder));
    collector = testCollector(cluster, {
      queries: [gauge('planted', 'SELECT public.planted_error() AS n')],
      password: () => Promise.resolve(ROLE_PASSWORD),
    });
    await letDrillIn(admin);
    await admin.query('INSERT INTO heartbeat (id, beat_at) VALUES (1, now())');
  }, 60_000);
  afterAll(async () => {
    await admin?.end();
    folder.dispose();
  });

  test.each(inFunctions)('the collector tells an error of %s without its values', async (sqlState, sql) => {
    await failing(admin, 'public.planted_error()', 'integer', sql);
    const failure = await failureOf(collector.pass());
    expect(plantsIn([failure, logged, collector.published()])).toEqual([]);
    // A query that writes is refused before it fails for its own reason.
    expect(String(failure)).toMatch(new RegExp(`planted on primary \\((${sqlState}|25006)\\)`));
  });

  // 3F000 is taken for the missing schema recovery.
  test.each(inFunctions.filter(([sqlState]) => sqlState !== '3F000'))(
    'a drill’s check tells an error of %s without its values',
    async (sqlState, sql) => {
      await failing(admin, 'recovery.drop_leftovers()', 'void', sql);
      const { host, port } = cluster.primary;
      const handler = createDrillCheck({
        settings: { database: DATABASE, source: { host, port }, copies: { kept: false, table: 'bookings' } },
        ca: cluster.ca,
        password: () => Promise.resolve(ROLE_PASSWORD),
        now: () => new Date(),
      });
      const state = {
        input: {},
        instance: { ready: true, status: 'available', host, port, at: '' },
        target: { table: 'bookings' },
      };
      const failure = await failureOf(
        handler({ step: 'recover', purpose: 'drill', execution: 'run', startedAt: '', state: state as never }),
      );
      expect(plantsIn([failure, logged])).toEqual([]);
      expect(failure).toMatchObject({ name: 'TableNotRecovered', message: `a session failed with ${sqlState}` });
    },
  );
});

test('the verdict of a restore test tells an error without its values', async () => {
  // As PostgreSQL's driver makes it.
  const error = Object.assign(new Error(`malformed: ${PLANTS.text}`), {
    code: '22P02',
    severity: 'ERROR',
    detail: PLANTS.phone,
  });
  const fails = { send: () => Promise.reject(error) };
  const event = { detail: { restoreJobId: 'job', createdResourceArn: 'arn:aws:rds:us-east-1:1:db:restored' } };
  const outcome = await check(event, {
    rds: fails,
    lambda: fails,
    checkFunction: 'check',
    sleep: () => Promise.resolve(),
    now: () => new Date(),
  });
  expect(plantsIn(outcome)).toEqual([]);
  expect(outcome).toEqual({ fault: expect.stringContaining('SQLSTATE 22P02') as string });
});
