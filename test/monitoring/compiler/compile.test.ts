import { loadAlerts, parseAlerts } from '../../../lib/monitoring/alerts';
import { compile } from '../../../lib/monitoring/compiler/compile';
import { UntranslatableAlerts } from '../../../lib/monitoring/compiler/untranslatable';
import { METRIC_SOURCES } from '../../../lib/monitoring/sources/metric-sources';
import { alarmOf, BARE, compileRule, FULL, ruleFile } from '../../support/monitoring/alerts';

test('PostgreSQLDown becomes one alarm for each server', () => {
  const { alarms } = compile(loadAlerts(), METRIC_SOURCES, FULL);
  const down = alarms.filter(({ alert }) => alert === 'PostgreSQLDown');
  expect(down.map(({ alarmName }) => alarmName)).toEqual([
    'production-PostgreSQLDown-primary',
    'production-PostgreSQLDown-replica-1',
    'production-PostgreSQLDown-replica-2',
  ]);
  expect(down[1]).toEqual({
    kind: 'alarm',
    alert: 'PostgreSQLDown',
    group: 'database_availability',
    severity: 'critical',
    component: 'database',
    summary: 'A PostgreSQL server does not answer',
    description: 'The collector could not log in to the server and run a query.',
    alarmName: 'production-PostgreSQLDown-replica-1',
    metrics: [
      {
        id: 'm1',
        source: 'pg_up',
        namespace: 'WhatsAppSaaS/PostgreSQL',
        metricName: 'pg_up',
        dimensions: { Environment: 'production', Server: 'replica-1' },
        statistic: 'Minimum',
      },
    ],
    periodSeconds: 60,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    comparisonOperator: 'LessThanThreshold',
    threshold: 1,
    treatMissingData: 'breaching',
  });
});

test('every rule is accounted for, in an environment with everything and in one with a primary only', () => {
  const alerts = loadAlerts();
  const full = compile(alerts, METRIC_SOURCES, FULL);
  const bare = compile(alerts, METRIC_SOURCES, BARE);
  for (const { ledger } of [full, bare]) expect(ledger.map(({ alert }) => alert)).toEqual(alerts.map(({ name }) => name));
  expect(full.ledger.filter(({ outcome }) => outcome === 'absent')).toEqual([]);
  expect(full.ledger.flatMap(({ becomes }) => becomes).sort()).toEqual(
    [...full.alarms.map(({ alarmName }) => alarmName), ...full.events.map(({ ruleName }) => ruleName)].sort(),
  );
  expect(bare.ledger.filter(({ outcome }) => outcome === 'absent').map(({ alert }) => alert)).toEqual([
    'PostgreSQLReplicationLag',
    'PostgreSQLReplicationLagCritical',
    'PostgreSQLReplicationStopped',
    'PostgreSQLReplicaBroken',
    'PostgreSQLProxyPinning',
    'PostgreSQLProxyBorrowLatencyHigh',
    'PostgreSQLProxyRefusedLogins',
    'PostgreSQLBackupMissing',
    'PostgreSQLBackupFailed',
    'PostgreSQLBackupCopyFailed',
    'PostgreSQLRestoreFailed',
    'RestoreDrillFailed',
    'RestoreDrillRecoveryTimeHigh',
    'RestoreDrillRecoveryPointOld',
    'RestoreDrillOverdue',
  ]);
}); // prettier-ignore

test('alarm names are unique', () => {
  const names = compile(loadAlerts(), METRIC_SOURCES, FULL).alarms.map(({ alarmName }) => alarmName);
  expect(new Set(names).size).toBe(names.length);
});

const above = { comparisonOperator: 'GreaterThanThreshold' };
const below = { comparisonOperator: 'LessThanThreshold' };

