import type { Client } from 'pg';
import { rowsToLog } from '../../../lambda/collector/logged-rows';
import type { ServerReading } from '../../../lambda/collector/read';
import { logger } from '../../../lambda/shared/logger';
import { LOGGED_ROWS, TABLE_SIZES, TOP_STATEMENTS } from '../../../lib/contract/logged-rows';
import type { Cluster } from '../../../lib/local-postgres/cluster';
import { RunFolder } from '../../../lib/local-postgres/run-folder';
import { loadQueries } from '../../../lib/monitoring/queries';
import { logTables } from '../../../lib/monitoring/dashboards/log-tables';
import { FULL } from '../../support/monitoring/alerts';
import { dashboardContext } from '../../support/monitoring/dashboards';
import { startMigratedCluster, testCollector } from '../../support/database/migrated-cluster';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 5, 9, minute));
const reading = (rows: readonly Record<string, number>[]): ServerReading => ({
  server: 'primary',
  up: true,
  inRecovery: false,
  began: 0,
  ended: 1,
  answers: new Map([[TABLE_SIZES.query, rows]]),
  failures: [],
});

test('logs the twenty highest rows, the highest first, four times an hour', () => {
  const rows = Array.from({ length: 30 }, (_, size) => ({ size_bytes: size }));
  const lines = rowsToLog([reading(rows)], at(15));
  expect(lines).toHaveLength(20);
  expect(lines[0]).toEqual({ message: 'table size', fields: { size_bytes: 29 } });
  expect(lines.at(-1)?.fields).toEqual({ size_bytes: 10 });
  const minutes = Array.from({ length: 60 }, (_, minute) => minute);
  expect(minutes.filter((minute) => rowsToLog([reading(rows)], at(minute)).length > 0)).toEqual([0, 15, 30, 45]);
});

test('logs nothing of a replica, nor where a query failed', () => {
  const replica = { ...reading([{ size_bytes: 1 }]), inRecovery: true };
  expect(rowsToLog([replica], at(0))).toEqual([]);
  expect(rowsToLog([{ server: 'primary', up: false, reason: 'ECONNREFUSED' }], at(0))).toEqual([]);
  expect(rowsToLog([{ ...reading([]), answers: new Map() } as ServerReading], at(0))).toEqual([]);
});

test.each(LOGGED_ROWS)('$query has the column $by, and no column with the text of a statement', ({ query, by }) => {
  const columns = loadQueries()
    .find(({ name }) => name === query)!
    .columns.map(({ name }) => name);
  expect(columns).toContain(by);
  expect(columns).not.toContain('query');
});

let folder: RunFolder;
let cluster: Cluster;
let admin: Client;
const lines: { message: string; fields: Record<string, unknown> }[] = [];

beforeAll(async () => {
  folder = new RunFolder();
  ({ cluster, admin } = await startMigratedCluster(folder));
  await admin.query('CREATE TABLE wide (text text)');
  await admin.query("INSERT INTO wide SELECT repeat('x', 500) || i FROM generate_series(1, 4000) AS i");
  // The statistics know a table's rows only after the session reported them.
  await admin.query("SELECT count(*), 'planted' FROM wide; SELECT pg_stat_force_next_flush()");
  jest.spyOn(logger, 'info').mockImplementation((...args: unknown[]) => {
    const [message, fields] = args;
    lines.push({ message: String(message), fields: (fields ?? {}) as Record<string, unknown> });
  });
  await testCollector(cluster, { now: () => at(30) }).pass();
}, 60_000);
afterAll(async () => {
  await admin?.end();
  folder?.dispose();
});

describe('on a real server', () => {
  const of = (message: string) => lines.filter((line) => line.message === message).map(({ fields }) => fields);

  test('the largest table comes first, with its size as PostgreSQL gives it', async () => {
    const { rows } = await admin.query<{ size: string }>("SELECT pg_total_relation_size('wide') AS size");
    expect(of(TABLE_SIZES.message)[0]).toEqual({
      schemaname: 'public',
      relname: 'wide',
      size_bytes: Number(rows[0]?.size),
      dead_ratio: 0,
    });
  });

  test('statements have their ids, calls and times, and nothing else', async () => {
    const statements = of(TOP_STATEMENTS.message);
    expect(statements.length).toBeGreaterThan(3);
    const { rows } = await admin.query<{ queryid: string; calls: string }>(
      "SELECT queryid::text, calls FROM pg_stat_statements WHERE query LIKE 'INSERT INTO wide%'",
    );
    expect(statements).toContainEqual({
      queryid: rows[0]?.queryid,
      calls: Number(rows[0]?.calls),
      total_exec_ms: expect.any(Number) as number,
    });
    expect(JSON.stringify(lines)).not.toContain('planted');
  });

  test('the tables of the dashboards ask for fields that the lines have', () => {
    const queries = logTables(dashboardContext(FULL)).flatMap((content) =>
      content.type === 'log' ? [content.properties.query] : [],
    );
    expect(queries).toHaveLength(LOGGED_ROWS.length);
    for (const query of queries) {
      expect(query).toMatch(/^SOURCE '\/aws\/lambda\/the-collector' \| /);
      const message = /message = "([^"]+)"/.exec(query)?.[1] ?? '';
      const read = [
        ...[...query.matchAll(/\((\w+)\)/g)].map((match) => match[1]!),
        .../ by ([\w, ]+) \|/.exec(query)![1]!.split(', '),
      ];
      expect(read.length).toBeGreaterThan(1);
      for (const field of read)
        expect([message, field, of(message)[0]]).toEqual([
          message,
          field,
          expect.objectContaining({ [field]: expect.anything() as unknown }),
        ]);
    }
  });
});
