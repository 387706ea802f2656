import { loadAlerts, parseAlerts } from '../../../lib/monitoring/alerts';
import { metricsOf } from '../../../lib/monitoring/compiler/arithmetic';
import { compile } from '../../../lib/monitoring/compiler/compile';
import type { Compilation } from '../../../lib/monitoring/compiler/compiled';
import { parseExpression } from '../../../lib/monitoring/compiler/expression';
import { type MetricName, METRIC_SOURCES } from '../../../lib/monitoring/sources/metric-sources';
import type { MetricSource } from '../../../lib/monitoring/sources/source';
import { BARE, compileRule, FULL, ruleFile } from '../../support/monitoring/alerts';

test('PostgreSQLDown becomes one alarm for each server', () => {
  const rule = loadAlerts().find(({ name }) => name === 'PostgreSQLDown');
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
    summary: rule?.summary,
    description: rule?.description,
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
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
    comparisonOperator: 'LessThanThreshold',
    threshold: 1,
    treatMissingData: 'notBreaching',
  });
});

/** Whether an environment with a primary only has what a metric is about. */
function existsWithPrimaryOnly(metric: string): boolean {
  const source: MetricSource = METRIC_SOURCES[metric as MetricName];
  if ('needs' in source && source.needs !== undefined) return false;
  if (source.from === 'vended' && ['proxy', 'cacheNode', 'vault', 'drillMachine'].includes(source.of)) return false;
  return !('servers' in source) || source.servers !== 'replicas';
}

const absentIn = ({ ledger }: Compilation) =>
  ledger.filter(({ outcome }) => outcome === 'absent').map(({ alert }) => alert);

test('every rule has an entry in the ledger, with its alarms and events', () => {
  const alerts = loadAlerts();
  const full = compile(alerts, METRIC_SOURCES, FULL);
  const names = alerts.map(({ name }) => name);
  expect(full.ledger.map(({ alert }) => alert)).toEqual(names);
  expect(compile(alerts, METRIC_SOURCES, BARE).ledger.map(({ alert }) => alert)).toEqual(names);
  expect(absentIn(full)).toEqual([]);
  expect(full.ledger.flatMap(({ becomes }) => becomes).sort()).toEqual(
    [...full.alarms.map(({ alarmName }) => alarmName), ...full.events.map(({ ruleName }) => ruleName)].sort(),
  );
});

test('in an environment with a primary only, a rule is absent where its metrics are about something else', () => {
  const absent = absentIn(compile(loadAlerts(), METRIC_SOURCES, BARE));
  const expected = loadAlerts().filter(({ expression }) =>
    parseExpression(expression)
      .flatMap(metricsOf)
      .some((metric) => !existsWithPrimaryOnly(metric)),
  );
  expect(absent).toEqual(expected.map(({ name }) => name));
  const examples = [
    ...['PostgreSQLReplicationLag', 'PostgreSQLReplicationLagCritical', 'PostgreSQLReplicationStopped'],
    ...['PostgreSQLReplicaBroken', 'PostgreSQLProxyPinning', 'PostgreSQLProxyBorrowLatencyHigh'],
    ...['PostgreSQLProxyRefusedLogins', 'PostgreSQLBackupMissing', 'PostgreSQLBackupFailed'],
    ...['PostgreSQLBackupCopyFailed', 'PostgreSQLRestoreFailed', 'RestoreDrillFailed'],
    ...['RestoreDrillRecoveryTimeHigh', 'RestoreDrillRecoveryPointOld', 'RestoreDrillOverdue'],
  ];
  expect(absent).toEqual(expect.arrayContaining(examples));
});

test('alarm names are unique', () => {
  const names = compile(loadAlerts(), METRIC_SOURCES, FULL).alarms.map(({ alarmName }) => alarmName);
  expect(new Set(names).size).toBe(names.length);
});

test('dimensions of vended metrics name resources that are known only at deployment', () => {
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
  const { alarms } = compileRule({
    expr: 'aws_backup_number_of_backup_jobs_failed_sum > 0 or aws_backup_number_of_backup_jobs_expired_sum > 0',
  });
  expect(alarms.map(({ alarmName }) => alarmName)).toEqual([
    'production-Known-NumberOfBackupJobsFailed',
    'production-Known-NumberOfBackupJobsExpired',
  ]);
});