test.each([
  ['a maximum over rows', 'max by (salon_id) (booking_conflicts_conflict_count) > 5', { ...above, threshold: 5 }, ['Maximum']],
  ['a minimum over rows', 'min by (salon_id) (salon_bookings_count) == 0', { ...below, threshold: 1 }, ['Minimum']],
  ['the worst of several values where high is bad', 'pg_slots_inactive > 0', { ...above, threshold: 0 }, ['Maximum']],
  ['the worst of several values where low is bad', 'rds_ca_certificate_days < 60', { ...below, threshold: 60 }, ['Minimum']],
  ['none of a count', 'pg_replicas_connected == 0', { ...below, threshold: 1 }, ['Minimum']],
  ['some of a count', 'pg_replicas_connected != 0', { comparisonOperator: 'GreaterThanOrEqualToThreshold', threshold: 1 }, ['Maximum']],
  ['is not one', 'pg_up != 1', { ...below, threshold: 1 }, ['Minimum']],
  ['a setting as divisor', 'pg_connections_used / pg_connections_maximum > 0.8', { ...above, threshold: 160 }, ['Maximum']],
  ['a setting on the right', 'pg_connections_used > pg_connections_maximum * 0.8', { ...above, threshold: 160 }, ['Maximum']],
  ['a constant factor', 'max by (salon_id) (webhook_errors_error_count) / 60 > 1', { ...above, threshold: 60 }, ['Maximum']],
  ['a subtraction turns the comparison', '100 - aws_rds_cpuutilization_average < 10', { ...above, threshold: 90 }, ['Average']],
  ['a negative factor turns the comparison', 'pg_connections_used * -2 <= -20', { comparisonOperator: 'GreaterThanOrEqualToThreshold', threshold: 10 }, ['Maximum']],
  ['a growth', 'increase(pg_deadlocks_total[10m]) > 3', { ...above, threshold: 3, periodSeconds: 600 }, ['Sum']],
  ['a rate', 'rate(pg_deadlocks_total[5m]) > 0.1', { ...above, threshold: 30, periodSeconds: 300 }, ['Sum']],
  ['a change', 'changes(pg_configuration_fingerprint[10m]) > 0', { ...above, threshold: 0, periodSeconds: 600 }, ['Sum']],
  ['an average over time', 'avg_over_time(pg_connections_used[5m]) > 9', { ...above, threshold: 9, periodSeconds: 300 }, ['Average']],
  ['a chain', 'replication_lag_lag_seconds > 60 < 300', { ...above, threshold: 0, expression: '(m1 > 60) * (m1 < 300)' }, ['Maximum']],
  ['a share', 'rate(pg_cache_hits[5m]) / (rate(pg_cache_hits[5m]) + rate(pg_cache_reads[5m])) < 0.95', { ...below, threshold: 0.95, expression: 'm1 / 300 / (m1 / 300 + m2 / 300)', periodSeconds: 300 }, ['Sum', 'Sum']],
  ['slow and fast metrics together', '1 - (rds_allocated_storage_bytes - aws_rds_free_storage_space_minimum) / rds_storage_ceiling_bytes < 0.2', { ...below, threshold: 0.2, expression: `1 - (m1 - m2) / ${390 * 1024 ** 3}`, periodSeconds: 300 }, ['Maximum', 'Minimum']],
  ['an absence', 'absent(collector_passes)', { ...below, threshold: 1, treatMissingData: 'breaching' }, ['SampleCount']],
])('%s', (_, expr, expected, statistics) => {
  const alarm = alarmOf({ expr });
  expect(alarm).toMatchObject(expected);
  if (!('expression' in expected)) expect(alarm).not.toHaveProperty('expression');
  expect(alarm.metrics.map(({ statistic }) => statistic)).toEqual(statistics);
}); // prettier-ignore

test.each([
  ['none', 'pg_connections_used > 1', undefined, 60, 1],
  ['minutes', 'pg_connections_used > 1', '5m', 60, 5],
  ['no whole number of periods', 'pg_connections_used > 1', '90s', 60, 2],
  ['shorter than the metric’s period', 'rds_ca_certificate_days < 1', '1m', 300, 1],
  ['shorter than the range', 'increase(pg_deadlocks_total[10m]) > 0', '5m', 600, 1],
  ['longer than the range', 'increase(pg_deadlocks_total[10m]) > 0', '15m', 600, 2],
  ['a day', 'pg_connections_used > 1', '1d', 3600, 24],
  ['a week', 'pg_connections_used > 1', '7d', 3600, 168],
  ['after a range of over a day', 'sum_over_time(aws_backup_number_of_backup_jobs_completed_sum[25h]) < 1', '1h', 3600, 26],
])('"for": %s', (_, expr, duration, periodSeconds, evaluationPeriods) => {
  expect(alarmOf({ expr, for: duration })).toMatchObject({ periodSeconds, evaluationPeriods, datapointsToAlarm: evaluationPeriods });
}); // prettier-ignore

