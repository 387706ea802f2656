import { loadAlerts } from '../../lib/monitoring/alerts';
import type { CompiledAlarm } from '../../lib/monitoring/compiler/compiled';
import { compile } from '../../lib/monitoring/compiler/compile';
import { compileContext } from '../../lib/monitoring/context';
import { METRIC_SOURCES } from '../../lib/monitoring/sources/metric-sources';
import { pagingAlarmsOf } from '../../lib/monitoring/paging';
import { loadEnvironment } from '../../lib/config';
import type { EnvironmentName } from '../../lib/config';

const compilation = (name: EnvironmentName) =>
  compile(loadAlerts(), METRIC_SOURCES, compileContext(loadEnvironment(name)));

test('production pages once for each component, and the primary’s outage is apart from the replicas’', () => {
  const pages = Object.fromEntries(
    pagingAlarmsOf(compilation('production')).map(({ name, alarmNames }) => [name, [...alarmNames].sort()]),
  );
  expect(pages).toEqual({
    outage: ['production-PostgreSQLDown-primary', 'production-PostgreSQLMetricsMissing'],
    replication: [
      'production-PostgreSQLDown-replica-1',
      'production-PostgreSQLDown-replica-2',
      'production-PostgreSQLReplicaBroken',
      'production-PostgreSQLReplicationLagCritical-replica-1',
      'production-PostgreSQLReplicationLagCritical-replica-2',
      'production-PostgreSQLReplicationStopped-replica-1',
      'production-PostgreSQLReplicationStopped-replica-2',
    ],
    maintenance: ['production-PostgreSQLTransactionIdWraparound-primary'],
    storage: [
      ...['PostgreSQLDiskSpaceCritical', 'PostgreSQLStorageNotGrowing'].flatMap((alert) =>
        ['primary', 'replica-1', 'replica-2'].map((server) => `production-${alert}-${server}`),
      ),
      'production-PostgreSQLStorageCannotGrow',
    ].sort(),
    ai: ['production-AICostSpike'],
    backup: [
      'production-PostgreSQLBackupFailed-NumberOfBackupJobsExpired',
      'production-PostgreSQLBackupFailed-NumberOfBackupJobsFailed',
      'production-PostgreSQLBackupMissing',
      'production-PostgreSQLRecoveryPointOld',
    ],
    security: ['production-PostgreSQLSecretRotationFailed'],
    notifications: ['critical', 'info', 'paging', 'warning'].map(
      (topic) => `production-NotificationDeliveryFailed-${topic}`,
    ),
  });
});

test('only what a dead primary brings with it is held back', () => {
  const held = pagingAlarmsOf(compilation('production')).filter(({ heldBackByOutage }) => heldBackByOutage);
  expect(held.map(({ name }) => name).sort()).toEqual(['backup', 'replication', 'security']);
});

test('every critical alert of every environment is in exactly one page, and no other alert is', () => {
  for (const name of ['dev', 'staging', 'production'] as const) {
    const { alarms, events } = compilation(name);
    const critical = [
      ...alarms.filter(({ severity }) => severity === 'critical').map(({ alarmName }) => alarmName),
      ...events.filter(({ severity }) => severity === 'critical').map(({ ruleName }) => ruleName),
    ];
    expect(critical.length).toBeGreaterThan(5);
    expect(
      pagingAlarmsOf({ alarms, events })
        .flatMap(({ alarmNames }) => alarmNames)
        .sort(),
    ).toEqual(critical.sort());
  }
});

test('fails for a page with more alarms than a composite alarm takes', () => {
  const [first] = compilation('production').alarms.filter(({ component }) => component === 'ai');
  const alarms = Array.from({ length: 101 }, (_, i): CompiledAlarm => {
    if (!first) throw new Error('production has no alarm of the component ai');
    return { ...first, severity: 'critical', alarmName: `production-Many-${i}` };
  });
  expect(() => pagingAlarmsOf({ alarms, events: [] })).toThrow(
    '101 alarms page for ai; allowed: 100, which is what a composite alarm takes',
  );
});
