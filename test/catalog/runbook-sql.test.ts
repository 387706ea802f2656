import type { Client } from 'pg';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMigrations } from '../../lambda/migrate/migrations';
import { runMigrations } from '../../lambda/migrate/runner';
import { loadAlerts } from '../../lib/catalog/alerts';
import { readPages } from '../../lib/catalog/runbooks';
import { localParameters } from '../../lib/rehearsal/parameters';
import { type Cluster, startCluster } from '../../lib/rehearsal/postgres/cluster';
import { RunFolder } from '../../lib/rehearsal/postgres/run-folder';
import { primaryParameters, replicaParameters } from '../../lib/constructs/postgres-parameters';
import { loadEnvironment } from '../../lib/config';
import { type RunbookStatement, statementsOf } from '../support/runbook-statements';

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
  await sessions.primary.query(readFileSync(join(__dirname, '../support/runbook-troubles.sql'), 'utf8'));
}, 60_000);

afterAll(async () => {
  await Promise.all(Object.values(sessions).map((session) => session.end()));
  folder?.dispose();
});

// As the master user, whom a person on call logs in as.
test.each(statements.map((statement) => [statement.page, statement.sql.split('\n')[0], statement] as const))(
  '%s: %s',
  async (_, __, { sql, on }) => {
    await expect(sessions[on]!.query(sql)).resolves.toBeDefined();
  },
);

// With the troubles of runbook-troubles.sql in the database, a question that finds nothing asks for the wrong thing.
test.each(loadAlerts().flatMap(({ name, group }) => (group === 'whatsapp_saas_alerts' ? [name] : [])))(
  'every question of %s finds its trouble',
  async (alert) => {
    const questions = statements.filter(({ page }) => page === alert);
    expect(questions.length).toBeGreaterThan(0);
    for (const { sql } of questions) {
      const { rows } = await sessions.primary!.query(sql);
      expect({ sql, found: rows.length > 0 }).toEqual({ sql, found: true });
    }
  },
);

test('the statements run on PostgreSQL 15, on both kinds of server', () => {
  expect(cluster.version).toMatch(/^15\./);
  expect(new Set(statements.map(({ on }) => on))).toEqual(new Set(['primary', 'replica']));
});

describe('a fence of SQL', () => {
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