test.each([
  ['AWS publishes nothing for no backup: none is bad', 'sum_over_time(aws_backup_number_of_backup_jobs_completed_sum[1h]) < 1', 'breaching'],
  ['AWS publishes nothing for no failure: none is good', 'sum_over_time(aws_backup_number_of_backup_jobs_failed_sum[1h]) > 0', 'notBreaching'],
  ['as the source says', 'pg_connections_used > 1', 'notBreaching'],
  ['the most cautious of several', 'pg_connections_used / pg_up > 1', 'breaching'],
])('missing data: %s', (_, expr, treatment) => {
  expect(alarmOf({ expr }).treatMissingData).toBe(treatment);
}); // prettier-ignore

test('dimensions of AWS name what only AWS knows', () => {
  const dimensions = (expr: string) => compileRule({ expr }).alarms.map(({ metrics }) => metrics[0]?.dimensions);
  expect(dimensions('aws_rds_maximum_used_transaction_ids_average > 1')).toEqual([
    { DBInstanceIdentifier: { kind: 'server', name: 'primary' } },
  ]);
  expect(dimensions('aws_rds_database_connections_sum > 1')).toEqual([{ ProxyName: { kind: 'proxy', name: '' } }]);
  expect(dimensions('aws_sns_number_of_notifications_failed_sum > 1')).toHaveLength(3);
  expect(dimensions('aws_backup_number_of_backup_jobs_failed_sum > 0')).toEqual([
    { BackupVaultName: { kind: 'vault', name: '' } },
  ]);
});

test('each side of "or" has an alarm', () => {
  const { alarms } = compileRule({ expr: 'aws_backup_number_of_backup_jobs_failed_sum > 0 or aws_backup_number_of_backup_jobs_expired_sum > 0' }); // prettier-ignore
  expect(alarms.map(({ alarmName }) => alarmName)).toEqual([
    'production-Known-NumberOfBackupJobsFailed',
    'production-Known-NumberOfBackupJobsExpired',
  ]);
});

test('an alarm on the log brings its filter, with the environment in the namespace', () => {
  const { alarms, logFilters } = compileRule({ expr: 'sum_over_time(pg_log_refused_logins[5m]) > 10' });
  expect(alarms[0]?.metrics[0]).toMatchObject({ namespace: 'WhatsAppSaaS/PostgreSQL/production', dimensions: {} });
  expect(logFilters).toEqual([
    {
      source: 'pg_log_refused_logins',
      pattern: METRIC_SOURCES.pg_log_refused_logins.pattern,
      namespace: 'WhatsAppSaaS/PostgreSQL/production',
    },
  ]);
});

test('an event becomes a rule', () => {
  const { events, ledger } = compileRule({ expr: 'increase(aws_event_rds_failover_total[5m]) > 0' });
  expect(events).toEqual([
    expect.objectContaining({ kind: 'event', ruleName: 'production-Known', pattern: METRIC_SOURCES.aws_event_rds_failover_total.pattern }),
  ]);
  expect(ledger[0]).toMatchObject({ outcome: 'replaced by an event', becomes: ['production-Known'] });
}); // prettier-ignore

test('overrides change the numbers of one environment, and the ledger says so', () => {
  const rule = { expr: 'pg_connections_used / pg_connections_maximum > 0.8', for: '5m' };
  const overrides = { Known: { threshold: 0.5, for: '10m', severity: 'info' } as const };
  expect(alarmOf(rule, { ...FULL, overrides })).toMatchObject({
    threshold: 100,
    evaluationPeriods: 10,
    severity: 'info',
  });
  expect(compileRule(rule, { ...FULL, overrides }).ledger[0]).toMatchObject({
    severity: 'info',
    forSeconds: 600,
    note: expect.stringContaining('overridden here: threshold 0.5, for 10m, severity info') as string,
  });
});

test('a rule that is switched off has no alarm, and the ledger has the reason', () => {
  const overrides = { Known: { switchedOff: 'nobody reads it here' } };
  const { alarms, ledger } = compileRule({}, { ...FULL, overrides });
  expect(alarms).toEqual([]);
  expect(ledger[0]).toMatchObject({ outcome: 'switched off', becomes: [], note: 'nobody reads it here' });
});

const many = Array.from({ length: 11 }, (_, i) => `increase(c${i}[5m])`).join(' + ');
const counters = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`c${i}`, METRIC_SOURCES.pg_deadlocks_total]));

