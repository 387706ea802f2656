import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { decide } from '../../lambda/collector/decide';
import type { ServerReading } from '../../lambda/collector/read';
import { OWN_METRICS } from '../../lib/contract/metrics';
import { customSeries, publishedSeries, seriesLines } from '../../lib/cost/pricers/monitoring';
import { lineAt, sumOf } from '../../lib/cost/cost-line';
import { priceListOf } from '../../lib/cost/prices';
import { parseAlerts } from '../../lib/monitoring/alerts';
import { collectionOf } from '../../lib/monitoring/collection';
import { compile } from '../../lib/monitoring/compiler/compile';
import { parseQueries } from '../../lib/monitoring/queries';
import { COLLECTOR_SOURCES } from '../../lib/monitoring/sources/collector';
import { METRIC_SOURCES } from '../../lib/monitoring/sources/metric-sources';
import type { MetricSource, PublishedSource } from '../../lib/monitoring/sources/source';
import { FULL, ruleFile } from '../support/monitoring/alerts';
import { build, graphs } from '../support/monitoring/dashboards';

interface QueriesFile {
  [query: string]: { query: string; metrics: object[] };
}

const QUERIES = readFileSync(join(__dirname, '../../lib/monitoring/custom-queries.yaml'), 'utf8');
const NAME = 'pg_connections_active';
/** The first thing that a person writes: a column in custom-queries.yaml. */
const COLUMN = { active: { usage: 'GAUGE', description: 'Sessions that run a statement' } };
/** The second: a line in sources/collector.ts. */
const SOURCE: PublishedSource = { ...COLLECTOR_SOURCES.pg_connections_used, meaning: 'sessions that run a statement' };

function queriesWithColumn() {
  const file = parse(QUERIES) as QueriesFile;
  const connections = file['pg_connections']!;
  connections.query = connections.query.replace(
    'AS used',
    "AS used, count(*) FILTER (WHERE state = 'active') AS active",
  );
  connections.metrics.push(COLUMN);
  return parseQueries(stringify(file));
}

const sources = { ...COLLECTOR_SOURCES, [NAME]: SOURCE };
const all: Readonly<Record<string, MetricSource>> = { ...METRIC_SOURCES, [NAME]: SOURCE };

test('nothing knows the metric before', () => {
  expect(JSON.stringify(collectionOf(parseQueries(QUERIES), COLLECTOR_SOURCES, OWN_METRICS))).not.toContain(NAME);
  expect(Object.keys(METRIC_SOURCES)).not.toContain(NAME);
});

test('a source line without the column fails with a sentence', () => {
  expect(() => collectionOf(parseQueries(QUERIES), sources, OWN_METRICS)).toThrow(
    `the source ${NAME} is not a column; the columns of pg_connections are used, maximum, idle_in_transaction`,
  );
});

test('the collector reads the column and publishes it for each server', () => {
  const collection = collectionOf(queriesWithColumn(), sources, OWN_METRICS);
  const answers = new Map([['pg_connections', [{ used: 9, maximum: 200, idle_in_transaction: 0, active: 4 }]]]);
  const readings = ['primary', 'replica-1'].map((server): ServerReading => ({
    server,
    up: true,
    inRecovery: server !== 'primary',
    began: 0,
    ended: 1,
    answers,
    failures: [],
  }));
  const published = decide(readings, collection, {}).series.filter(({ metric }) => metric === NAME);
  expect(published).toEqual([
    { metric: NAME, server: 'primary', values: [4] },
    { metric: NAME, server: 'replica-1', values: [4] },
  ]);
  expect(collection.find(({ name }) => name === 'pg_connections')?.sql).toContain('AS active');
});

test('its price is that of one more series for each server', () => {
  const servers = FULL.servers.length;
  expect(publishedSeries(sources, servers) - publishedSeries(COLLECTOR_SOURCES, servers)).toBe(servers);
  const dollars = (published: Readonly<Record<string, PublishedSource>>) =>
    sumOf(seriesLines(customSeries([], published, servers), lineAt(priceListOf('us-east-1'))));
  expect(dollars(sources) - dollars(COLLECTOR_SOURCES)).toBeCloseTo(servers * 0.3);
});

test('a dashboard draws it while no alert reads it', () => {
  const dashboards = build(compile(parseAlerts(ruleFile({ expr: 'absent(collector_passes)' })), all, FULL), {
    sources: all,
  });
  const [graph, another] = graphs(dashboards, 'PostgreSQL Overview').filter(({ metrics }) =>
    JSON.stringify(metrics).includes(NAME),
  );
  expect(another).toBeUndefined();
  expect(graph?.metrics).toHaveLength(FULL.servers.length);
  expect(graph?.title).toBe('Sessions that run a statement');
  expect(graph?.yAxis?.left.label).toBe('sessions that run a statement');
});

test('an alert may use it', () => {
  const heartbeat = { alert: 'Heartbeat', expr: 'absent(collector_passes)' };
  const files = [ruleFile({ expr: `${NAME} > 50` }), ruleFile(heartbeat)].map(parseAlerts);
  const { alarms } = compile(files.flat(), all, FULL);
  expect(alarms.filter(({ alert }) => alert === 'Known').map(({ metrics }) => metrics[0])).toMatchObject(
    FULL.servers.map(({ name }) => ({ metricName: NAME, dimensions: { Server: name }, statistic: 'Maximum' })),
  );
});
