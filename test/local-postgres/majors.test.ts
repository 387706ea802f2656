import { Client } from 'pg';
import { installed, type Major } from '../../lib/local-postgres/binaries';
import { startPlainServer } from '../../lib/local-postgres/plain-server';
import { RunFolder } from '../../lib/local-postgres/run-folder';
import { testWith } from '../support/installed';

let folder: RunFolder;
beforeAll(() => (folder = new RunFolder()));
afterAll(() => folder.dispose());

for (const major of [13, 17] as const) {
  const testInstalled = testWith(installed(major) !== undefined, `PostgreSQL ${major}`);
  testInstalled(`a plain server of PostgreSQL ${major} starts beside those of 15`, () => startsBeside(major));
}

async function startsBeside(major: Major): Promise<void> {
  const superuser = { user: 'postgres', password: 'password' };
  const server = await startPlainServer({ folder, name: `version-${major}`, superuser, major });
  const client = new Client({ host: server.host, port: server.port, database: 'postgres', ...superuser });
  await client.connect();
  const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version') AS version");
  await client.end();
  expect(rows[0]?.version).toMatch(new RegExp(`^${major}\\.`));
}
