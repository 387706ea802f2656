import { decide, type Decision } from '../../../lambda/collector/decide';
import type { AnsweringServer, ServerReading } from '../../../lambda/collector/read';
import type { CollectorState } from '../../../lambda/collector/state';
import type { Row } from '../../../lambda/collector/values';
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
  return {
    name: 'q',
    sql: '',
    primaryOnly: false,
    cacheSeconds: 0,
    labels: [],
    details: [],
    metrics: [whole],
    ...changes,
  };
}

let clock = 0;
/** A reading that began after all before it had ended, and took a second. */
function answering(server: string, rows: readonly Row[], inRecovery = server !== 'primary'): AnsweringServer {
  const began = (clock += 60);
  return { server, up: true, inRecovery, began, ended: began + 1, answers: new Map([['q', rows]]), failures: [] };
}

const silent = (server: string): ServerReading => ({ server, up: false, reason: 'ECONNREFUSED' });

/** Series of the query q. */
function seriesOf({ series, counted }: Decision) {
  return [...series, ...counted]
    .filter(({ metric }) => metric === 'q_n')
    .map(({ server, values }) => ({ server, values }));
}

/** Values that each pass over one server publishes. */
function passes(asked: CollectedQuery, readings: readonly (readonly Row[] | undefined)[]) {
  let state: CollectorState = {};
  return readings.map((rows) => {
    const decision = decide([rows ? answering('primary', rows) : silent('primary')], [asked], state);
    // As it comes back from the database.
    state = JSON.parse(JSON.stringify(decision.state)) as CollectorState;
    return seriesOf(decision).flatMap(({ values }) => values);
  });
}

describe('servers of a metric', () => {
  const readings = [answering('primary', [{ n: 1 }]), answering('replica-1', [{ n: 2 }]), silent('replica-2')];

  const ofPrimary = { server: 'primary', values: [1] };
  const ofReplica = { server: 'replica-1', values: [2] };
  test.each([
    ['all', 'server', [ofPrimary, ofReplica]],
    ['all', 'environment', [{ server: undefined, values: [1, 2] }]],
    ['primary', 'environment', [{ server: undefined, values: [1] }]],
    ['replicas', 'server', [ofReplica]],
  ] as const)('%s, per %s', (servers, per, expected) => {
    expect(seriesOf(decide(readings, [query({ servers, per })], {}))).toEqual(expected);
  });

  test('two servers that take writes: only the first counts as the primary', () => {
    const both = [answering('primary', [{ n: 1 }]), answering('replica-1', [{ n: 1 }], false)];
    expect(seriesOf(decide(both, [query({ servers: 'primary' })], {}))).toEqual([{ values: [1] }]);
  });

  test('no server that takes writes: metrics of the primary are not published', () => {
    const down = [silent('primary'), answering('replica-1', [{ n: 2 }])];
    expect(seriesOf(decide(down, [query({ servers: 'primary' })], {}))).toEqual([]);
    expect(decide(down, [], {}).series).toEqual([
      { metric: 'pg_up', server: 'primary', values: [0] },
      { metric: 'pg_up', server: 'replica-1', values: [1] },
    ]);
  });

  test('a query that failed or has no rows publishes nothing', () => {
    const reading = { ...answering('primary', []), answers: new Map(), failures: [{ query: 'q', reason: '57014' }] };
    expect(seriesOf(decide([reading, answering('replica-1', [])], [query({})], {}))).toEqual([]);
  });
});

describe('kinds of metrics', () => {
  const rows = (n: number | null) => [{ n }];

  test('a counter is published as its growth, also after a reset to 0', () => {
    expect(passes(query({ kind: 'counter' }), [rows(100), rows(130), rows(130), rows(5)])).toEqual([
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
    expect(passes(query({ kind: 'fingerprint' }), [rows(7), rows(7), rows(9), rows(9)])).toEqual([[], [0], [1], [0]]);
  });

  test('a counter without a value keeps the one before', () => {
    expect(passes(query({ kind: 'counter' }), [rows(1), rows(null), rows(4)])).toEqual([[], [], [3]]);
  });

  test('a counter whose query failed keeps the one before; one whose SQL changed starts again', () => {
    const [first, failed] = [answering('primary', rows(1)), { ...answering('primary', []), answers: new Map() }];
    const asked = query({ kind: 'counter' });
    const before = decide([first], [asked], {}).state;
    const kept = decide([failed], [asked], before).state;
    expect(seriesOf(decide([answering('primary', rows(4))], [asked], kept))).toEqual([{ values: [3] }]);
    const changed = decide([answering('primary', rows(4))], [{ ...asked, sql: 'another' }], kept);
    expect(seriesOf(changed)).toEqual([]);
    expect(Object.keys(changed.state['primary']?.values ?? {})).toHaveLength(1);
  });

  test('NULL is not published', () => {
    expect(passes(query({}), [rows(null)])).toEqual([[]]);
  });
});

describe('two collectors at once', () => {
  const asked = query({ kind: 'counter' });
  const at = (began: number, ended: number, n: number) => ({ ...answering('primary', [{ n }]), began, ended });

  test('a reading that began before the kept one had ended counts nothing and keeps that one', () => {
    const state = decide([at(100, 110, 7)], [asked], {}).state;
    // The other collector read 5 before, and decides after: 7 to 5 is no reset.
    const late = decide([at(105, 120, 5)], [asked], state);
    expect(seriesOf(late)).toEqual([]);
    expect(late.state).toEqual(state);
    expect(seriesOf(decide([at(111, 112, 8)], [asked], state))).toEqual([{ values: [1] }]);
  });

  test('a clock that was set back by an hour does not stop the counting', () => {
    const state = decide([at(10_000, 10_010, 7)], [asked], {}).state;
    expect(seriesOf(decide([at(6400, 6410, 9)], [asked], state))).toEqual([{ values: [2] }]);
  });

  test('a server that the configuration no longer has is forgotten', () => {
    const state = decide([at(100, 110, 7), answering('replica-1', [{ n: 1 }])], [asked], {}).state;
    expect(Object.keys(state)).toEqual(['primary', 'replica-1']);
    expect(Object.keys(decide([silent('primary')], [asked], state).state)).toEqual(['primary']);
  });
});

describe('the worst salons', () => {
  const asked = () => query({ servers: 'primary' }, { labels: ['salon_id', 'model'], details: ['of'] });
  const row = (salon_id: string | null, n: number | null) => ({ salon_id, n, of: n === null ? null : 100 * n });

  test('are five, each once with the details of its worst row', () => {
    const rows = [1, 2, 3, 4, 5, 6].flatMap((n) => [row(`s${n}`, n), row(`s${n}`, 10 + n)]);
    expect(worstSalons([answering('primary', rows)], [asked()])['q_n']).toEqual(
      [6, 5, 4, 3, 2].map((n) => ({ salon_id: `s${n}`, value: 10 + n, of: 1000 + 100 * n })),
    );
  });

  test('exclude rows without a salon or a value, and metrics without salons', () => {
    const rows = [row(null, 9), row('', 8), row('s', null)];
    expect(worstSalons([answering('primary', rows)], [asked(), { ...query({}), name: 'other' }])).toEqual({});
    expect(worstSalons([silent('primary')], [asked()])).toEqual({});
  });
});
