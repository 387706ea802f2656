import { RunFolder } from '../../lib/local-postgres/run-folder';
import type { Readiness } from '../../lib/readiness/assess';
import { CHECKS } from '../../lib/readiness/checks';
import type { PostgresServer } from '../../lib/local-postgres/server';
import { BUSY, type GoodServer, scoreAt, startBadServer, startGoodServer, SUPERUSER, WORST } from './servers';

let folder: RunFolder;
let good: GoodServer;
let bad: PostgresServer;
let onGood: Readiness;
let onWorst: Readiness;
let onBusy: Readiness;

beforeAll(async () => {
  folder = new RunFolder();
  [good, bad] = [await startGoodServer(folder), await startBadServer(folder)];
  onGood = await scoreAt(good.pooler ?? good.cluster.primary, good.cluster.superuser);
  onWorst = await scoreAt(bad, SUPERUSER, { database: WORST });
  onBusy = await scoreAt(bad, SUPERUSER, { database: BUSY });
}, 120_000);
afterAll(async () => {
  await good?.stop();
  folder?.dispose();
});

const statusOf = (readiness: Readiness, name: string) => readiness.checks.find((each) => each.name === name);

/** Checks whose fault takes hours, or another version: test/readiness/decisions.test.ts shows that they fail. */
const DECIDED = [
  'replicas keep up',
  'the version is supported',
  'transaction ids are far from their end',
  'no transaction stays open',
];
/** Checks that fail in the busy database: they need what the worst one has not. */
const BUSY_FAULTS = [
  'rows are not looked up one by one',
  'no table is loaded into the application',
  'no migration is half done',
];

test('every check has a name of its own', () => {
  expect(new Set(CHECKS.map(({ name }) => name)).size).toBe(CHECKS.length);
  expect(CHECKS.length).toBeGreaterThanOrEqual(35);
});

test.each(CHECKS.map(({ name }) => name))('%s: passes on a good server', (name) => {
  const unpooled = name === 'sessions are pooled' && good.pooler === undefined;
  expect(statusOf(onGood, name)).toMatchObject({
    status: unpooled ? 'failed' : 'passed',
    found: expect.stringMatching(/\S/) as string,
  });
});

test.each(CHECKS.map(({ name }) => name).filter((name) => !DECIDED.includes(name)))(
  '%s: fails on a bad server',
  (name) => {
    const line = statusOf(BUSY_FAULTS.includes(name) ? onBusy : onWorst, name);
    expect(line).toMatchObject({
      status: 'failed',
      found: expect.stringMatching(/\S/) as string,
      action: expect.stringMatching(/\S/) as string,
    });
  },
);

test('the evidence names what is wrong, and no text of a statement', () => {
  expect(Object.fromEntries(onWorst.checks.map(({ name, found }) => [name, found]))).toMatchObject({
    'no unused slot holds WAL': 'slot left_behind is not in use',
    'no index is invalid': 'public.broken',
    'no index is there twice': 'public.first_twin = public.second_twin',
    'large indexes are used': 'public.never_read',
    'every table has a primary key': 'public.no_key',
    'sequences are far from their end': 'public.small_id_seq: 97 % used',
    'tables are not bloated': 'public.bloated: 50 % dead rows',
    'passwords are stored as SCRAM': 'password_encryption is md5, the password of postgres is stored as MD5',
    'nobody logs in without a good password': 'line 1 of pg_hba.conf allows trust',
    'the application is no superuser': '3 of 3 session(s) as superuser postgres',
    'not everybody may create in a schema': 'PUBLIC may create in the schema public',
    'a crash loses nothing': 'fsync is off, full_page_writes is off',
  });
  expect(statusOf(onBusy, 'rows are not looked up one by one')?.found).toMatch(
    /^1100 look-ups in ai_messages, one for each row of another query \(queryid -?\d+\)$/,
  );
  expect(statusOf(onBusy, 'no table is loaded into the application')?.found).toMatch(
    /^12000 rows at a time \(queryid -?\d+\)$/,
  );
  expect(statusOf(onBusy, 'no migration is half done')?.found).toBe('2_second has not finished');
});

test('the score is derived from the weights, and a good server has nearly all', () => {
  const counted = onWorst.checks.filter(({ status }) => status !== 'not applicable');
  const sum = (lines: typeof counted) => lines.reduce((total, { weight }) => total + weight, 0);
  const passed = sum(counted.filter(({ status }) => status === 'passed'));
  expect(onWorst.score).toBe(Math.floor((100 * passed) / sum(counted)) / 10);
  expect(onWorst.score).toBeLessThan(3);
  expect(onGood.score).toBeGreaterThanOrEqual(9.5);
});
