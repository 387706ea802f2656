import { readFileSync } from 'node:fs';
import type { Client } from 'pg';
import { ENVIRONMENT_NAMES, loadEnvironment } from '../../lib/config';
import { primaryParameters } from '../../lib/config/postgres-parameters';
import { type Cluster, startCluster } from '../../lib/local-postgres/cluster';
import { localParameters } from '../../lib/local-postgres/parameters';
import { RunFolder } from '../../lib/local-postgres/run-folder';
import { clusterSeed, DATABASE, MASTER } from '../support/database/cluster-seed';
import { type Login, PLANTED_STATEMENTS, PLANTS, runPlanted } from '../../lib/rehearsal/log-search/planted-statements';
import { Rows } from '../support/database/rows';
import { synthesize } from '../support/synth';

let folder: RunFolder;
let cluster: Cluster;
let superuser: Client;
const APPLICATION = { user: 'app_user', password: 'application-password' };
const login: Login = (user) => cluster.connect(cluster.primary, user ? APPLICATION : undefined);

/** The parameter groups of an environment as they are deployed. */
function groups(name: (typeof ENVIRONMENT_NAMES)[number]): Record<string, string>[] {
  return Object.values(synthesize(name).database.findResources('AWS::RDS::DBParameterGroup')).map(
    (group) => (group['Properties'] as { Parameters: Record<string, string> }).Parameters,
  );
}

beforeAll(async () => {
  folder = new RunFolder();
  const [primary = {}] = groups('production');
  const parameters = localParameters(primary).applied;
  const seed = await clusterSeed('migrated');
  cluster = await startCluster({ folder, replicas: 0, database: DATABASE, master: MASTER, parameters, seed });
  superuser = await cluster.connect(cluster.primary, cluster.superuser);
  await superuser.query(`ALTER ROLE app_user PASSWORD '${APPLICATION.password}'`);
  const rows = new Rows(superuser);
  await rows.salon('salon-1', '1 day', { phone_number_id: PLANTS.phone, access_token: PLANTS.token });
  await rows.salon('salon-2');
}, 60_000);
afterAll(async () => {
  await superuser?.end();
  folder.dispose();
});

/** Lines that the server writes while something runs, and lines of them that contain a plant. */
async function logOf(run: () => Promise<unknown>): Promise<{ lines: string[]; planted: string[] }> {
  const before = readFileSync(cluster.primary.logFile, 'utf8').length;
  await run();
  const lines = readFileSync(cluster.primary.logFile, 'utf8').slice(before).split('\n');
  return { lines, planted: lines.filter((line) => Object.values(PLANTS).some((plant) => line.includes(plant))) };
}

describe('the log of a server with the deployed parameters', () => {
  afterEach(() => superuser.query('DROP ROLE IF EXISTS planted'));

  test('contains no password, token, phone number or text, whatever statement runs', async () => {
    for (const statement of PLANTED_STATEMENTS) {
      const { planted } = await logOf(() => runPlanted(statement, login));
      expect([statement[0], ...planted]).toEqual([statement[0]]);
    }
  }, 60_000);

  test('contains lock waits, deadlocks, large temporary files and refused log-ins', async () => {
    const { lines } = await logOf(async () => {
      for (const statement of PLANTED_STATEMENTS.filter(([name]) => /lock|temporary/.test(name))) {
        if (!statement[0].includes('password')) await runPlanted(statement, login);
      }
      const wrong = { user: 'app_user', password: 'wrong' };
      await expect(cluster.connect(cluster.primary, wrong)).rejects.toMatchObject({ code: '28P01' });
    });
    for (const text of [
      'still waiting for',
      'detected deadlock',
      'temporary file: path',
      'password authentication failed',
    ])
      expect([text, lines.some((line) => line.includes(text))]).toEqual([text, true]);
  }, 30_000);

  test('the same statements leave their plants in a log with PostgreSQL’s own defaults and the earlier settings', async () => {
    const earlier = {
      log_statement: 'ddl',
      log_min_error_statement: 'error',
      log_error_verbosity: 'default',
      log_min_messages: 'warning',
      log_min_duration_statement: '1000',
      log_parameter_max_length: '-1',
    };
    const change = async (sql: (name: string, value: string) => string) => {
      for (const [name, value] of Object.entries(earlier)) await superuser.query(sql(name, value));
      await superuser.query('SELECT pg_reload_conf()');
    };
    await change((name, value) => `ALTER SYSTEM SET ${name} TO '${value}'`);
    try {
      for (const statement of PLANTED_STATEMENTS) {
        const { planted } = await logOf(() => runPlanted(statement, login));
        expect([statement[0], planted.length > 0]).toEqual([statement[0], true]);
      }
    } finally {
      await change((name) => `ALTER SYSTEM RESET ${name}`);
    }
  }, 60_000);
});

