import { COLLECTOR_SOURCES } from '../../lib/monitoring/sources/collector';
import { DRILL_SOURCES } from '../../lib/monitoring/sources/drill';
import { INSPECTOR_SOURCES } from '../../lib/monitoring/sources/inspector';
import { monitoringPrice, publishedSeries, type TemplateResources } from '../../lib/cost/monitoring-price';
import { loadEnvironment } from '../../lib/config';
import { synthesize } from '../support/synth';

/** Log-ins of the master user, and changes of privileges. */
const RARE_LINES = 2;
const PUBLISHED = { ...COLLECTOR_SOURCES, ...INSPECTOR_SOURCES, ...DRILL_SOURCES };
const stat = (Period = 60) => ({ MetricStat: { Period } });
const alarm = (Properties: object) => ({ Type: 'AWS::CloudWatch::Alarm', Properties });
const filter = (MetricName: string, DefaultValue?: number) => ({
  Type: 'AWS::Logs::MetricFilter',
  Properties: { MetricTransformations: [{ MetricNamespace: 'N', MetricName, DefaultValue }] },
});

test('each metric of an alarm costs, and each series once', () => {
  const resources: TemplateResources = {
    Single: alarm({ MetricName: 'm', Period: 60 }),
    Math: alarm({ Metrics: [{}, stat(), stat()] }),
    Composite: { Type: 'AWS::CloudWatch::CompositeAlarm' },
    Filter: filter('refused', 0),
    SameSeries: filter('refused', 0),
    Rare: filter('rare'),
    SameRare: filter('rare'),
    Other: { Type: 'AWS::SNS::Topic' },
  };
  const sources = {
    a: COLLECTOR_SOURCES.pg_up,
    b: COLLECTOR_SOURCES.pg_deadlocks_total,
    c: COLLECTOR_SOURCES.replication_lag_lag_seconds,
    d: DRILL_SOURCES.drill_restore_seconds,
  };
  // 3 servers, 1 and 2 replicas make 6 series; the filters make one.
  expect(monitoringPrice(resources, sources, 3)).toEqual({
    series: 7,
    occasionalSeries: 2,
    alarmMetrics: 3,
    composites: 1,
    // 12 of 730 hours of the drill's metric are half a cent, 30 of the rare lines' one and a quarter.
    dollars: 2.1 + 0.02 + 0.3 + 0.5,
  });
});

test.each([
  [
    'a period under a minute',
    alarm({ AlarmName: 'fast', MetricName: 'm', Period: 10 }),
    'alarm fast has a period under a minute',
  ],
  [
    'a math period under a minute',
    alarm({ AlarmName: 'fast', Metrics: [stat(), stat(10)] }),
    'alarm fast has a period under a minute',
  ],
  ['no period', alarm({ AlarmName: 'endless', MetricName: 'm' }), 'alarm endless states no period'],
  ['a query', alarm({ AlarmName: 'query', EvaluationCriteria: {} }), 'alarm query reads no metric by its name'],
])('an alarm with %s is refused', (_, resource, sentence) => {
  expect(() => monitoringPrice({ resource }, {}, 1)).toThrow(sentence);
});

test('more series than there are prices for are refused', () => {
  expect(() => monitoringPrice({}, { a: COLLECTOR_SOURCES.pg_up }, 2_000_000)).toThrow(
    'more than there are prices for',
  );
});

// Salons are values of a series: a thousand of them, or one, cost the same.
test('metrics and alarms of production cost at most $36 a month', () => {
  const resources = (synthesize('production').monitoring.toJSON() as { Resources: TemplateResources }).Resources;
  const price = monitoringPrice(resources, PUBLISHED, 1 + loadEnvironment('production').replicas.length);
  expect(price.series + price.occasionalSeries).toBeGreaterThanOrEqual(publishedSeries(PUBLISHED, 3));
  // The drills' own, and what the inspector publishes once a day.
  const daily = Object.values(INSPECTOR_SOURCES).filter((source) => 'hoursAMonth' in source);
  expect(daily).toHaveLength(5);
  expect(price.occasionalSeries).toBe(Object.keys(DRILL_SOURCES).length + daily.length + RARE_LINES);
  expect(price.alarmMetrics).toBeGreaterThan(50);
  expect(price.dollars).toBeLessThanOrEqual(36);
});
