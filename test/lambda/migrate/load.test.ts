import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { readMigrations } from '../../../lib/contract/migrations';
import { runMigrations } from '../../../lambda/migrate/runner';
import { MigrationServer, MIGRATIONS } from '../../support/database/migration-server';
import { SAMPLE_ROWS } from '../../../lib/move-rehearsal/sample-rows';
import { WriteLoad } from '../../support/database/write-load';

/** Longest time that a write of the application may wait for a migration. */
const LONGEST_WRITE_MS = 1000;
const WRITERS = 4;
const REPORT_MS = 2000;
const COLUMN = '20990101000000_column';
const OTHER_COLUMN = '20990101000001_other_column';

let server: MigrationServer;
beforeAll(async () => {
  server = await MigrationServer.start();
}, 60_000);
afterAll(() => server?.dispose());

/** A long report: a transaction that has read a table and stays open for REPORT_MS. */
async function report(client: Client): Promise<void> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await client.query('SELECT count(*) FROM messages');
  await sleep(REPORT_MS);
  await client.query('COMMIT');
}

test('no write waits for more than a second while migrations run beside a load of writes and a long report', async () => {
  const { database, client } = await server.freshDatabase();
  const ours = readMigrations(MIGRATIONS);
  await runMigrations(client, ours.slice(0, 2));
  await client.query(SAMPLE_ROWS);
  const columns = readMigrations(
    server.migrationFolder({
      [COLUMN]: 'ALTER TABLE messages ADD COLUMN added text;',
      [OTHER_COLUMN]: 'ALTER TABLE messages ADD COLUMN other text;',
    }),
  );
  const reader = await server.login(database);
  const writers = await Promise.all(Array.from({ length: WRITERS }, () => server.login(database)));
  const load = new WriteLoad(writers);

  let first: Promise<void> | undefined;
  const started = performance.now();
  const { applied } = await runMigrations(client, ours, (name) => {
    // Open while the first index is built; the build waits for it.
    if (name.includes('_idx_')) first ??= report(reader);
  });
  await first;
  // Open before the column is added; it blocks the lock of ALTER TABLE.
  const second = report(reader);
  await sleep(100);
  await runMigrations(client, [...ours, ...columns.slice(0, 1)]);
  await second;
  const seconds = (performance.now() - started) / 1000;
  const { writes, longestMs, longest } = await load.stop();
  process.stdout.write(
    `${applied.length + 1} migrations in ${seconds.toFixed(1)} s beside ${writes} writes; the longest took ${longestMs.toFixed(0)} ms (${longest.slice(0, 40)}…)\n`,
  );
  expect(applied).toHaveLength(ours.length - 2);
  expect(first).toBeDefined();
  expect(writes).toBeGreaterThan(500);
  expect(longestMs).toBeLessThanOrEqual(LONGEST_WRITE_MS);

  // The measurement detects a blocked write: without a lock_timeout the writes queue behind ALTER TABLE.
  const blocked = new WriteLoad(writers);
  const long = report(reader);
  await sleep(100);
  await runMigrations(client, [...ours, ...columns], undefined, { lockTimeoutMs: 0, retryForMs: 0 });
  await long;
  expect((await blocked.stop()).longestMs).toBeGreaterThan(LONGEST_WRITE_MS);
  await Promise.all([client, reader, ...writers].map((each) => each.end()));
}, 60_000);