test('an alarm on the log has its filter, with the environment in the namespace', () => {
  const { alarms, logFilters } = compileRule({ expr: 'sum_over_time(pg_log_refused_logins[5m]) > 10' });
  expect(alarms[0]?.metrics[0]).toMatchObject({ namespace: 'WhatsAppSaaS/PostgreSQL/production', dimensions: {} });
  expect(logFilters).toEqual([
    {
      source: 'pg_log_refused_logins',
      rare: false,
      pattern: METRIC_SOURCES.pg_log_refused_logins.pattern,
      namespace: 'WhatsAppSaaS/PostgreSQL/production',
    },
  ]);
});

test('an event becomes a rule', () => {
  const { events, ledger } = compileRule({ expr: 'increase(aws_event_rds_failover_total[5m]) > 0' });
  expect(events).toEqual([
    expect.objectContaining({
      kind: 'event',
      ruleName: 'production-Known',
      pattern: METRIC_SOURCES.aws_event_rds_failover_total.pattern,
    }),
  ]);
  expect(ledger[0]).toMatchObject({ outcome: 'replaced by an event', becomes: ['production-Known'] });
});

test('fails when no alarm would detect that a publisher is silent', () => {
  const alone = parseAlerts(ruleFile({ expr: 'pg_connections_used > 1' }));
  expect(() => compile(alone, METRIC_SOURCES, FULL)).toThrow(
    'alert Known treats missing values of the collector as healthy, but no alert watches the collector; add one with the expression absent(collector_passes)',
  );
  const overrides = {
    PostgreSQLInspectorMissing: { switchedOff: 'it fires too often' },
  };
  expect(() => compile(loadAlerts(), METRIC_SOURCES, { ...FULL, overrides })).toThrow('absent(inspector_passes)');
});

test('fails when another alarm than that of its heartbeat would tell of a dead publisher', () => {
  const silent = { missingData: 'breaching', firstValueMinutes: 30 } as const;
  const sources = {
    ...METRIC_SOURCES,
    pg_up: { ...METRIC_SOURCES.pg_up, ...silent },
    rds_ca_certificate_days: { ...METRIC_SOURCES.rds_ca_certificate_days, ...silent },
  };
  const compiled = () => compile(loadAlerts(), sources, FULL);
  expect(compiled).toThrow(
    'alert PostgreSQLDown: missing values of pg_up make it fire, so it would fire when the collector is down; allowed: absent(collector_passes) for that',
  );
  expect(compiled).toThrow(
    'alert PostgreSQLCertificateExpiring: missing values of rds_ca_certificate_days make it fire',
  );
});

test('absent_over_time beside a count is the alarm of the count, where missing data counts as breaching', () => {
  const count = 'aws_backup_number_of_backup_jobs_completed_sum';
  const plain = compileRule({ expr: `sum_over_time(${count}[25h]) < 1`, for: '1h' });
  const both = compileRule({ expr: `sum_over_time(${count}[25h]) < 1 or absent_over_time(${count}[25h])`, for: '1h' });
  expect(both.alarms).toEqual(plain.alarms);
  expect(both.ledger[0]?.note).toContain(`for absent_over_time there is no other alarm: missing data of \`${count}\``);
});

test.each([
  'absent_over_time(pg_slots_inactive[1h])',
  'pg_slots_inactive > 0 or absent_over_time(pg_slots_inactive[1h])',
  'sum_over_time(aws_backup_number_of_backup_jobs_failed_sum[1h]) > 0 or absent_over_time(aws_backup_number_of_backup_jobs_failed_sum[1h])',
])('%s has no alarm of its own', (expr) => {
  expect(() => compileRule({ expr })).toThrow('has no alarm of its own; allowed: after "or", beside a count');
});

test('reports all faults at once', () => {
  const { groups } = JSON.parse(ruleFile({ expr: 'nothing > 0' })) as { groups: { rules: object[] }[] };
  const rules = groups.flatMap((group) => group.rules);
  const text = JSON.stringify({
    groups: [{ name: 'g', rules: [...rules, { ...rules[0], alert: 'Other', expr: 'pg_up' }] }],
  });
  expect(() => compile(parseAlerts(text), METRIC_SOURCES, FULL)).toThrow(
    /2 rule\(s\) that do not translate:\n {2}- alert Known: .*\n {2}- alert Other: /,
  );
});
