import type { Client } from 'pg';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readMigrations } from '../../lib/contract/migrations';
import { runMigrations } from '../../lambda/migrate/runner';
import { loadAlerts } from '../../lib/monitoring/alerts';
import { readPages } from '../../lib/runbooks/pages';
import { DBA_USER } from '../../lib/contract/roles';
import { setRolePassword } from '../../lib/rehearsal/role-password';
import { localParameters } from '../../lib/local-postgres/parameters';
import { type Cluster, startCluster } from '../../lib/local-postgres/cluster';
import { RunFolder } from '../../lib/local-postgres/run-folder';
import { primaryParameters, replicaParameters } from '../../lib/config/postgres-parameters';
import { loadEnvironment } from '../../lib/config';
import { type RunbookStatement, statementsOf } from '../support/database/runbook-statements';

const statements = [...readPages()].flatMap(([page, markdown]) => statementsOf(page, markdown));

let folder: RunFolder;
let cluster: Cluster;
const sessions: Partial<Record<RunbookStatement['on'], Client>> = {};

beforeAll(async () => {
  folder = new RunFolder();
  const config = loadEnvironment('production');
  cluster = await startCluster({
    folder,
    replicas: 1,
    database: config.database.databaseName,
    master: { user: 'database_admin', password: 'master-password' },
    parameters: localParameters(primaryParameters(config)).applied,
    replicaParameters: localParameters(replicaParameters(config)).applied,
  });
  sessions.primary = await cluster.connect(cluster.primary);
  sessions.replica = await cluster.connect(cluster.replicas[0]!);
  await runMigrations(sessions.primary, readMigrations(join(__dirname, '../../lambda/migrations')));
  await sessions.primary.query(readFileSync(join(__dirname, '../support/database/runbook-troubles.sql'), 'utf8'));
}, 60_000);

afterAll(async () => {
  await Promise.all(Object.values(sessions).map((session) => session.end()));
  folder?.dispose();
});

// As the master user, who may run all of them.
test.each(statements.map((statement) => [statement.page, statement.sql.split('\n')[0], statement] as const))(
  '%s: %s',
  async (_, __, { sql, on }) => {
    await expect(sessions[on]!.query(sql)).resolves.toBeDefined();
  },
);

describe('as dba_user, whom people on call log in as', () => {
  /** Read what customers wrote, or messages of PostgreSQL that quote it. A person becomes the master user for them. */
  const READS_DATA = [
    'AITokenUsageHigh',
    'HighBookingConflictRate',
    'HighMessageFailureRate',
    'PostgreSQLBackupSizeIncreasing',
    'PostgreSQLInvalidIndex',
    // Recovered copies.
    'README',
    'WebhookProcessingErrors',
  ];
  const dba: Partial<Record<RunbookStatement['on'], Client>> = {};

  beforeAll(async () => {
    const login = { user: DBA_USER, password: await setRolePassword(cluster, DBA_USER) };
    dba.primary = await cluster.connect(cluster.primary, login);
    dba.replica = await cluster.connect(cluster.replicas[0]!, login);
  });
  afterAll(() => Promise.all(Object.values(dba).map((session) => session.end())));

  const outcome = ({ sql, on }: RunbookStatement) =>
    dba[on]!.query(sql).then(
      () => 'allowed',
      (error: { readonly code?: string }) => error.code,
    );

  const reads = statements.filter(({ sql }) => /^(SELECT|WITH|SHOW)\b/.test(sql));

  test('the queries that look at the server run', async () => {
    const pages = new Set<string>();
    for (const statement of reads) {
      const result = await outcome(statement);
      expect([statement.sql, result]).toEqual([statement.sql, expect.stringMatching(/^(allowed|42501)$/)]);
      if (result !== 'allowed') pages.add(statement.page);
    }
    expect([...pages].sort()).toEqual(READS_DATA);
  });

  test('the statements that change something are refused', async () => {
    // VACUUM and ANALYZE of somebody else's table only warn, and skip it; SET and RESET change the session. Without the
    // table that a refused statement would have made, the next one fails by 42P01.
    const writes = statements.filter(
      (statement) => !reads.includes(statement) && !/^(VACUUM|ANALYZE|SET|RESET)/.test(statement.sql),
    );
    expect(writes.length).toBeGreaterThan(5);
    for (const statement of writes) {
      expect([statement.sql, await outcome(statement)]).toEqual([
        statement.sql,
        expect.stringMatching(/^(42501|25006|42P01)$/),
      ]);
    }
  });
});

