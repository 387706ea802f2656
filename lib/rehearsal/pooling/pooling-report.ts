import { formatCount, formatMilliseconds } from '../../shared/formats';
import type { ClientFigures } from './clients';

/** What 1,000 clients got straight from the server and through the pooler. */
export interface PoolingReport {
  /** Version of PgBouncer. */
  readonly version: string;
  readonly clients: number;
  /** Sessions of the pool with the server. */
  readonly poolSize: number;
  /** max_connections of the server. */
  readonly maxConnections: number;
  readonly direct: ClientFigures;
  readonly pooled: ClientFigures;
}

/** What does not hold, a sentence without a full stop each. */
export function poolingFailures({ clients, poolSize, pooled }: PoolingReport): string[] {
  const failures: string[] = [];
  if (pooled.served < clients)
    failures.push(
      `the pooler served ${pooled.served} of ${clients} clients (${list(pooled.refused)}); it must serve all of them`,
    );
  if (Object.keys(pooled.failed).length > 0)
    failures.push(`transactions failed through the pooler: ${list(pooled.failed)}`);
  if (pooled.transactions === 0) failures.push('no transaction was carried out through the pooler');
  if (pooled.serverSessions > poolSize)
    failures.push(`the pooler opened ${pooled.serverSessions} sessions on the server; its pool has ${poolSize}`);
  return failures;
}

/** The result in a line. */
export function summarizePooling({ version, clients, maxConnections, direct, pooled }: PoolingReport): string {
  const side = (figures: ClientFigures) =>
    `${formatCount(figures.served)} served on ${figures.serverSessions} server sessions, ${formatCount(Math.round(figures.transactionsPerSecond))} transactions a second${figures.p95Ms === undefined ? '' : `, p95 ${formatMilliseconds(figures.p95Ms)}`}`;
  return `${formatCount(clients)} clients at once: through PgBouncer ${version} in transaction mode ${side(pooled)}; straight to the server (max_connections ${maxConnections}) ${side(direct)}`;
}

function list(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([code, times]) => `${code} ${times} times`)
    .join(', ');
}
