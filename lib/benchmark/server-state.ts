import type { ConnectOptions } from '../contract/database-client';
import { withSession } from './databases/databases';
import type { TableSize } from './report/report';

/** Sizes of the tables in the schema public, by name. */
export async function sizes(login: ConnectOptions): Promise<Record<string, TableSize>> {
  return withSession(login, async (session) => {
    const { rows } = await session.query<{ name: string; table: string; indexes: string }>(
      `SELECT relname AS name, pg_table_size(oid) AS table, pg_indexes_size(oid) AS indexes
         FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname`,
    );
    return Object.fromEntries(
      rows.map(({ name, table, indexes }) => [name, { tableBytes: Number(table), indexBytes: Number(indexes) }]),
    );
  });
}

/** The server's settings that decide how fast a query is. */
export async function settings(login: ConnectOptions): Promise<Record<string, string>> {
  return withSession(login, async (session) => {
    const { rows } = await session.query<{ name: string; value: string }>(
      `SELECT name, current_setting(name) AS value FROM pg_settings
        WHERE name IN ('shared_buffers', 'effective_cache_size', 'work_mem', 'random_page_cost', 'jit', 'fsync',
                       'max_parallel_workers_per_gather', 'effective_io_concurrency') ORDER BY name`,
    );
    return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  });
}
