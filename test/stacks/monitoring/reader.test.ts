import { loadAlerts } from '../../../lib/monitoring/alerts';
import {
  find as findIn,
  onlyOne,
  type Properties,
  synthesize,
  synthesizeProductionWith,
  type Templates,
} from '../../support/synth';

let production: Templates;
beforeAll(() => {
  production = synthesize('production');
});
const find = (type: string) => findIn(production.monitoring, type);

test('the reader’s name is weighted over the replicas, without those that are down or minutes behind', () => {
  const records = Object.values(find('AWS::Route53::RecordSet'));
  expect(records.map(({ SetIdentifier }) => SetIdentifier)).toEqual(['replica-1', 'replica-2']);
  const checks = find('AWS::Route53::HealthCheck');
  for (const record of records) {
    expect(record).toMatchObject({
      Name: 'reader.production.whatsapp-saas.internal.',
      Type: 'CNAME',
      TTL: '10',
      Weight: 100,
    });
    const joined = checks[(record['HealthCheckId'] as { Ref: string }).Ref]?.['HealthCheckConfig'] as Properties;
    expect(joined).toMatchObject({ Type: 'CALCULATED', HealthThreshold: 2 });
    const followed = (joined['ChildHealthChecks'] as { Ref: string }[]).map(
      ({ Ref }) => checks[Ref]?.['HealthCheckConfig'] as Properties,
    );
    const alarmById = find('AWS::CloudWatch::Alarm');
    const watched = followed.map(({ Type, InsufficientDataHealthStatus, AlarmIdentifier }) => {
      expect(Type).toBe('CLOUDWATCH_METRIC');
      expect(InsufficientDataHealthStatus).toBe('Healthy');
      const { Name, Region } = AlarmIdentifier as { Name: { Ref: string }; Region: string };
      expect(Region).toBe('us-east-1');
      const found = alarmById[Name.Ref];
      // Route 53 follows neither metric math nor "M out of N" alarms.
      expect(found).not.toHaveProperty('Metrics');
      expect(found).not.toHaveProperty('DatapointsToAlarm');
      return found?.['AlarmName'];
    });
    expect(watched).toEqual(
      ['PostgreSQLDown', 'PostgreSQLReplicationLagCritical'].map(
        (alert) => `production-${alert}-${String(record['SetIdentifier'])}`,
      ),
    );
  }
});

test('a changed alarm gets a new health check, because a check keeps the settings that its alarm had', () => {
  const overrides = { PostgreSQLReplicationLagCritical: { threshold: 600 } };
  const changed = synthesizeProductionWith({ alerts: { overrides } }).monitoring;
  const ids = (template: Templates['monitoring']) => Object.keys(findIn(template, 'AWS::Route53::HealthCheck'));
  const before = ids(production.monitoring);
  const gone = before.filter((id) => !ids(changed).includes(id));
  expect(gone).toHaveLength(2);
  for (const id of gone) expect(id).toContain('PostgreSQLReplicationLagCritical');
});

test('the synthesis fails on an alarm that Route 53 cannot follow', () => {
  const alerts = loadAlerts().map((alert) =>
    alert.name === 'PostgreSQLReplicationLagCritical'
      ? { ...alert, expression: 'replication_lag_lag_seconds > 300 < 9000' }
      : alert,
  );
  expect(() => synthesizeProductionWith({}, alerts)).toThrow(
    /^alarm production-PostgreSQLReplicationLagCritical-replica-1 reads .*, and a health check of Route 53 cannot follow it; allowed: one metric, all periods$/,
  );
});

test('the reader’s name is the primary where there is no replica, without a check', () => {
  const record = onlyOne(findIn(synthesize('dev').monitoring, 'AWS::Route53::RecordSet'));
  expect(record).toMatchObject({ SetIdentifier: 'primary', Name: 'reader.dev.whatsapp-saas.internal.' });
  expect(record).not.toHaveProperty('HealthCheckId');
});

test('the synthesis fails when alerts.yml has no alert that the records follow', () => {
  const alerts = loadAlerts().filter(({ name }) => name !== 'PostgreSQLReplicationLagCritical');
  expect(() => synthesizeProductionWith({}, alerts)).toThrow('PostgreSQLReplicationLagCritical');
});
