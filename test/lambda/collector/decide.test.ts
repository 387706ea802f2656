import { decide, type Decision, type LastValues } from '../../../lambda/collector/decide';
import type { AnsweringServer, Row, ServerReading } from '../../../lambda/collector/read';
import { worstSalons } from '../../../lambda/collector/worst-salons';
import type { CollectedMetric, CollectedQuery } from '../../../lib/contract/collected-query';

function query(metric: Partial<CollectedMetric>, changes: Partial<CollectedQuery> = {}): CollectedQuery {
  const whole: CollectedMetric = {
    metric: 'q_n',
    column: 'n',
    kind: 'gauge',
    per: 'environment',
    servers: 'all',
    ...metric,
  };
  return { name: 'q', sql: '', primaryOnly: false, cacheSeconds: 0, labels: [], metrics: [whole], ...changes };
}

function answering(server: string, rows: readonly Row[], inRecovery = server !== 'primary'): AnsweringServer {
  return { server, up: true, inRecovery, answers: new Map([['q', rows]]), failures: [] };
}

const silent = (server: string): ServerReading => ({ server, up: false, reason: 'ECONNREFUSED' });

/** Series of the query q. */
function seriesOf({ series }: Decision) {
  return series.filter(({ metric }) => metric === 'q_n').map(({ server, values }) => ({ server, values }));
}

/** Values that each pass over one server publishes. */
function passes(asked: CollectedQuery, readings: readonly (readonly Row[] | undefined)[]) {
  let last: LastValues = new Map();
  return readings.map((rows) => {
    const decision = decide([rows ? answering('primary', rows) : silent('primary')], [asked], last);
    last = decision.last;
    return seriesOf(decision).flatMap(({ values }) => values);
  });
}

describe('servers of a metric', () => {
  const readings = [answering('primary', [{ n: '1' }]), answering('replica-1', [{ n: 2 }]), silent('replica-2')];

  const ofPrimary = { server: 'primary', values: [1] };
  const ofReplica = { server: 'replica-1', values: [2] };
  test.each([
    ['all', 'server', [ofPrimary, ofReplica]],
    ['all', 'environment', [{ server: undefined, values: [1, 2] }]],
    ['primary', 'environment', [{ server: undefined, values: [1] }]],
    ['replicas', 'server', [ofReplica]],
  ] as const)('%s, per %s', (servers, per, expected) => {
    expect(seriesOf(decide(readings, [query({ servers, per })], new Map()))).toEqual(expected);
  });

  test('two servers that take writes: only the first counts as the primary', () => {
    const both = [answering('primary', [{ n: 1 }]), answering('replica-1', [{ n: 1 }], false)];
    expect(seriesOf(decide(both, [query({ servers: 'primary' })], new Map()))).toEqual([{ values: [1] }]);
  });

  test('no server that takes writes: metrics of the primary are not published', () => {
    const down = [silent('primary'), answering('replica-1', [{ n: 2 }])];
    expect(seriesOf(decide(down, [query({ servers: 'primary' })], new Map()))).toEqual([]);
    expect(decide(down, [], new Map()).series).toEqual([
      { metric: 'pg_up', server: 'primary', values: [0] },
      { metric: 'pg_up', server: 'replica-1', values: [1] },
      { metric: 'collector_failed_queries', values: [0] },
    ]);
  });

  test('a query that failed or has no rows publishes nothing', () => {
    const reading = { ...answering('primary', []), answers: new Map(), failures: [{ query: 'q', reason: '57014' }] };
    const decision = decide([reading, answering('replica-1', [])], [query({})], new Map());
    expect(seriesOf(decision)).toEqual([]);
    expect(decision.series.at(-1)).toEqual({ metric: 'collector_failed_queries', values: [1] });
  });
});

describe('kinds of metrics', () => {
  const rows = (n: unknown) => [{ n }];

  test('a counter is published as its growth, also after a reset to 0', () => {
    expect(passes(query({ kind: 'counter' }), [rows('100'), rows('130'), rows('130'), rows('5')])).toEqual([
      [],
      [30],
      [0],
      [5],
    ]);
  });

  test('the growth of a counter while its server is down is published later', () => {
    expect(passes(query({ kind: 'counter' }), [rows(1), undefined, rows(4)])).toEqual([[], [], [3]]);
  });

  test('the rows of a counter are identified by their labels', () => {
    const asked = query({ kind: 'counter' }, { labels: ['slot'] });
    const slot = (name: string, n: number) => ({ slot: name, n });
    const two = (a: number, b: number) => [slot('a', a), slot('b', b)];
    expect(passes(asked, [two(1, 10), two(2, 30), [...two(2, 30), slot('c', 9)]])).toEqual([[], [1, 20], [0, 0]]);
  });

  test('a fingerprint is published as 1 when it changed, else 0', () => {
    expect(passes(query({ kind: 'fingerprint' }), [rows('7'), rows('7'), rows('9'), rows('9')])).toEqual([
      [],
      [0],
      [1],
      [0],
    ]);
  });

  test.each([[null], [undefined], [''], ['NaN'], ['Infinity'], ['text']])('%p is not published', (n) => {
    expect(passes(query({}), [rows(n)])).toEqual([[]]);
  });
});

describe('the worst salons', () => {
  const asked = (worst?: 'lowest') =>
    query({ servers: 'primary', ...(worst && { worst }) }, { labels: ['salon_id', 'model'] });
  const row = (salon_id: string | null, n: unknown) => ({ salon_id, n });

  test('are five, each once with its worst row, for highest and lowest as worst', () => {
    const rows = [1, 2, 3, 4, 5, 6].flatMap((n) => [row(`s${n}`, n), row(`s${n}`, 10 + n)]);
    const of = (worst?: 'lowest') => worstSalons([answering('primary', rows)], [asked(worst)])['q_n'];
    expect(of()).toEqual([6, 5, 4, 3, 2].map((n) => ({ salon_id: `s${n}`, value: 10 + n })));
    expect(of('lowest')?.map(({ value }) => value)).toEqual([1, 2, 3, 4, 5]);
  });

  test('exclude rows without a salon or a value, and metrics without salons', () => {
    const rows = [row(null, 9), row('', 8), row('s', null)];
    expect(worstSalons([answering('primary', rows)], [asked(), { ...query({}), name: 'other' }])).toEqual({});
    expect(worstSalons([silent('primary')], [asked()])).toEqual({});
  });
});
