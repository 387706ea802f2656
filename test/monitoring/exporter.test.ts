import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Client } from 'pg';
import { loadQueries } from '../../lib/monitoring/queries';
import { rowsOfQuery } from '../support/database/query-rows';
import type { Cluster } from '../../lib/local-postgres/cluster';
import { RunFolder } from '../../lib/local-postgres/run-folder';
import { DATABASE, METRICS_LOGIN, startMigratedCluster } from '../support/database/migrated-cluster';

const EXPORTERS = ['prometheus-postgres-exporter', 'postgres_exporter'];
const exporter = EXPORTERS.find((command) => spawnSync(command, ['--version']).status === 0);
const QUERIES = join(__dirname, '../../lib/monitoring/custom-queries.yaml');

let folder: RunFolder;
let cluster: Cluster;
let admin: Client;
let running: ChildProcess | undefined;

beforeAll(async () => {
  if (!exporter) return;
  folder = new RunFolder();
  folder.adopt({ kill: () => running?.kill('SIGKILL') });
  ({ cluster, admin } = await startMigratedCluster(folder, 1));
}, 60_000);
afterAll(async () => {
  await admin?.end();
  folder?.dispose();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** The first scrape of an exporter that logs in to a server as metrics_user. */
async function scrape(command: string, host: string, port: number): Promise<string> {
  const ca = join(folder.path, 'exporter-ca.crt');
  writeFileSync(ca, cluster.ca);
  const listen = `127.0.0.1:${await freePort()}`;
  running = spawn(command, ['--extend.query-path', QUERIES, '--web.listen-address', listen], {
    env: {
      DATA_SOURCE_NAME: `host=${host} port=${port} dbname=${DATABASE} user=${METRICS_LOGIN.user} password=${METRICS_LOGIN.password} sslmode=verify-full sslrootcert=${ca}`,
    },
    stdio: 'ignore',
  });
  try {
    const until = Date.now() + 20_000;
    for (;;) {
      const response = await fetch(`http://${listen}/metrics`).catch(() => undefined);
      if (response) {
        const text = await response.text();
        expect([response.status, text.slice(0, 500)]).toEqual([200, expect.anything()]);
        return text;
      }
      if (Date.now() > until || running.exitCode !== null) throw new Error(`${command} does not answer at ${listen}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } finally {
    running.kill();
  }
}

function isSalon({ name }: { readonly name: string }): boolean {
  return name === 'salon_id';
}

/** Names of metrics that have at least one value. */
function names(text: string): Set<string> {
  return new Set(text.split('\n').flatMap((line) => /^([a-z_]\w*)[ {]/.exec(line)?.[1] ?? []));
}

const found = exporter ?? '';
const testWithExporter = exporter ? test : test.skip;
const title = exporter
  ? `${exporter} loads the queries and has their series, without an error`
  : `skipped, because none of ${EXPORTERS.join(', ')} is installed: the queries are not loaded into an exporter`;

testWithExporter(
  title,
  async () => {
    await admin.query(readFileSync(join(__dirname, '../support/database/runbook-troubles.sql'), 'utf8'));
    await admin.query(`INSERT INTO conversations (id, salon_id, phone_number) VALUES ('c', 'sample-salon', '1')`);
    await admin.query(
      `INSERT INTO webhook_logs (id, event_type, payload, status, processing_time_ms) VALUES ('w', 't', '{}', 'FAILED', 1)`,
    );
    await admin.query('CREATE SEQUENCE numbers');
    await admin.query(
      "INSERT INTO database_sizes SELECT (now() AT TIME ZONE 'utc')::date - i, 1000 FROM generate_series(0, 1) AS i",
    );
    await admin.query('SELECT pg_sleep(1.1)');

    const { host, port } = cluster.primary;
    const text = await scrape(found, host, port);
    const series = names(text);
    const expected = loadQueries().flatMap(({ name, columns }) =>
      columns.filter(({ usage }) => usage !== 'LABEL').map((column) => `${name}_${column.name}`),
    );
    expect(expected.filter((metric) => !series.has(metric))).toEqual([]);
    expect(text).toMatch(/^pg_exporter_last_scrape_error 0$/m);
    expect(text).not.toMatch(/^pg_exporter_user_queries_load_error\{.*\} 1$/m);
    expect(text).toMatch(/^booking_conflicts_conflict_count\{salon_id="sample-salon",server="localhost:\d+"\} 2$/m);
    expect(text).toMatch(/^webhook_errors_error_count\{event_type="t",salon_id="",server="localhost:\d+"\} 1$/m);
    // The exporter's values of salons are those of the queries, which booking-queries.test.ts and message-queries.test.ts calculate by hand.
    for (const { name, columns } of loadQueries().filter(({ columns: each }) => each.some(isSalon))) {
      const rows = await rowsOfQuery(admin, name);
      for (const column of columns.filter(({ usage }) => usage !== 'LABEL')) {
        const values = [...text.matchAll(new RegExp(`^${name}_${column.name}\\{.*\\} (\\S+)$`, 'gm'))].map(
          ([, value]) => Number(value),
        );
        const wanted = rows.map((row) => Number(row[column.name]));
        const ascending = (numbers: number[]) => numbers.sort((one, other) => one - other);
        // Ages grow between the two.
        expect([name, column.name, ascending(values)]).toEqual([
          name,
          column.name,
          ascending(wanted).map((value) => expect.closeTo(value, 1) as number),
        ]);
      }
    }
  },
  60_000,
);

testWithExporter(
  exporter ? `${exporter} can also scrape a replica` : 'skipped for the same reason: an exporter on a replica',
  async () => {
    const [replica] = cluster.replicas;
    const text = await scrape(found, replica?.host ?? '', replica?.port ?? 0);
    // Not exactly 0 where the primary has just written.
    const lag = /^replication_lag_lag_seconds\{server="localhost:\d+"\} (\S+)$/m.exec(text)?.[1];
    expect(Number(lag)).toBeLessThan(30);
    expect(text).toMatch(/^pg_exporter_last_scrape_error 0$/m);
  },
  60_000,
);
