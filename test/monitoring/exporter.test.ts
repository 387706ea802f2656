import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { loadQueries } from '../../lib/monitoring/queries';
import { rowsOfQuery } from '../support/database/query-rows';
import type { Cluster } from '../../lib/local-postgres/cluster';
import { RunFolder } from '../../lib/local-postgres/run-folder';
import { startMigratedCluster } from '../support/database/migrated-cluster';
import { exporter, scrape, testWithExporter } from '../support/monitoring/exporter';

let folder: RunFolder;
let cluster: Cluster;
let admin: Client;

beforeAll(async () => {
  if (!exporter) return;
  folder = new RunFolder();
  ({ cluster, admin } = await startMigratedCluster(folder, 1));
}, 60_000);
afterAll(async () => {
  await admin?.end();
  folder?.dispose();
});

function isSalon({ name }: { readonly name: string }): boolean {
  return name === 'salon_id';
}

/** Names of metrics that have at least one value. */
function names(text: string): Set<string> {
  return new Set(text.split('\n').flatMap((line) => /^([a-z_]\w*)[ {]/.exec(line)?.[1] ?? []));
}

testWithExporter(
  'an exporter loads the queries and has their series, without an error',
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
    // Nobody listens there: its worker fails and starts again.
    const superuser = await cluster.connect(cluster.primary, cluster.superuser);
    await superuser.query(
      "CREATE SUBSCRIPTION lost CONNECTION 'host=localhost port=1' PUBLICATION p WITH (connect = false)",
    );
    await superuser.query('ALTER SUBSCRIPTION lost ENABLE');
    await superuser.end();
    await admin.query('SELECT pg_sleep(1.1)');

    const text = await scrape(folder, cluster, cluster.primary);
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
  'an exporter can also scrape a replica',
  async () => {
    const text = await scrape(folder, cluster, cluster.replicas[0]!);
    // Not exactly 0 where the primary has just written.
    const lag = /^replication_lag_lag_seconds\{server="localhost:\d+"\} (\S+)$/m.exec(text)?.[1];
    expect(Number(lag)).toBeLessThan(30);
    expect(text).toMatch(/^pg_exporter_last_scrape_error 0$/m);
  },
  60_000,
);
