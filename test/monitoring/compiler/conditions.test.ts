import { loadAlerts, parseAlerts } from '../../../lib/monitoring/alerts';
import { compile } from '../../../lib/monitoring/compiler/compile';
import { type MetricName, METRIC_SOURCES } from '../../../lib/monitoring/sources/metric-sources';
import type { MetricSource } from '../../../lib/monitoring/sources/source';
import { alarmOf, FULL, ruleFile } from '../../support/monitoring/alerts';

const above = { comparisonOperator: 'GreaterThanThreshold' };
const below = { comparisonOperator: 'LessThanThreshold' };

test.each([
  [
    'a maximum over rows',
    'max by (salon_id) (booking_conflicts_conflict_count) > 5',
    { ...above, threshold: 5 },
    ['Maximum'],
  ],
  ['a minimum over rows', 'min by (salon_id) (silent_salons_is_new) == 0', { ...below, threshold: 1 }, ['Minimum']],
  ['the worst of several values where high is bad', 'pg_slots_inactive > 0', { ...above, threshold: 0 }, ['Maximum']],
  [
    'the worst of several values where low is bad',
    'rds_ca_certificate_days < 60',
    { ...below, threshold: 60 },
    ['Minimum'],
  ],
  ['a count that is zero', 'pg_replicas_connected == 0', { ...below, threshold: 1 }, ['Minimum']],
  [
    'a count that is not zero',
    'pg_replicas_connected != 0',
    { comparisonOperator: 'GreaterThanOrEqualToThreshold', threshold: 1 },
    ['Maximum'],
  ],
  ['is not one', 'pg_up != 1', { ...below, threshold: 1 }, ['Minimum']],
  [
    'a setting as divisor',
    'pg_connections_used / pg_connections_maximum > 0.8',
    { ...above, threshold: 160 },
    ['Maximum'],
  ],
  [
    'a setting on the right',
    'pg_connections_used > pg_connections_maximum * 0.8',
    { ...above, threshold: 160 },
    ['Maximum'],
  ],
  [
    'a setting of the proxy',
    'aws_rds_database_connections_sum / proxy_connections_maximum > 0.8',
    { ...above, threshold: 80 },
    ['Sum'],
  ],
  [
    'a constant factor',
    'max by (salon_id) (webhook_errors_error_count) / 60 > 1',
    { ...above, threshold: 60 },
    ['Maximum'],
  ],
  [
    'a subtraction turns the comparison',
    '100 - aws_rds_cpuutilization_average < 10',
    { ...above, threshold: 90 },
    ['Average'],
  ],
  [
    'a negative factor turns the comparison',
    'pg_connections_used * -2 <= -20',
    { comparisonOperator: 'GreaterThanOrEqualToThreshold', threshold: 10 },
    ['Maximum'],
  ],
  ['a growth', 'increase(pg_deadlocks_total[10m]) > 3', { ...above, threshold: 3, periodSeconds: 600 }, ['Sum']],
  ['a rate', 'rate(pg_deadlocks_total[5m]) > 0.1', { ...above, threshold: 30, periodSeconds: 300 }, ['Sum']],
  [
    'a change',
    'changes(pg_configuration_fingerprint[10m]) > 0',
    { ...above, threshold: 0, periodSeconds: 600 },
    ['Sum'],
  ],
  [
    'an average over time',
    'avg_over_time(pg_connections_used[5m]) > 9',
    { ...above, threshold: 9, periodSeconds: 300 },
    ['Average'],
  ],
  [
    'a chain',
    'replication_lag_lag_seconds > 60 < 300',
    { ...above, threshold: 0, expression: '(m1 > 60) * (m1 < 300)' },
    ['Maximum'],
  ],
  [
    'a quotient that is bad where its first metric is 0',
    'aws_rds_free_storage_space_minimum / rds_allocated_storage_bytes < 0.1',
    { ...below, threshold: 0.1, expression: 'IF(((m1 * 0) == 0) * (m2 != 0), m1 / m2)' },
    ['Minimum', 'Maximum'],
  ],
  [
    'a quotient that is good where its first metric is 0',
    'ai_cost_last_hour / ai_cost_usual_hour > 3',
    { ...above, threshold: 3, expression: 'm1 / m2' },
    ['Maximum', 'Minimum'],
  ],
  [
    'comparisons that "and" joins',
    'pg_slots_inactive > 2 and (pg_connections_idle_in_transaction / 2 < 5)',
    { ...above, threshold: 2, expression: 'IF(((m1 * 0) == 0) * ((m2 / 2) < 5), m1)' },
    ['Maximum', 'Minimum'],
  ],
  [
    'a share',
    'rate(pg_cache_hits[5m]) / (rate(pg_cache_hits[5m]) + rate(pg_cache_reads[5m])) < 0.95',
    {
      ...below,
      threshold: 0.95,
      expression:
        'IF(((m1 * 0) == 0) * ((m2 * 0) == 0) * ((m1 / 300 + m2 / 300) != 0), m1 / 300 / (m1 / 300 + m2 / 300))',
      periodSeconds: 300,
    },
    ['Sum', 'Sum'],
  ],
  [
    'slow and fast metrics together',
    '1 - (rds_allocated_storage_bytes - aws_rds_free_storage_space_minimum) / rds_storage_ceiling_bytes < 0.2',
    {
      ...below,
      threshold: 0.2,
      expression: `IF(((m1 * 0) == 0) * ((m2 * 0) == 0), 1 - (m1 - m2) / ${390 * 1024 ** 3})`,
      periodSeconds: 300,
    },
    ['Maximum', 'Minimum'],
  ],
  [
    'an absence',
    'absent(collector_passes)',
    { ...below, threshold: 1, treatMissingData: 'breaching' },
    ['SampleCount'],
  ],
])('%s', (_, expr, expected, statistics) => {
  const alarm = alarmOf({ expr });
  expect(alarm).toMatchObject(expected);
  if (!('expression' in expected)) expect(alarm).not.toHaveProperty('expression');
  expect(alarm.metrics.map(({ statistic }) => statistic)).toEqual(statistics);
});

