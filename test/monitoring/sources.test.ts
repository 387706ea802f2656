import { METRIC_SOURCES } from '../../lib/monitoring/sources/metric-sources';
import { axisLabelOf, type MetricSource, type Unit } from '../../lib/monitoring/sources/source';

const sources: Readonly<Record<string, MetricSource>> = METRIC_SOURCES;

/** Prometheus puts the unit at the end of a name. */
const UNIT_OF_SUFFIX: Readonly<Record<string, Unit>> = { seconds: 's', ms: 'ms', bytes: 'bytes', days: 'days' };

test.each(Object.entries(UNIT_OF_SUFFIX))('a name that ends in _%s has the unit %s', (suffix, unit) => {
  const named = Object.entries(sources).filter(([name]) => name.endsWith(`_${suffix}`));
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter(([, source]) => source.unit !== unit)).toEqual([]);
});

test('an axis has the meaning up to the first semicolon, and the unit', () => {
  expect(axisLabelOf(METRIC_SOURCES.pg_transactions_longest_seconds)).toBe('age of the oldest open transaction, s');
  expect(axisLabelOf(METRIC_SOURCES.aws_rds_dbload_average)).toBe('sessions that run or wait, average');
});

test.each(Object.entries(sources))('the meaning of %s leaves the unit to its field', (_, { meaning }) => {
  expect(meaning).not.toMatch(/, (s|ms|µs|bytes|%|US dollars)\b/);
});