test.each([
  ['an unknown metric', { expr: 'pg_connection_used > 1' }, 'nobody publishes the metric pg_connection_used; allowed: a name of lib/monitoring/sources/metric-sources.ts, such as pg_connections_used'],
  ['no PromQL', { expr: 'pg_up ==' }, 'the expression "pg_up ==" is not valid PromQL; supported:'],
  ['no comparison', { expr: 'pg_up' }, 'compares nothing: "pg_up"'],
  ['a selector', { expr: 'pg_up{job="x"} == 0' }, 'needs a metric’s bare name there: "pg_up{job="x"}"'],
  ['a function without a translation', { expr: 'deriv(pg_up[5m]) > 1' }, 'has the function deriv, which has no translation here: "deriv(pg_up[5m])"'],
  ['an aggregation without a translation', { expr: 'avg(pg_slots_inactive) > 1' }, 'has an aggregation without a translation: "avg(pg_slots_inactive)"'],
  ['"without"', { expr: 'max without (a) (pg_slots_inactive) > 1' }, 'aggregates "without" labels'],
  ['an offset', { expr: 'rate(pg_cache_hits[5m] offset 5m) > 1' }, 'has a range that is no plain one'],
  ['a subquery', { expr: 'max_over_time(pg_up[5m:1m]) > 1' }, 'has a range that is no plain one'],
  ['a modifier', { expr: 'pg_up > bool 0' }, 'has a modifier of an operator'],
  ['"and"', { expr: 'pg_up == 0 and pg_up == 1' }, 'has an operator without a translation'],
  ['a power', { expr: 'pg_connections_used ^ 2 > 1' }, 'has an operator without a translation'],
  ['an equality of a number', { expr: 'pg_connections_used == 5' }, 'CloudWatch cannot compare with == 5'],
  ['an equality of another number than 0 or 1', { expr: 'pg_up == 2' }, 'CloudWatch cannot compare with == 2'],
  ['a metric on both sides', { expr: 'pg_connections_used > pg_slots_inactive' }, 'it compares with what is no number'],
  ['a rate of a gauge', { expr: 'rate(pg_transactions_longest_seconds[5m]) > 300' }, 'pg_transactions_longest_seconds is a gauge, and rate of a gauge says how fast it moves, not how high it is'],
  ['a sum of a gauge over time', { expr: 'sum_over_time(pg_connections_used[5m]) > 300' }, 'depends on how often it is read'],
  ['a counter without its growth', { expr: 'pg_deadlocks_total > 0' }, 'pg_deadlocks_total is a counter, which only ever grows; allowed: increase(pg_deadlocks_total[5m])'],
  ['a fingerprint itself', { expr: 'pg_configuration_fingerprint > 0' }, 'is a fingerprint, whose value says nothing'],
  ['a maximum that must be low', { expr: 'max by (salon_id) (salon_bookings_count) < 1' }, 'needs a series for each of them, but all are values of one series; allowed: min by'],
  ['an average of rows over time', { expr: 'avg_over_time(pg_slots_inactive[5m]) > 1' }, 'cannot be told for one row alone'],
  ['an aggregate over servers', { expr: 'max(pg_connections_used) > 1' }, 'has a series for each server, which an alarm cannot aggregate'],
  ['another statistic than AWS’s', { expr: 'max_over_time(aws_rds_cpuutilization_average[5m]) > 1' }, 'allowed: avg_over_time(aws_rds_cpuutilization_average[5m])'],
  ['metrics of different things', { expr: 'pg_connections_used / aws_rds_database_connections_sum > 1' }, 'its metrics stand for different things (server, proxy)'],
  ['a setting alone', { expr: 'rds_vcpus > 2' }, 'it compares settings and numbers alone, which never change'],
  ['a range over a setting', { expr: 'rate(rds_vcpus[5m]) > 2' }, 'rds_vcpus is a setting, a number that never moves'],
  ['a setting beside metrics of all servers', { expr: 'pg_configuration_pending_restart / rds_vcpus > 2' }, 'rds_vcpus is a setting of each server'],
  ['an event with a threshold', { expr: 'increase(aws_event_rds_failover_total[5m]) > 2' }, 'the expression asks more than whether it happened'],
  ['an event that lasts', { expr: 'increase(aws_event_rds_failover_total[5m]) > 0', for: '5m' }, 'is an event, which notifies once and has no state; "for" is 300 s'],
  ['an absent event', { expr: 'absent(aws_event_rds_failover_total)' }, 'the expression asks more than whether it happened'],
  ['an absent setting', { expr: 'absent(rds_vcpus)' }, 'rds_vcpus is a setting, which has no series'],
  ['a range of no whole minutes', { expr: 'increase(pg_deadlocks_total[90s]) > 0' }, 'the range is 90 s; allowed: whole minutes'],
  ['a range shorter than the metric’s period', { expr: 'max_over_time(rds_recovery_point_age_seconds[1m]) > 0' }, 'the range is 60 s; allowed: at least 300 s, the time between two values'],
  ['two ranges', { expr: 'increase(pg_cache_hits[5m]) / increase(pg_cache_reads[10m]) > 0' }, 'the ranges are 300 s and 600 s; allowed: one'],
  ['a range of over a day', { expr: 'increase(pg_deadlocks_total[25h]) > 0' }, 'the range is 90000 s; allowed: at most 86400 s'],
  ['too long a "for"', { for: '8d' }, '"for" is 691200 s, which takes 192 periods of 3600 s; allowed: 604800 s in all'],
  ['too long a "for" with short periods', { expr: 'increase(pg_deadlocks_total[10m]) > 0', for: '25h' }, 'which takes 150 periods of 600 s; allowed: 86400 s in all'],
  ['a sum whose period grows', { expr: 'aws_rds_database_connections_sum > 0', for: '1d' }, "is a sum of each 60 s, but the alarm's periods are of 3600 s"],
])('fails on %s', (_, rule, sentence) => {
  expect(() => compileRule(rule)).toThrow(UntranslatableAlerts);
  expect(() => compileRule(rule)).toThrow('alert Known: ');
  expect(() => compileRule(rule)).toThrow(sentence);
}); // prettier-ignore

