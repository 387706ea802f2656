import type { ServerFacts } from '../../lib/import/plan/catalog';
import { reachObstacles } from '../../lib/import/plan/reach';
import { type ServerWishes, sourceObstacles } from '../../lib/import/plan/source-obstacles';
import { pairObstacles, targetObstacles } from '../../lib/import/plan/target-obstacles';
import { addressOf } from './servers';

/** A server on which nothing is in the way. */
const GOOD: ServerFacts = {
  version: 150_018,
  versionText: '15.18',
  inRecovery: false,
  walLevel: 'logical',
  freeSlots: 10,
  freeSenders: 10,
  freeWorkers: 4,
  slotLimitMb: 1000,
  encrypted: true,
  user: 'admin',
  superuser: true,
  mayReplicate: true,
  maySubscribe: true,
  mayEndSessions: true,
  mayBypassRowSecurity: true,
  ownsDatabase: true,
  encoding: 'UTF8',
  collation: 'C',
  extensions: [],
  availableExtensions: [],
  largeObjects: 0,
  preparedTransactions: 0,
  oldestTransactionSeconds: 0,
  databaseBytes: 0,
  serverName: 'one',
  publications: [],
  subscriptions: [],
  slots: [],
  schemas: [],
  sequences: [],
  others: [],
};
const WISHES: ServerWishes = { method: 'logical', wayBack: true, isStarted: false };

test.each<[id: string, change: Partial<ServerFacts>]>([
  ['source-version', { version: 120_022, versionText: '12.22' }],
  ['source-version', { version: 180_001, versionText: '18.1' }],
  ['source-is-replica', { inRecovery: true }],
  ['senders', { freeSenders: 1 }],
  ['long-transaction', { oldestTransactionSeconds: 61 }],
  ['way-back-workers', { freeWorkers: 0 }],
])('the source: %s', (id, change) => {
  expect(sourceObstacles(GOOD, [], WISHES)).toEqual([]);
  expect(sourceObstacles({ ...GOOD, ...change }, [], WISHES).map((each) => each.id)).toEqual([id]);
});

test.each<[id: string, change: Partial<ServerFacts>]>([
  ['target-is-replica', { inRecovery: true }],
  ['target-workers', { freeWorkers: 1 }],
  ['target-wal-level', { walLevel: 'replica' }],
  ['target-slots', { freeSlots: 0 }],
])('the target: %s', (id, change) => {
  expect(targetObstacles(GOOD, WISHES)).toEqual([]);
  expect(targetObstacles({ ...GOOD, ...change }, WISHES).map((each) => each.id)).toEqual([id]);
});

test('without the way back, nothing of it is asked for', () => {
  const bare = { ...GOOD, walLevel: 'replica', freeSlots: 0, mayReplicate: false };
  expect(targetObstacles(bare, { ...WISHES, wayBack: false })).toEqual([]);
});

test('a source that is the target is refused, another collation is not', () => {
  expect(pairObstacles(GOOD, { ...GOOD, serverName: 'two' }, false)).toEqual([]);
  expect(pairObstacles(GOOD, GOOD, false)).toMatchObject([{ id: 'same-database', blocking: true }]);
  const other = { ...GOOD, serverName: 'two', collation: 'en_US.utf8' };
  expect(pairObstacles(GOOD, other, false)).toMatchObject([{ id: 'collation', blocking: false }]);
});

test('an address that means this machine is of no use to a target elsewhere', () => {
  const there = { ...addressOf({ port: 5432 }), host: 'db.example.com' };
  expect(reachObstacles({ host: 'localhost', port: 5432 }, there, true)).toMatchObject([{ id: 'reach-local' }]);
  expect(reachObstacles({ host: 'localhost', port: 5432 }, addressOf({ port: 1 }), true)).toEqual([]);
  expect(reachObstacles({ host: '8.8.8.8', port: 5432 }, there, true)).toMatchObject([{ id: 'reach' }]);
});
