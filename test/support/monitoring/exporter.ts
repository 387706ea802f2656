import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { testWith } from '../installed';
import type { Address, Cluster } from '../../../lib/local-postgres/cluster';
import type { RunFolder } from '../../../lib/local-postgres/run-folder';
import { DATABASE, METRICS_LOGIN } from '../database/migrated-cluster';

/** Names of postgres_exporter, in distributions and upstream. */
const EXPORTERS = ['prometheus-postgres-exporter', 'postgres_exporter'];
/** The one that is installed here. */
export const exporter = EXPORTERS.find((command) => spawnSync(command, ['--version']).status === 0);
/** `test` where an exporter is installed; elsewhere skipped, and the name says why. */
export const testWithExporter = testWith(
  exporter !== undefined,
  'postgres_exporter (Debian: apt install prometheus-postgres-exporter)',
);
const QUERIES = join(__dirname, '../../../lib/monitoring/custom-queries.yaml');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/**
 * The first scrape of an exporter that logs in to a server as metrics_user, in Prometheus' text format.
 * @throws Error when it does not answer within 20 s
 */
export async function scrape(folder: RunFolder, cluster: Cluster, { host, port }: Address): Promise<string> {
  if (exporter === undefined) throw new Error('no exporter is installed');
  const ca = join(folder.path, 'exporter-ca.crt');
  writeFileSync(ca, cluster.ca);
  const listen = `127.0.0.1:${await freePort()}`;
  const running = spawn(exporter, ['--extend.query-path', QUERIES, '--web.listen-address', listen], {
    env: {
      DATA_SOURCE_NAME: `host=${host} port=${port} dbname=${DATABASE} user=${METRICS_LOGIN.user} password=${METRICS_LOGIN.password} sslmode=verify-full sslrootcert=${ca}`,
    },
    stdio: 'ignore',
  });
  folder.adopt({ kill: () => running.kill('SIGKILL') });
  try {
    const until = Date.now() + 20_000;
    for (;;) {
      const response = await fetch(`http://${listen}/metrics`).catch(() => undefined);
      if (response) {
        const text = await response.text();
        expect([response.status, text.slice(0, 500)]).toEqual([200, expect.anything()]);
        return text;
      }
      if (Date.now() > until || running.exitCode !== null) throw new Error(`${exporter} does not answer at ${listen}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } finally {
    running.kill();
  }
}

/** Values of a metric in a scrape, ascending. */
export function scraped(text: string, metric: string): number[] {
  return (
    text
      .split('\n')
      .flatMap((line) => new RegExp(`^${metric}(?:\\{.*\\})? (\\S+)$`).exec(line)?.[1] ?? [])
      .map(Number)
      // NULL, for which the collector publishes nothing.
      .filter((value) => !Number.isNaN(value))
      .sort((a, b) => a - b)
  );
}