test('fails on more than ten metrics', () => {
  expect(() => compile(parseAlerts(ruleFile({ expr: `${many} > 0` })), counters, FULL)).toThrow(
    'alert Known: it reads 11 metrics; allowed: at most 10',
  );
});

test('fails on a range that is shorter than the group’s interval', () => {
  const rule = { expr: 'increase(pg_deadlocks_total[5m]) > 0' };
  expect(() => compileRule(rule, FULL, { interval: '1h' })).toThrow(
    "the range is 300 s; allowed: at least 3600 s, the group's interval",
  );
});

test('fails where nobody would notice that a publisher is silent', () => {
  const alone = parseAlerts(ruleFile({ expr: 'pg_connections_used > 1' }));
  expect(() => compile(alone, METRIC_SOURCES, FULL)).toThrow(
    'alert Known takes missing values of the collector for healthy, but no alert watches the collector; add one with the expression absent(collector_passes)',
  );
  const overrides = { PostgreSQLInspectorMissing: { switchedOff: 'it is too loud' } };
  expect(() => compile(loadAlerts(), METRIC_SOURCES, { ...FULL, overrides })).toThrow('absent(inspector_passes)');
});

test('fails on overrides that match nothing or change what is not there', () => {
  const withOverride = (rule: Record<string, unknown>, overrides: CompileOverrides) => () =>
    compileRule(rule, { ...FULL, overrides });
  expect(withOverride({}, { PostgresDown: { for: '5m' } })).toThrow(
    'alerts.overrides of production has PostgresDown, which is no alert of alerts.yml; did you mean',
  );
  expect(withOverride({ expr: 'absent(pg_up)' }, { Known: { threshold: 1 } })).toThrow(
    'alert Known: alerts.overrides sets its threshold to 1; allowed: only where the expression compares once',
  );
  expect(withOverride({ expr: 'pg_connections_used > 1 < 9' }, { Known: { threshold: 1 } })).toThrow('compares once');
  const event = { expr: 'increase(aws_event_rds_failover_total[5m]) > 0' };
  expect(withOverride(event, { Known: { threshold: 2 } })).toThrow('alerts.overrides sets its threshold to 2');
  expect(withOverride(event, { Known: { for: '5m' } })).toThrow('"for" is 300 s');
});

test('says all faults at once', () => {
  const { groups } = JSON.parse(ruleFile({ expr: 'nothing > 0' })) as { groups: { rules: object[] }[] };
  const rules = groups.flatMap((group) => group.rules);
  const text = JSON.stringify({
    groups: [{ name: 'g', rules: [...rules, { ...rules[0], alert: 'Other', expr: 'pg_up' }] }],
  });
  expect(() => compile(parseAlerts(text), METRIC_SOURCES, FULL)).toThrow(
    /2 rule\(s\) that do not translate:\n {2}- alert Known: .*\n {2}- alert Other: /,
  );
});

type CompileOverrides = (typeof FULL)['overrides'];
