import { alarmOf } from '../../support/monitoring/alerts';

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
    'a share',
    'rate(pg_cache_hits[5m]) / (rate(pg_cache_hits[5m]) + rate(pg_cache_reads[5m])) < 0.95',
    { ...below, threshold: 0.95, expression: 'm1 / 300 / (m1 / 300 + m2 / 300)', periodSeconds: 300 },
    ['Sum', 'Sum'],
  ],
  [
    'slow and fast metrics together',
    '1 - (rds_allocated_storage_bytes - aws_rds_free_storage_space_minimum) / rds_storage_ceiling_bytes < 0.2',
    { ...below, threshold: 0.2, expression: `1 - (m1 - m2) / ${390 * 1024 ** 3}`, periodSeconds: 300 },
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
  ['none', 'pg_connections_used > 1', undefined, 60, 1],
  ['minutes', 'pg_connections_used > 1', '5m', 60, 5],
  ['not a whole number of periods', 'pg_connections_used > 1', '90s', 60, 2],
  ['shorter than the metric’s period', 'rds_recovery_point_age_seconds > 1', '1m', 300, 1],
  ['shorter than the range', 'increase(pg_deadlocks_total[10m]) > 0', '5m', 600, 1],
  ['longer than the range', 'increase(pg_deadlocks_total[10m]) > 0', '15m', 600, 2],
  ['a day', 'pg_connections_used > 1', '1d', 3600, 24],
  ['a week', 'pg_connections_used > 1', '7d', 3600, 168],
  [
    'after a range of over a day',
    'sum_over_time(aws_backup_number_of_backup_jobs_completed_sum[25h]) < 1',
    '1h',
    3600,
    26,
  ],
])('"for": %s', (_, expr, duration, periodSeconds, evaluationPeriods) => {
  expect(alarmOf({ expr, for: duration })).toMatchObject({
    periodSeconds,
    evaluationPeriods,
    datapointsToAlarm: evaluationPeriods,
  });
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
  ['the most cautious of several', 'pg_connections_used / pg_up > 1', 'breaching'],
])('missing data: %s', (_, expr, treatment) => {
  expect(alarmOf({ expr }).treatMissingData).toBe(treatment);
});