// The database has the problems of runbook-troubles.sql, so a query that finds nothing is wrong.
test.each(loadAlerts().flatMap(({ name, group }) => (group === 'whatsapp_saas_alerts' ? [name] : [])))(
  'every query of %s finds its problem',
  async (alert) => {
    const queries = statements.filter(({ page }) => page === alert);
    expect(queries.length).toBeGreaterThan(0);
    for (const { sql } of queries) {
      const { rows } = await sessions.primary!.query(sql);
      expect({ sql, found: rows.length > 0 }).toEqual({ sql, found: true });
    }
  },
);

test('the statements run on PostgreSQL 15, on both kinds of server', () => {
  expect(cluster.version).toMatch(/^15\./);
  expect(new Set(statements.map(({ on }) => on))).toEqual(new Set(['primary', 'replica']));
});

describe('with a problem on the servers, the query of its page finds it', () => {
  const openSessions: Client[] = [];

  beforeAll(async () => {
    const superuser = await cluster.connect(cluster.primary, cluster.superuser);
    const [holder, waiter, builder] = await Promise.all([1, 2, 3].map(() => cluster.connect(cluster.primary)));
    openSessions.push(superuser, holder!, waiter!, builder!);
    await superuser.query("SELECT pg_create_physical_replication_slot('forgotten', true)");
    await builder!.query('CREATE TABLE bloated (id serial, twice INT) WITH (autovacuum_enabled = off)');
    await builder!.query('INSERT INTO bloated (twice) SELECT 1 FROM generate_series(1, 20000)');
    await builder!.query('DELETE FROM bloated WHERE id <= 10000');
    await builder!.query('SELECT pg_stat_force_next_flush()');
    await expect(builder!.query('CREATE UNIQUE INDEX CONCURRENTLY broken ON bloated (twice)')).rejects.toThrow(
      'broken',
    );
    await holder!.query("BEGIN; UPDATE salons SET name = 'held' WHERE id = 'sample-salon'");
    // Not awaited: this session waits for the lock of the one before until both end.
    waiter!.query("UPDATE salons SET name = 'waiting' WHERE id = 'sample-salon'").catch(() => undefined);
    await untilASessionWaits(superuser);
  }, 30_000);

  afterAll(() => Promise.all(openSessions.map((session) => session.end())));

  test.each([
    ['PostgreSQLTooManyConnections', 'blocked_by'],
    ['PostgreSQLHighQueryDuration', 'blocked_by'],
    ['PostgreSQLDbLoadHigh', 'unnest'],
    ['PostgreSQLDeadlocks', "wait_event_type = 'Lock'"],
    ['PostgreSQLConnectionPoolExhausted', 'last_statement'],
    ['PostgreSQLDiskSpaceCritical', 'backend_xid IS NOT NULL'],
    ['PostgreSQLStorageNotGrowing', 'backend_xid IS NOT NULL'],
    ['PostgreSQLTableBloat', 'n_dead_tup'],
    ['PostgreSQLInvalidIndex', 'NOT indisvalid'],
    ['PostgreSQLSequenceExhaustion', 'pg_sequences'],
    ['PostgreSQLSequenceExhaustion', 'pg_depend'],
    ['PostgreSQLTransactionIdsHigh', 'holder'],
    ['PostgreSQLReplicationSlotInactive', 'slot_type, active'],
    ['PostgreSQLReplicationStopped', 'pg_stat_wal_receiver'],
    ['PostgreSQLReplicationLag', 'not_sent'],
    ['PostgreSQLConfigurationChanged', 'pg_db_role_setting'],
    ['README', 'not_valid'],
  ])('%s: %s', async (page, words) => {
    const found = statements.find((each) => each.page === page && each.sql.includes(words));
    expect(found).toBeDefined();
    const { rows } = await sessions[found!.on]!.query(found!.sql);
    expect(rows.length).toBeGreaterThan(0);
  });
});

async function untilASessionWaits(client: Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
    if (rows.length > 0) return;
    await sleep(20);
  }
}

describe('a fenced block of SQL', () => {
  const fence = (words: string, sql: string) => `1. text\n\n   \`\`\`sql ${words}\n   ${sql}\n   \`\`\`\n`;

  test('fills in psql’s variables', () => {
    expect(statementsOf('Page', fence('replica pid=7 name=a"b', `SELECT :pid, :'name', :"name", now()::date`))).toEqual(
      [{ page: 'Page', on: 'replica', sql: `SELECT 7, 'a"b', "a""b", now()::date` }],
    );
  });

  test('fails on a variable without a value and on an unknown word', () => {
    expect(() => statementsOf('Page', fence('', 'SELECT :pid'))).toThrow('Page: :pid has no sample value');
    expect(() => statementsOf('Page', fence('standby', 'SELECT 1'))).toThrow('"standby" after sql is neither');
  });
});