describe('a server with the deployed parameters', () => {
  afterEach(() => superuser.query('DROP ROLE IF EXISTS planted'));

  test('nothing else is switched on that writes statements, plans or bound values', async () => {
    const { rows } = await superuser.query<{ name: string; setting: string }>(
      `SELECT name, setting FROM pg_settings
        WHERE name IN ('log_duration', 'log_min_duration_sample', 'log_parameter_max_length_on_error', 'log_replication_commands',
                       'log_transaction_sample_rate', 'debug_print_parse', 'debug_print_plan', 'debug_print_rewritten')
           OR name LIKE 'auto_explain.%' ORDER BY 1`,
    );
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
      debug_print_parse: 'off',
      debug_print_plan: 'off',
      debug_print_rewritten: 'off',
      log_duration: 'off',
      log_min_duration_sample: '-1',
      log_parameter_max_length_on_error: '0',
      log_replication_commands: 'off',
      log_transaction_sample_rate: '0',
    });
  });

  test('pg_stat_statements keeps no password, and no role but the master sees the statements of others', async () => {
    await runPlanted(PLANTED_STATEMENTS[0]!, login);
    const { rows } = await superuser.query<{ query: string }>('SELECT query FROM public.pg_stat_statements');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ query }) => query.includes(PLANTS.password))).toEqual([]);
    const { rows: readers } = await superuser.query<{ name: string }>(
      `SELECT rolname AS name FROM pg_roles
        WHERE rolcanlogin AND NOT rolsuper AND pg_has_role(oid, 'pg_read_all_stats', 'MEMBER') ORDER BY 1`,
    );
    expect(readers).toEqual([{ name: MASTER.user }]);
  });
});

test.each(ENVIRONMENT_NAMES)('%s: every parameter group logs alike, and audits the schema and roles', (name) => {
  for (const group of groups(name)) {
    expect(group).toMatchObject({
      log_statement: 'none',
      log_min_error_statement: 'panic',
      log_error_verbosity: 'terse',
      log_min_messages: 'log',
      log_min_duration_statement: '-1',
      shared_preload_libraries: 'pg_stat_statements,pgaudit',
      'pgaudit.log': 'ddl,role',
      'pgaudit.log_parameter': '0',
      'pg_stat_statements.track_utility': '0',
    });
    expect(Object.keys(group).filter((key) => /^auto_explain|^debug_|^pgaudit\.role/.test(key))).toEqual([]);
  }
});

test('a reason in the configuration switches slow statements, their plans and errors on', () => {
  const { database } = loadEnvironment('production');
  const diagnosticLog = {
    reason: 'slow bookings, until Friday',
    slowStatementsMs: 500,
    slowPlansMs: 900,
    errors: true,
  };
  expect(primaryParameters({ database: { ...database, diagnosticLog } })).toMatchObject({
    shared_preload_libraries: 'pg_stat_statements,auto_explain,pgaudit',
    'auto_explain.log_min_duration': '900',
    log_min_duration_statement: '500',
    log_min_messages: 'warning',
    log_statement: 'none',
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_parameter_max_length: '0',
  });
});
