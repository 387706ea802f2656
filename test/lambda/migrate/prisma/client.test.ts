import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, Connection } from 'pg';
import { runMigrations } from '../../../../lambda/migrate/runner';
import { readMigrations } from '../../../../lib/contract/migrations';
import { MIGRATIONS, MigrationServer } from '../../../support/database/migration-server';
import { PrismaProject } from '../../../support/prisma/project';
import { pins, type Sent, watchStatements } from '../../../support/prisma/statements';

const ROOT = join(__dirname, '../../../..');
const APPLICATION = { user: 'app_user', password: 'role p@ss:word/%' };
const TENANTS = '20990101000000_tenant_isolation';

type Call = (argument?: unknown, options?: unknown) => Promise<unknown>;
type Model = Record<
  | 'create'
  | 'createMany'
  | 'findUnique'
  | 'findMany'
  | 'update'
  | 'updateMany'
  | 'upsert'
  | 'delete'
  | 'count'
  | 'aggregate'
  | 'groupBy',
  Call
>;
/** What the tests use of the generated client, whose types are made during the run. */
interface Prisma {
  readonly salon: Model;
  readonly message: Model;
  readonly $transaction: Call;
  readonly $queryRaw: (parts: TemplateStringsArray, ...values: unknown[]) => Promise<unknown>;
  readonly $executeRaw: (parts: TemplateStringsArray, ...values: unknown[]) => Promise<unknown>;
  readonly $disconnect: () => Promise<void>;
}

let server: MigrationServer;
let owner: Client;
let project: PrismaProject;
let prisma: Prisma;
let sent: Sent[];
beforeAll(async () => {
  server = await MigrationServer.start();
  const fresh = await server.freshDatabase();
  owner = fresh.client;
  await runMigrations(owner, readMigrations(MIGRATIONS));
  await server.admin.query(`ALTER ROLE app_user PASSWORD '${APPLICATION.password}'`);
  project = new PrismaProject(server, fresh.database);
  await project.generateClient();
  process.env.DATABASE_URL = project.url(APPLICATION);
  ({ prisma } = project.loadBlock<{ prisma: Prisma }>('lambda/migrate/prisma.md'));
  sent = watchStatements(Connection);
}, 60_000);
afterAll(async () => {
  jest.restoreAllMocks();
  delete process.env.DATABASE_URL;
  await prisma?.$disconnect();
  await owner?.end();
  project?.dispose();
  await server?.dispose();
});

const SALON = { id: 'a', name: 'A', phoneNumberId: '1', accessToken: 't' };
const message = (id: string) => ({
  id,
  salonId: 'a',
  direction: 'INBOUND',
  phoneNumber: '+1',
  messageType: 'TEXT',
  content: 'x',
});
const numbered = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => message(`${prefix}${i}`));

const PLAIN: [name: string, first: string[], call: () => Promise<unknown>][] = [
  ['create', ['INSERT'], () => prisma.salon.create({ data: SALON })],
  [
    'create, nested',
    ['BEGIN', 'INSERT', 'INSERT', 'SELECT', 'COMMIT'],
    () =>
      prisma.salon.create({
        data: { ...SALON, id: 'b', phoneNumberId: '2', templates: { create: [{ name: 't', category: 'c' }] } },
      }),
  ],
  ['createMany', ['BEGIN', 'INSERT', 'COMMIT'], () => prisma.message.createMany({ data: numbered('few', 3) })],
  ['findUnique', ['SELECT'], () => prisma.salon.findUnique({ where: { id: 'a' } })],
  ['findMany', ['SELECT'], () => prisma.message.findMany({ where: { salonId: 'a' }, take: 1 })],
  ['findMany, include', ['SELECT', 'SELECT'], () => prisma.salon.findMany({ include: { messages: true } })],
  ['update', ['UPDATE'], () => prisma.salon.update({ where: { id: 'a' }, data: { name: 'AA' } })],
  [
    'updateMany',
    ['BEGIN', 'UPDATE', 'COMMIT'],
    () => prisma.message.updateMany({ where: { salonId: 'a' }, data: { status: 'READ' } }),
  ],
  [
    'upsert',
    ['BEGIN', 'SELECT', 'INSERT', 'SELECT', 'COMMIT'],
    () => prisma.salon.upsert({ where: { id: 'c' }, create: { ...SALON, id: 'c', phoneNumberId: '3' }, update: {} }),
  ],
  ['count', ['SELECT'], () => prisma.message.count()],
  ['aggregate', ['SELECT'], () => prisma.message.aggregate({ _max: { createdAt: true } })],
  ['groupBy', ['SELECT'], () => prisma.message.groupBy({ by: ['status'], _count: true })],
  ['delete', ['DELETE'], () => prisma.message.delete({ where: { id: 'few0' } })],
  ['$queryRaw', ['SELECT'], () => prisma.$queryRaw`SELECT ${1}::int AS one`],
  ['$executeRaw', ['UPDATE'], () => prisma.$executeRaw`UPDATE salons SET name = ${'x'} WHERE id = ${'a'}`],
  [
    '$transaction of a list',
    ['BEGIN', 'SELECT', 'SELECT', 'COMMIT'],
    () => prisma.$transaction([prisma.salon.count(), prisma.message.count()]),
  ],
  [
    '$transaction of a function',
    ['BEGIN', 'SELECT', 'COMMIT'],
    () => prisma.$transaction((inside: Prisma) => inside.salon.count()),
  ],
];

test.each(PLAIN)('%s arrives as %j, unnamed, and pins nothing', async (_, first, call) => {
  sent.length = 0;
  await call();
  expect(sent.map(({ sql }) => /\w+/.exec(sql)?.[0])).toEqual(first);
  expect(sent.filter(({ name }) => name !== '')).toEqual([]);
  expect(sent.filter(pins)).toEqual([]);
});

test('an isolation level pins', async () => {
  sent.length = 0;
  await prisma.$transaction([prisma.salon.count(), prisma.message.count()], { isolationLevel: 'Serializable' });
  expect(sent.filter(pins).map(({ sql }) => sql)).toEqual(['SET TRANSACTION ISOLATION LEVEL SERIALIZABLE']);
});

test('a statement for many rows is longer than 16 KB and pins', async () => {
  sent.length = 0;
  await prisma.message.createMany({ data: numbered('many', 400) });
  expect(sent.filter(pins).map(({ sql }) => sql.slice(0, 12))).toEqual(['INSERT INTO ']);
});

test('the extension for tenant isolation shows a salon its own rows only, and pins', async () => {
  const folder = join(ROOT, 'lambda/optional-migrations/tenant_isolation/migration.sql');
  project.writeMigration(TENANTS, readFileSync(folder, 'utf8'));
  expect((await runMigrations(owner, readMigrations(project.migrations))).applied).toEqual([TENANTS]);
  const { forSalon } = project.loadBlock<{ forSalon: (client: Prisma, salon: string) => Prisma }>(
    'lambda/optional-migrations/README.md',
    '\nexport { forSalon };\n',
  );
  expect(await prisma.salon.count()).toBe(0);
  sent.length = 0;
  expect(await forSalon(prisma, 'b').salon.findMany({ select: { id: true } })).toEqual([{ id: 'b' }]);
  expect(sent.map(({ sql }) => /\w+/.exec(sql)?.[0])).toEqual(['BEGIN', 'SELECT', 'SELECT', 'COMMIT']);
  expect(sent.filter(pins).map(({ sql }) => sql)).toEqual(["SELECT set_config('app.salon_id', $1, true)"]);
});
