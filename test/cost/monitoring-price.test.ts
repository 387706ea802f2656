import { COLLECTOR_SOURCES } from '../../lib/monitoring/sources/collector';
import { DRILL_SOURCES } from '../../lib/monitoring/sources/drill';
import { INSPECTOR_SOURCES } from '../../lib/monitoring/sources/inspector';
import { JOB_SOURCES } from '../../lib/monitoring/sources/jobs';
import { lineAt, sumOf } from '../../lib/cost/cost-line';
import { environmentPrice, publishedSources } from '../../lib/cost/environment-price';
import { alarmMetrics, customSeries, publishedSeries, seriesLines } from '../../lib/cost/pricers/monitoring';
import { priceListOf } from '../../lib/cost/prices';
import { type Resource, resourcesOf } from '../../lib/cost/resources';
import { loadEnvironment } from '../../lib/config';
import { stackTemplates } from '../support/synth';

/** Log-ins of the master user, and changes of privileges. */
const RARE_LINES = 2;
const LINE = lineAt(priceListOf('us-east-1'));
const filter = (MetricName: string, DefaultValue?: number): Resource => ({
  stack: 's',
  id: MetricName,
  type: 'AWS::Logs::MetricFilter',
  properties: { MetricTransformations: [{ MetricNamespace: 'N', MetricName, DefaultValue }] },
});
const stat = (Period = 60) => ({ MetricStat: { Period } });

test('each metric of an alarm costs', () => {
  expect(alarmMetrics({ MetricName: 'm', Period: 60 })).toBe(1);
  expect(alarmMetrics({ Metrics: [{}, stat(), stat()] })).toBe(2);
});

test('each series costs once, however many filters write it', () => {
  const filters = [filter('refused', 0), filter('refused', 0), filter('rare'), filter('rare')];
  const sources = {
    a: COLLECTOR_SOURCES.pg_up,
    b: COLLECTOR_SOURCES.pg_deadlocks_total,
    c: COLLECTOR_SOURCES.replication_lag_lag_seconds,
    d: DRILL_SOURCES.drill_restore_seconds,
  };
  // 3 servers, 1 and 2 replicas make 6 series; the filters make one.
  const found = customSeries(filters, sources, 3);
  expect(found).toMatchObject({ lasting: 7, occasional: 2 });
  // 12 of 730 hours of the drill's metric are half a cent, 30 of the rare lines' one and a quarter.
  expect(sumOf(seriesLines(found, LINE))).toBe(2.12);
});

test.each([
  ['a period under a minute', { AlarmName: 'fast', MetricName: 'm', Period: 10 }, 'alarm fast has a period under'],
  ['a math period under a minute', { AlarmName: 'fast', Metrics: [stat(), stat(10)] }, 'alarm fast has a period under'],
  ['no period', { AlarmName: 'endless', MetricName: 'm' }, 'alarm endless states no period'],
  ['a query', { AlarmName: 'query', EvaluationCriteria: {} }, 'alarm query reads no metric by its name'],
])('an alarm with %s is refused', (_, alarm, sentence) => {
  expect(() => alarmMetrics(alarm)).toThrow(sentence);
});

test('more series than the first price applies to are refused', () => {
  expect(() => seriesLines({ lasting: 10_001, occasional: 0, occasionalHours: 0 }, LINE)).toThrow(
    '10001 series are more than the 10000',
  );
});

// Salons are values of a series: a thousand of them, or one, cost the same.
test('metrics and alarms of production cost at most $36 a month', () => {
  const config = loadEnvironment('production');
  const resources = Object.entries(stackTemplates('production')).flatMap(([stack, json]) => resourcesOf(stack, json));
  const series = customSeries(resources, publishedSources(config), 3);
  expect(series.lasting + series.occasional).toBeGreaterThanOrEqual(publishedSeries(publishedSources(config), 3));
  // The drills' own, the jobs', and what the inspector publishes once a day.
  const daily = Object.values(INSPECTOR_SOURCES).filter((source) => 'hoursAMonth' in source);
  expect(daily).toHaveLength(6);
  expect(series.occasional).toBe(
    Object.keys(DRILL_SOURCES).length + Object.keys(JOB_SOURCES).length + daily.length + RARE_LINES,
  );
  const monitoring = environmentPrice(config, resources).rows.filter(({ group }) => group === 'monitoring');
  expect(monitoring.length).toBeGreaterThan(100);
  expect(sumOf(monitoring)).toBeGreaterThan(30);
  expect(sumOf(monitoring)).toBeLessThanOrEqual(36);
});
