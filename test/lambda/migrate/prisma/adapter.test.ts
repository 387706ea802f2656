import { PrismaPg } from '@prisma/adapter-pg';
import type { Client } from 'pg';
import { SchemaEngineAdapter } from '../../../../lib/prisma/schema-engine-adapter';
import { MASTER } from '../../../support/database/cluster-seed';
import { MigrationServer, names } from '../../../support/database/migration-server';
import { PrismaProject } from '../../../support/prisma/project';

/** A file as the native engine takes it: `;` in a comment, a literal and a body. */
const FILE = `-- one; two
CREATE FUNCTION answer() RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN 'a;b'; END $$;
CREATE TABLE answers AS SELECT answer();
`;
const CATALOG = { sql: `SELECT relname, relkind FROM pg_class WHERE relname = 'pg_class'`, args: [], argTypes: [] };

let server: MigrationServer;
let client: Client;
let database: string;
let project: PrismaProject;
beforeAll(async () => {
  server = await MigrationServer.start();
}, 60_000);
beforeEach(async () => {
  ({ client, database } = await server.freshDatabase());
  project = new PrismaProject(server, database);
});
afterEach(async () => {
  await client.end();
  project.dispose();
});
afterAll(() => server?.dispose());

/** Adapter of Prisma, with the parts of an address or with the address. */
function stock(form: 'parts' | 'address'): PrismaPg {
  const { host, port } = server.cluster.primary;
  const ssl = { ca: server.cluster.ca };
  return new PrismaPg(
    form === 'address' ? { connectionString: project.url() } : { host, port, database, ...MASTER, ssl },
  );
}
const ours = () => new SchemaEngineAdapter(project.url());

/** Runs a script in the shadow database, and returns the tables that the database itself has then, and the shadow databases left. */
async function inShadow(factory: PrismaPg): Promise<{ tables: string[]; left: string[]; failed: boolean }> {
  const shadow = await factory.connectToShadowDb();
  await shadow.executeScript('CREATE TABLE only_shadow (id int)');
  const failed = await shadow.dispose().then(
    () => false,
    () => true,
  );
  const tables = await names(client, "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'");
  const left = await names(client, "SELECT datname AS name FROM pg_database WHERE datname LIKE 'prisma%'");
  // Its pool is still open then.
  if (failed) await shadow.underlyingDriver().end();
  for (const name of left) await server.admin.query(`DROP DATABASE "${name}"`);
  return { tables, left: left.map((name) => name.replace(/_[0-9a-f-]+$/, '')), failed };
}

test('a file is sent whole; Prisma’s adapter splits it in its comments, literals and bodies', async () => {
  const theirs = await stock('parts').connect();
  await expect(theirs.executeScript(FILE)).rejects.toThrow();
  await expect(theirs.executeScript(FILE.replace('one; two', 'one'))).rejects.toThrow();
  await theirs.dispose();
  const mended = await ours().connect();
  await mended.executeScript(FILE);
  await mended.dispose();
  expect(await names(client, 'SELECT answer AS name FROM answers')).toEqual(['a;b']);
});

test('names and "char" of the catalogs are read; Prisma’s adapter refuses them', async () => {
  const theirs = await stock('parts').connect();
  await expect(theirs.queryRaw(CATALOG)).rejects.toThrow();
  await theirs.dispose();
  const mended = await ours().connect();
  expect(await mended.queryRaw(CATALOG)).toMatchObject({ columnTypes: [7, 6], rows: [['pg_class', 'r']] });
  await mended.dispose();
});

test('the shadow database is another one, and goes', async () => {
  expect(await inShadow(ours())).toEqual({ tables: [], left: [], failed: false });
});

test('Prisma’s adapter leaves the shadow database, or takes the database itself for it', async () => {
  const left = ['prisma_migrate_shadow_db'];
  expect(await inShadow(stock('parts'))).toEqual({ tables: [], left, failed: true });
  expect(await inShadow(stock('address'))).toEqual({ tables: ['only_shadow'], left: [], failed: false });
});

test('without an address it says which variable is missing', () => {
  expect(() => new SchemaEngineAdapter(undefined)).toThrow('DIRECT_DATABASE_URL is not set');
});
