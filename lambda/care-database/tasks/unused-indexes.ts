import { formatMemory } from '../../../lib/contract/care/formats';
import { type Found, lookAt, type Task } from '../task';

/** How often an index was used on one server. */
interface IndexUse {
  readonly index: string;
  readonly table: string;
  readonly scans: number;
  readonly bytes: number;
}

/** What one server says. */
export interface ServerUse {
  /** Days that its statistics cover. */
  readonly days: number;
  readonly indexes: readonly IndexUse[];
}

/** Statistics of fewer days say nothing: a report may run once a month. */
const LEAST_DAYS = 35;
/** A smaller index costs nothing worth a change, bytes. */
const LEAST_BYTES = 1024 ** 2;

/** Indexes that enforce something are used by that. */
const USES = `
  SELECT uses.indexrelname AS index, uses.relname AS table, uses.idx_scan::float8 AS scans,
         pg_relation_size(uses.indexrelid)::float8 AS bytes
    FROM pg_stat_user_indexes AS uses JOIN pg_index AS kind USING (indexrelid)
   WHERE uses.schemaname = 'public' AND NOT kind.indisunique AND NOT kind.indisexclusion AND kind.indisvalid`;

/** Without a reset the statistics begin with the server, or earlier: they survive a planned restart. */
const DAYS = `
  SELECT (EXTRACT(epoch FROM now() - coalesce(stats_reset, pg_postmaster_start_time())) / 86400)::float8 AS days
    FROM pg_stat_database WHERE datname = current_database()`;

/** Indexes that no server uses. Each server counts for itself: the replicas' reports may need what the primary never reads. */
export const unusedIndexes: Task = {
  title: 'Unused indexes',
  run: async (sessions) => {
    const servers: ServerUse[] = [];
    for (const session of await sessions.all()) {
      const { rows: days } = await session.query<{ days: number }>(DAYS);
      const { rows: indexes } = await session.query<IndexUse>(USES);
      servers.push({ days: days[0]?.days ?? 0, indexes });
    }
    return decide(servers);
  },
};

/** Adds up the uses of all servers. */
export function decide(servers: readonly ServerUse[]): Found {
  const days = Math.min(...servers.map((server) => server.days));
  if (days < LEAST_DAYS) {
    return {
      state: 'fine',
      lines: [`not judged: the statistics of a server cover ${days.toFixed(0)} days, ${LEAST_DAYS} are needed`],
    };
  }
  const [primary, ...replicas] = servers;
  const usedElsewhere = (name: string) =>
    replicas.some(({ indexes }) => indexes.some(({ index, scans }) => index === name && scans > 0));
  const unused = (primary?.indexes ?? [])
    .filter(({ index, scans, bytes }) => scans === 0 && bytes >= LEAST_BYTES && !usedElsewhere(index))
    .sort((a, b) => b.bytes - a.bytes);
  return lookAt(
    unused.map(
      ({ index, table, bytes }) =>
        `${index} on ${table}, ${formatMemory(bytes)}: no server used it in ${days.toFixed(0)} days; each write to ${table} pays for it. Drop it in a migration (DROP INDEX CONCURRENTLY) if no rare report needs it`,
    ),
    `none in ${days.toFixed(0)} days`,
  );
}
