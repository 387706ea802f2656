import { OWN_METRICS } from '../../lib/contract/metrics';
import { collectionOf, loadCollection } from '../../lib/monitoring/collection';
import { InvalidQueries, loadQueries, parseQueries } from '../../lib/monitoring/queries';
import { COLLECTOR_SOURCES } from '../../lib/monitoring/sources/collector';
import type { PublishedSource } from '../../lib/monitoring/sources/source';

/** A file with one query; `fields` replaces lines of it. */
function file({
  name = 'visits',
  query = 'query: SELECT 1 AS count',
  more = '',
  metrics = '- count: { usage: GAUGE, description: Visits }',
} = {}): string {
  return `${name}:\n  ${query}\n  ${more}\n  metrics:\n    ${metrics}\n`;
}

function faultsOf(action: () => unknown): readonly string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof InvalidQueries) return error.faults;
    throw error;
  }
  return [];
}

test('the 18 queries of the specification have their names, labels and gauges', () => {
  const columns = Object.fromEntries(
    loadQueries().map(({ name, columns }) => [
      name,
      columns.map((each) => (each.usage === 'LABEL' ? `${each.name}=` : each.name)).join(' '),
    ]),
  );
  expect(columns).toMatchObject({
    bookings_total: 'salon_id= status= count',
    bookings_by_date: 'salon_id= booking_date= count',
    booking_conflicts: 'salon_id= conflict_count parallel capacity',
    messages_total: 'salon_id= direction= message_type= status= count',
    message_cost: 'salon_id= total_cost message_count',
    failed_messages: 'salon_id= failed_count message_count failed_ratio',
    active_conversations: 'salon_id= status= count',
    conversation_duration: 'salon_id= avg_duration_seconds max_duration_seconds',
    ai_conversation_cost: 'salon_id= ai_model= total_cost total_tokens conversation_count',
    ai_response_time: 'salon_id= ai_model= avg_response_time_ms max_response_time_ms min_response_time_ms answer_count',
    webhook_events: 'salon_id= event_type= status= count',
    webhook_errors: 'salon_id= event_type= error_count',
    webhook_processing_time: 'salon_id= event_type= avg_processing_time_ms max_processing_time_ms',
    table_bloat: 'schemaname= relname= size_bytes dead_ratio',
    index_usage: 'schemaname= relname= indexrelname= idx_scan idx_tup_read idx_tup_fetch',
    unused_indexes: 'schemaname= relname= indexrelname= size_bytes',
    replication_lag: 'lag_seconds',
    slow_queries: 'queryid= calls mean_exec_time max_exec_time total_exec_time',
  });
});

test('the collection has every source that comes from a query, once, and no query without a source', () => {
  const metrics = loadCollection().flatMap((query) => query.metrics.map(({ metric }) => metric));
  expect([...metrics, ...OWN_METRICS].sort()).toEqual(Object.keys(COLLECTOR_SOURCES).sort());
  expect(loadCollection().map(({ name }) => name)).not.toContain('index_usage');
});

const malformed: [string, string, string][] = [
  ['invalid YAML', 'visits: [', 'it is not valid YAML: Flow sequence in block collection'],
  ['a query twice', file() + file(), 'it is not valid YAML: Map keys must be unique'],
  ['a list instead of a map', '[]', 'the file is []; allowed: a value of type record'],
  [
    'an unknown key',
    file({ more: 'cache_second: 5' }),
    'visits.cache_second is not a field; check its spelling and place',
  ],
  ['no SQL', file({ query: "query: ''" }), 'visits.query is ""; allowed: a statement that begins with SELECT or WITH'],
  [
    'SQL that writes',
    file({ query: 'query: DELETE FROM a' }),
    'visits.query is "DELETE FROM a"; allowed: a statement that begins with SELECT or WITH',
  ],
  ['no query', file({ query: 'master: true' }), 'visits.query is missing; allowed: a value of type string'],
  ['no columns', 'visits:\n  query: SELECT 1\n  metrics: []\n', 'visits.metrics is []; allowed: at least 1 entries'],
  [
    'an unknown usage',
    file({ metrics: '- count: { usage: GUAGE, description: Visits }' }),
    'visits.metrics.0.count.usage is "GUAGE"; allowed: "LABEL", "GAUGE", "COUNTER"',
  ],
  [
    'no description',
    file({ metrics: '- count: { usage: GAUGE }' }),
    'visits.metrics.0.count.description is missing; allowed: a value of type string',
  ],
  [
    'a column twice',
    file({ metrics: '- count: { usage: GAUGE, description: A }\n    - count: { usage: LABEL, description: B }' }),
    'visits.metrics has the column count twice; allowed: each column once',
  ],
  [
    'only labels',
    file({ metrics: '- salon_id: { usage: LABEL, description: Salon }' }),
    'visits.metrics has only labels; allowed: at least one column that is a GAUGE or a COUNTER',
  ],
  [
    'an invalid name',
    file({ name: 'visits-total' }),
    'the name "visits-total" in query visits-total is not valid; allowed: lower case letters, digits and underscores, a letter first',
  ],
  ['a cache of 0 seconds', file({ more: 'cache_seconds: 0' }), 'visits.cache_seconds is 0; allowed: at least 1'],
  [
    'a metric of two queries',
    file({ name: 'a', metrics: '- b_c: { usage: GAUGE, description: A }' }) +
      file({ name: 'a_b', metrics: '- c: { usage: GAUGE, description: B }' }),
    'the queries a and a_b both give the metric a_b_c; allowed: each metric from one query',
  ],
];

test.each(malformed)('fails with a sentence on %s', (_, text, fault) => {
  expect(faultsOf(() => parseQueries(text)).join('\n')).toContain(fault);
});

test('reports all faults at once', () => {
  const text = file({ more: 'masters: true', metrics: '- count: { usage: SUM, description: Visits }' });
  expect(faultsOf(() => parseQueries(text))).toHaveLength(2);
});

const gauge = { ...COLLECTOR_SOURCES.pg_connections_used, servers: 'primary' } satisfies PublishedSource;
const mismatches: [string, string, Record<string, PublishedSource>, string][] = [
  [
    'names no column',
    file({ more: 'master: true' }),
    { visits_sum: gauge },
    'the source visits_sum is not a column; the columns of visits are count',
  ],
  [
    'names no query',
    file({ more: 'master: true' }),
    { sales_sum: gauge },
    'the source sales_sum is not a column; it does not begin with the name of a query of custom-queries.yaml',
  ],
  [
    'is a label',
    file({
      more: 'master: true',
      metrics: '- salon_id: { usage: LABEL, description: A }\n    - n: { usage: GAUGE, description: B }',
    }),
    { visits_salon_id: gauge },
    'the source visits_salon_id is a label; allowed: a GAUGE or a COUNTER',
  ],
  [
    'is a counter of a gauge',
    file({ more: 'master: true' }),
    { visits_count: { ...gauge, kind: 'counter' } },
    'the column visits_count is a GAUGE; its source is a counter, which takes a COUNTER',
  ],
  [
    'is for the primary only, and its query is not',
    file(),
    { visits_count: gauge },
    'the query visits has master false; the source visits_count is for primary servers, which takes master true',
  ],
];

test.each(mismatches)('fails where a source %s', (_, text, sources, fault) => {
  expect(faultsOf(() => collectionOf(parseQueries(text), sources, []))).toEqual([fault]);
});
