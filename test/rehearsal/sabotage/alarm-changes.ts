import type { Change } from './change';

const alert = (name: string, what: string, find: string, replace: string, says = new RegExp(name)): Change => ({
  what: `${name}: ${what}`,
  file: 'lib/monitoring/alerts.yml',
  after: `- alert: ${name}\n`,
  find,
  replace,
  says,
});

const query = (name: string, what: string, find: string, replace: string, says: RegExp): Change => ({
  what: `query ${name}: ${what}`,
  file: 'lib/monitoring/custom-queries.yaml',
  after: `\n${name}:\n`,
  find,
  replace,
  says,
});

/** Changes of alarms and notifications. */
const NOTIFICATIONS: readonly Change[] = [
  alert('PostgreSQLCpuHigh', 'a threshold 1.3 times as high', '> 90', '> 117'),
  alert('HighMessageFailureRate', 'a threshold 1.3 times as high', '> 0.05', '> 0.065'),
  alert('PostgreSQLReplicationLag', 'a threshold 1.3 times as low', '> 60', '> 46'),
  alert('PostgreSQLDown', 'only a warning', 'severity: critical', 'severity: warning'),
  alert('PostgreSQLDown', 'it waits twenty minutes', 'for: 2m', 'for: 20m'),
  alert('PostgreSQLSessionsBlocked', 'compared the other way round', '> 5', '< 5'),
  alert('PostgreSQLSwapHigh', 'it reads another metric', 'aws_rds_swap_usage_average', 'aws_rds_dbload_average'),
  {
    what: 'missing values do not count as missing',
    file: 'lib/monitoring/compiler/condition/missing-data.ts',
    find: "  value: 'breaching',",
    replace: "  value: 'notBreaching',",
    says: /PostgreSQLBackupMissing|PostgreSQLMetricsMissing/,
  },
  {
    what: 'alarms without actions',
    file: 'lib/constructs/monitoring/alert-set.ts',
    find: '      alarmName: compiled.alarmName,',
    replace: '      alarmName: compiled.alarmName,\n      actionsEnabled: false,',
    says: /actions of .* are disabled/,
  },
  {
    what: 'nobody is notified that an alarm is over',
    file: 'lib/constructs/notifications/alarm-actions.ts',
    find: '  alarm.addOkAction(...actions);\n',
    replace: '',
    says: /OKActions of .* notify nobody/,
  },
  {
    what: 'paging alarms on children that are fine',
    file: 'lib/constructs/notifications/paging.ts',
    find: 'AlarmState.ALARM)',
    replace: 'AlarmState.OK)',
    says: /page-outage/,
  },
  {
    what: 'paging alarms that need all of their children',
    file: 'lib/constructs/notifications/paging.ts',
    find: 'AlarmRule.anyOf',
    replace: 'AlarmRule.allOf',
    says: /page-outage/,
  },
  {
    what: 'paging alarms that notify another topic',
    file: 'lib/constructs/notifications/paging.ts',
    find: 'topics.byName.paging',
    replace: 'topics.byName.info',
    says: /page-\w+ notify Info/,
  },
  {
    what: 'an outage does not hold back what it explains',
    file: 'lib/constructs/notifications/paging.ts',
    find: '          actionsSuppressor: outage,\n          actionsSuppressorWaitPeriod: WAIT_FOR_OUTAGE,\n          actionsSuppressorExtensionPeriod: AFTER_OUTAGE,\n',
    replace: '',
    says: /page-(replication|backup)/,
  },
  {
    what: 'a rule for other events',
    file: 'lib/monitoring/sources/events.ts',
    find: "'RDS-EVENT-0013', 'RDS-EVENT-0015', 'RDS-EVENT-0049'",
    replace: "'RDS-EVENT-0004'",
    says: /PostgreSQLFailover/,
  },
  {
    what: 'a rule that also matches failed calls',
    file: 'lib/monitoring/sources/events.ts',
    find: ', errorCode: [{ exists: false }]',
    replace: '',
    says: /matches/,
  },
];

/** Changes of what is measured. */
const METRICS: readonly Change[] = [
  {
    what: 'a metric of AWS under another name',
    file: 'lib/monitoring/sources/vended.ts',
    find: "metricName: 'FreeableMemory'",
    replace: "metricName: 'FreeMemory'",
    says: /PostgreSQLMemoryLow.*FreeMemory/,
  },
  {
    what: 'another statistic of a metric of AWS',
    file: 'lib/monitoring/sources/vended.ts',
    after: '  aws_rds_freeable_memory_minimum: {',
    find: "statistic: 'Minimum'",
    replace: "statistic: 'SampleCount'",
    says: /PostgreSQLMemoryLow/,
  },
  {
    what: 'another dimension in the collector than in the alarms',
    file: 'lambda/shared/metric-data.ts',
    find: "Name: 'Server', Value: server",
    replace: "Name: 'Instance', Value: server",
    says: /PostgreSQLDown|pg_up/,
  },
  query(
    'booking_conflicts',
    'no rows',
    'crowded.parallel > usual.parallel',
    'crowded.parallel > 1000',
    /HighBookingConflictRate/,
  ),
  query(
    'pg_transactions',
    'another unit',
    'EXTRACT(epoch FROM now() - xact_start)',
    'EXTRACT(epoch FROM now() - xact_start) / 60',
    /PostgreSQLHighQueryDuration|longest_seconds/,
  ),
  query('replication_lag', 'always 0', 'GREATEST(0,', 'LEAST(0,', /PostgreSQLReplicationLag/),
  query('pg_slots', 'the others are counted', 'WHERE NOT active', 'WHERE active', /PostgreSQLReplicationSlotInactive/),
  {
    what: 'counters are not kept',
    file: 'lambda/collector/count.ts',
    find: 'return value < last ? value : value - last;',
    replace: 'return 0;',
    says: /PostgreSQLDeadlocks|PostgreSQLChecksumFailed/,
  },
  {
    what: 'a filter that no line of the log matches',
    file: 'lib/monitoring/sources/logs.ts',
    find: '?"password authentication failed"',
    replace: '?"password authentication refused"',
    says: /PostgreSQLUnauthorizedAccessAttempts/,
  },
];

/** Changes of alarms and of what they read. */
export const ALARM_CHANGES: readonly Change[] = [...NOTIFICATIONS, ...METRICS];
