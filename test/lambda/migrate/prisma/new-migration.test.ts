import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { describeDatabaseSchema } from '../../../support/database/database-schema';
import { historyOf } from '../../../support/database/migration-history';
import { describePrismaSchema } from '../../../support/database/prisma-schema';
import { runCli } from '../../../support/cli';
import { type Addresses, Checkout } from '../../../support/prisma/checkout';
import { RunsFolder, startRehearsalOf, untilKept } from '../../../support/rehearsal-run';

// What the page says "To add a migration", in a copy of what a clone has, by the commands that people run.

const FROM_GIT = ['bin', 'lib', 'lambda', 'cdk.json', 'package.json', 'tsconfig.json', 'prisma.config.ts'];
/** As `prisma migrate dev` names it. */
const NAME = `${new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)}_salon_nickname`;
/** With a default that only the migration can have written. */
const SQL = "ALTER TABLE salons ADD COLUMN nickname TEXT NOT NULL DEFAULT 'none yet';\n";

/** What the test uses of the generated client. */
interface Prisma {
  readonly salon: {
    readonly findMany: (options: unknown) => Promise<{ id: string; nickname: string }[]>;
    readonly update: (options: unknown) => Promise<unknown>;
  };
  readonly $disconnect: () => Promise<void>;
}

let runs: RunsFolder;
let clone: Checkout;
let addresses: Addresses = { DATABASE_URL: 'postgresql://none', DIRECT_DATABASE_URL: 'postgresql://none' };
beforeEach(() => {
  runs = new RunsFolder();
  clone = new Checkout(FROM_GIT, ['node_modules'], () => addresses);
});
afterEach(() => {
  delete process.env.DATABASE_URL;
  clone.dispose();
  runs.remove();
});

test('a new migration of a fresh clone is linted, applied by the rehearsal and seen by Prisma’s client', async () => {
  const lint = () => runCli(['lint:migrations'], { cwd: clone.folder });
  clone.writeMigration(NAME, SQL.replace(" DEFAULT 'none yet'", ''));
  expect(lint()).toMatchObject({ status: 1, stdout: expect.stringContaining(`${NAME}/migration.sql:1`) as string });
  clone.writeMigration(NAME, SQL);
  expect(lint()).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^\d+ migrations, 0 findings\n$/) as string,
  });
  clone.changeSchema('model Salon {', 'model Salon {\n  nickname String @default("none yet")');
  const schema = readFileSync(join(clone.migrations, 'schema.prisma'), 'utf8');

  const rehearsal = startRehearsalOf(clone.folder, runs, '--environment', 'dev', '--keep', '--json');
  try {
    const [{ urls, rows }] = await Promise.all([untilKept(rehearsal), clone.generateClient()]);
    const master = new Client({ connectionString: urls['migrations'] });
    await master.connect();
    expect((await historyOf(master)).at(-1)).toBe(`${NAME} finished`);
    expect(await describeDatabaseSchema(master)).toEqual(describePrismaSchema(schema));
    await master.end();

    addresses = { DATABASE_URL: urls['application']!, DIRECT_DATABASE_URL: urls['migrations']! };
    expect(await clone.prisma('migrate', 'status')).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining('up to date') as string,
    });
    process.env.DATABASE_URL = addresses.DATABASE_URL;
    const { prisma } = clone.loadBlock<{ prisma: Prisma }>('lambda/migrate/prisma.md');
    const salons = await prisma.salon.findMany({ select: { id: true, nickname: true }, orderBy: { id: 'asc' } });
    expect(salons.map(({ nickname }) => nickname)).toEqual(Array(rows['salons']).fill('none yet'));
    const [{ id } = { id: '' }] = salons;
    await prisma.salon.update({ where: { id }, data: { nickname: 'Nick' } });
    expect(await prisma.salon.findMany({ where: { nickname: 'Nick' }, select: { id: true } })).toEqual([{ id }]);
    await prisma.$disconnect();
  } finally {
    rehearsal.child.kill('SIGINT');
    await rehearsal.exit;
  }
}, 120_000);
