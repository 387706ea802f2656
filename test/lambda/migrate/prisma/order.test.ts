import type { Client } from 'pg';
import { runMigrations } from '../../../../lambda/migrate/runner';
import { readMigrations } from '../../../../lib/contract/migrations';
import { historyOf } from '../../../support/database/migration-history';
import { MigrationServer } from '../../../support/database/migration-server';
import { NAMES_IN_PRISMAS_ORDER } from '../../../support/prisma/names';
import { PrismaProject } from '../../../support/prisma/project';

let server: MigrationServer;
beforeAll(async () => {
  server = await MigrationServer.start();
}, 60_000);
afterAll(() => server?.dispose());

const finished = NAMES_IN_PRISMAS_ORDER.map((name) => `${name} finished`);

/** The history that a run leaves which gets the same folders in an empty database. */
async function historyAfter(run: (project: PrismaProject, client: Client) => Promise<unknown>): Promise<string[]> {
  const { client, database } = await server.freshDatabase();
  const project = new PrismaProject(server, database);
  project.keepMigrations(() => false);
  for (const name of NAMES_IN_PRISMAS_ORDER.toReversed()) project.writeMigration(name, 'SELECT 1;');
  try {
    await run(project, client);
    return await historyOf(client);
  } finally {
    await client.end();
    project.dispose();
  }
}

test('Prisma applies names of any form in this order', async () => {
  expect(await historyAfter((project) => project.prisma('migrate', 'deploy'))).toEqual(finished);
}, 90_000);

test('the function applies them in the same order', async () => {
  const ours = (project: PrismaProject, client: Client) => runMigrations(client, readMigrations(project.migrations));
  expect(await historyAfter(ours)).toEqual(finished);
});
