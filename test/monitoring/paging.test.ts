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

const ofProduction = Object.fromEntries(
  pagingAlarmsOf(compilation('production')).map(({ name, alarmNames }) => [name, alarmNames]),
);

test.each([
  ['outage', ['production-PostgreSQLDown-primary', 'production-PostgreSQLMetricsMissing']],
  [
    'replication',
    [
      'production-PostgreSQLDown-replica-1',
      'production-PostgreSQLDown-replica-2',
      'production-PostgreSQLReplicaBroken',
      'production-PostgreSQLReplicationLagCritical-replica-1',
      'production-PostgreSQLReplicationLagCritical-replica-2',
      'production-PostgreSQLReplicationStopped-replica-1',
      'production-PostgreSQLReplicationStopped-replica-2',
    ],
  ],
  ['maintenance', ['production-PostgreSQLTransactionIdWraparound-primary']],
  [
    'storage',
    [
      ...['PostgreSQLDiskSpaceCritical', 'PostgreSQLStorageNotGrowing'].flatMap((alert) =>
        ['primary', 'replica-1', 'replica-2'].map((server) => `production-${alert}-${server}`),
      ),
      'production-PostgreSQLStorageCannotGrow',
    ],
  ],
  ['ai', ['production-AICostSpike']],
  ['backup', ['production-PostgreSQLBackupMissing', 'production-PostgreSQLRecoveryPointOld']],
  [
    'backup-events',
    [
      'production-PostgreSQLBackupFailed-NumberOfBackupJobsExpired',
      'production-PostgreSQLBackupFailed-NumberOfBackupJobsFailed',
    ],
  ],
  ['security', ['production-PostgreSQLSecretRotationFailed', 'production-PostgreSQLMasterSecretRead']],
  [
    'notifications',
    ['critical', 'info', 'paging', 'warning'].map((topic) => `production-NotificationDeliveryFailed-${topic}`),
  ],
])('the paging alarm %s has the alarms of its component', (name, alarmNames) => {
  expect(ofProduction[name]).toEqual(expect.arrayContaining(alarmNames));
});

test('a paging alarm stands for one component; those of the database are split into outage and replication', () => {
  const { alarms, events } = compilation('production');
  const components = new Map<string, string>([
    ...alarms.map(({ alarmName, component }) => [alarmName, component] as const),
    ...events.map(({ ruleName, component }) => [ruleName, component] as const),
  ]);
  for (const [name, alarmNames] of Object.entries(ofProduction)) {
    const found = [...new Set(alarmNames.map((alarmName) => components.get(alarmName)))].sort();
    const expected = { outage: ['database'], replication: ['database', 'replication'], 'backup-events': ['backup'] };
    expect(found).toEqual(expected[name as keyof typeof expected] ?? [name]);
  }
});

test('the primary’s outage is apart from the replicas’', () => {
  expect(ofProduction['outage']).not.toEqual(expect.arrayContaining([expect.stringContaining('replica-')]));
  expect(ofProduction['replication']).not.toEqual(expect.arrayContaining([expect.stringContaining('-primary')]));
});

test('only the consequences of a dead primary are held back', () => {
  const held = pagingAlarmsOf(compilation('production')).filter(({ heldBackByOutage }) => heldBackByOutage);
  expect(held.map(({ name }) => name).sort()).toEqual(['backup', 'replication']);
});

test('what happens once is never held back, because its alarm clears and the page would be lost', () => {
  const { alarms, events, ledger } = compilation('production');
  const [event] = events.filter(({ severity }) => severity === 'critical');
  const asReplication = { ...event!, component: 'replication', ruleName: 'production-Once' };
  const paging = pagingAlarmsOf({ alarms, events: [...events, asReplication], ledger });
  const held = paging.filter(({ heldBackByOutage }) => heldBackByOutage).flatMap(({ alarmNames }) => alarmNames);
  const counts = alarms.filter(
    ({ treatMissingData, metrics }) =>
      treatMissingData === 'notBreaching' && metrics.every(({ statistic }) => statistic === 'Sum'),
  );
  const once = [
    ...events.map(({ ruleName }) => ruleName),
    ...counts.map(({ alarmName }) => alarmName),
    'production-Once',
  ];
  expect(held.filter((name) => once.includes(name))).toEqual([]);
  expect(paging.find(({ name }) => name === 'replication-events')?.alarmNames).toEqual(['production-Once']);
});

test('every critical alert of every environment is in exactly one paging alarm, and no other alert is', () => {
  for (const name of ['dev', 'staging', 'production'] as const) {
    const { alarms, events, ledger } = compilation(name);
    const critical = [
      ...alarms.filter(({ severity }) => severity === 'critical').map(({ alarmName }) => alarmName),
      ...events.filter(({ severity }) => severity === 'critical').map(({ ruleName }) => ruleName),
    ];
    expect(critical.length).toBeGreaterThan(5);
    expect(
      pagingAlarmsOf({ alarms, events, ledger })
        .flatMap(({ alarmNames }) => alarmNames)
        .sort(),
    ).toEqual(critical.sort());
  }
});

test('fails for a paging alarm with more alarms than a composite alarm takes', () => {
  const [first] = compilation('production').alarms.filter(({ component }) => component === 'ai');
  const alarms = Array.from({ length: 101 }, (_, i): CompiledAlarm => {
    if (!first) throw new Error('production has no alarm of the component ai');
    return { ...first, severity: 'critical', alarmName: `production-Many-${i}` };
  });
  const { ledger } = compilation('production');
  expect(() => pagingAlarmsOf({ alarms, events: [], ledger })).toThrow(
    'the paging alarm ai has 101 alarms; allowed: 100, the limit of a composite alarm',
  );
});

test('fails when no alert has a component that this project names', () => {
  const { ledger, ...rest } = compilation('production');
  const renamed = ledger.map((entry) => ({
    ...entry,
    component: entry.component === 'backup' ? 'safety' : entry.component,
  }));
  expect(() => pagingAlarmsOf({ ...rest, ledger: renamed })).toThrow(
    'lib/monitoring/paging.ts names the component backup, which no alert of alerts.yml has; allowed: database, ',
  );
});
