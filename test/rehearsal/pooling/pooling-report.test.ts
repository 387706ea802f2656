import { poolingFailures, type PoolingReport, summarizePooling } from '../../../lib/rehearsal/pooling/pooling-report';

const figures = {
  served: 1000,
  refused: {},
  connectSeconds: 4,
  transactions: 9000,
  failed: {},
  transactionsPerSecond: 3000,
  medianMs: 90,
  p95Ms: 210,
  serverSessions: 25,
};
const report: PoolingReport = {
  version: '1.18.0',
  clients: 1000,
  poolSize: 25,
  maxConnections: 410,
  direct: { ...figures, served: 407, refused: { '53300': 593 }, serverSessions: 407 },
  pooled: figures,
};

test('a pooler that serves every client with its pool holds, whatever the server alone does', () => {
  expect(poolingFailures(report)).toEqual([]);
  expect(summarizePooling(report)).toContain('407 served on 407 server sessions');
});

test.each<[string, Partial<PoolingReport['pooled']>, RegExp]>([
  [
    'clients that got no session',
    { served: 990, refused: { '08P01': 10 } },
    /served 990 of 1000 clients \(08P01 10 times\)/,
  ],
  [
    'a failed transaction',
    { failed: { 'a setting of another transaction': 2 } },
    /a setting of another transaction 2 times/,
  ],
  ['no transaction', { transactions: 0 }, /no transaction/],
  ['more sessions than the pool has', { serverSessions: 26 }, /26 sessions on the server; its pool has 25/],
])('%s: it does not hold', (_name, change, sentence) => {
  expect(poolingFailures({ ...report, pooled: { ...figures, ...change } })).toEqual([expect.stringMatching(sentence)]);
});
