import { Client } from 'pg';
import { startPlainServer } from '../../lib/local-postgres/plain-server';
import { RunFolder } from '../../lib/local-postgres/run-folder';

let folder: RunFolder;
beforeAll(() => void (folder = new RunFolder()));
afterAll(() => folder.dispose());

test('a killed server starts again although one of its backends is busy and has not noticed', async () => {
  const superuser = { user: 'postgres', password: 'p' };
  const server = await startPlainServer({ folder, name: 'killed', superuser });
  const session = new Client({ host: server.host, port: server.port, database: 'postgres', ...superuser });
  session.on('error', () => undefined);
  await session.connect();
  const busy = session.query('SELECT count(*) FROM generate_series(1, 20000000)').catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await server.kill();
  await server.start();
  await busy;
  expect(server.running).toBe(true);
  await server.stop();
});