test.each([
  // A sampled value: as many bad ones as in Prometheus, which needs one at both ends of "for", and at least two.
  ['none', 'pg_connections_used > 1', undefined, 60, 2],
  ['one period', 'pg_up == 0', '1m', 60, 2],
  ['minutes', 'pg_connections_used > 1', '5m', 60, 6],
  ['not a whole number of periods', 'pg_connections_used > 1', '90s', 60, 3],
  ['shorter than the metric’s period', 'rds_recovery_point_age_seconds > 1', '1m', 300, 2],
  ['once a day', 'rds_ca_certificate_days < 1', '1h', 86_400, 2],
  ['none, of an average over a range', 'avg_over_time(pg_connections_used[5m]) > 1', undefined, 300, 2],
  ['a share of two sums', 'rate(pg_cache_hits[5m]) / rate(pg_cache_reads[5m]) < 1', '15m', 300, 4],
  ['a day', 'pg_connections_used > 1', '1d', 3600, 25],
  ['a week, beyond which CloudWatch does not look', 'pg_connections_used > 1', '7d', 3600, 168],
  // A sum counts every event of its period.
  ['none, of events', 'increase(pg_deadlocks_total[10m]) > 0', undefined, 600, 1],
  ['none, of events without a range', 'aws_backup_number_of_backup_jobs_failed_sum > 0', undefined, 300, 1],
  ['shorter than the range', 'increase(pg_deadlocks_total[10m]) > 0', '5m', 600, 1],
  ['longer than the range', 'increase(pg_deadlocks_total[10m]) > 0', '15m', 600, 2],
  [
    'after a range of over a day',
    'sum_over_time(aws_backup_number_of_backup_jobs_completed_sum[25h]) < 1',
    '1h',
    3600,
    26,
  ],
  // A drill publishes its result once.
  ['none, of a value that is published once', 'drill_recovery_time_seconds > 1', undefined, 300, 1],
  // The highest and the lowest value of a range.
  [
    'none, of a change',
    'max_over_time(aws_elasticache_is_master_maximum[5m]) - min_over_time(aws_elasticache_is_master_minimum[5m]) > 0',
    undefined,
    300,
    1,
  ],
  // Absence.
  ['none, of an absence', 'absent(collector_passes)', undefined, 60, 2],
  ['minutes, of an absence', 'absent(collector_passes)', '5m', 60, 5],
])('"for": %s', (_, expr, duration, periodSeconds, evaluationPeriods) => {
  expect(alarmOf({ expr, for: duration })).toMatchObject({
    periodSeconds,
    evaluationPeriods,
    datapointsToAlarm: evaluationPeriods,
  });
});

test('no alarm of alerts.yml fires on a single sampled value', () => {
  const { alarms } = compile(loadAlerts(), METRIC_SOURCES, FULL);
  const single = alarms.filter(({ datapointsToAlarm }) => datapointsToAlarm < 2);
  // The others count events, or are about something that happens once.
  const sampled = single.filter(({ metrics: [metric, lowest] }) => {
    const source: MetricSource = METRIC_SOURCES[metric!.source as MetricName];
    const isChange = lowest?.metricName === metric!.metricName && lowest.statistic === 'Minimum';
    return metric!.statistic !== 'Sum' && source.from !== 'drill' && source.from !== 'job' && !isChange;
  });
  expect(sampled.map(({ alarmName }) => alarmName)).toEqual([]);
  expect(single.length).toBeGreaterThan(5);
});

test.each([
  [
    'AWS publishes no value for 0 backups: missing is breaching',
    'sum_over_time(aws_backup_number_of_backup_jobs_completed_sum[1h]) < 1',
    'breaching',
  ],
  [
    'AWS publishes no value for 0 failures: missing is not breaching',
    'sum_over_time(aws_backup_number_of_backup_jobs_failed_sum[1h]) > 0',
    'notBreaching',
  ],
  ['as the source says', 'pg_connections_used > 1', 'notBreaching'],
])('missing data: %s', (_, expr, treatment) => {
  expect(alarmOf({ expr }).treatMissingData).toBe(treatment);
});

test('missing data: the most cautious of several', () => {
  const sources = {
    ...METRIC_SOURCES,
    aws_rds_cpuutilization_average: cautious(),
    aws_rds_dbload_average: cautious('ignore'),
  };
  const rules = parseAlerts(ruleFile({ expr: 'aws_rds_cpuutilization_average / aws_rds_dbload_average > 1' }));
  const { alarms } = compile(rules, sources, FULL);
  expect(alarms[0]?.treatMissingData).toBe('missing');

  function cautious(missingData: 'missing' | 'ignore' = 'missing') {
    return { ...METRIC_SOURCES.aws_rds_cpuutilization_average, missingData };
  }
});
