import { METRIC_NAMESPACE } from '../../../lib/contract/metrics';
import { METRIC_SOURCES, type MetricName } from '../../../lib/monitoring/sources/metric-sources';
import { find as findIn, onlyOne, type Properties } from '../../support/synth';
import { alarm, alarms, compilation, find, production, topic } from './production';

/** Whether a value is the reference to another stack's resource, and nothing else. */
function isReferenceTo(id: string, value: unknown): boolean {
  const [text = '', variables = {}] = (value as { 'Fn::Sub'?: [string, Record<string, unknown>] })['Fn::Sub'] ?? [];
  const [[name, output] = []] = Object.entries(variables);
  return text === `\${${name}}` && JSON.stringify(output).includes(`"PublishOutputRef${id}`);
}

test('alarms on AWS’s own metrics name the resource itself', () => {
  const dimension = (name: string) => alarm(`production-${name}`)['Dimensions'];
  const [replica] = dimension('PostgreSQLCpuHigh-replica-1') as { Name: string; Value: unknown }[];
  expect(replica?.Name).toBe('DBInstanceIdentifier');
  expect(isReferenceTo('DatabaseReplica1', replica?.Value)).toBe(true);
  expect(dimension('NotificationDeliveryFailed-paging')).toEqual([
    { Name: 'TopicName', Value: { 'Fn::GetAtt': [topic('Paging').Ref, 'TopicName'] } },
  ]);
  const [queue] = Object.keys(find('AWS::SQS::Queue'));
  expect(dimension('NotificationsInDeadLetterQueue')).toEqual([
    { Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } },
  ]);
  const [proxy] = dimension('PostgreSQLProxyBorrowLatencyHigh') as { Name: string; Value: unknown }[];
  expect(proxy?.Name).toBe('ProxyName');
  expect(isReferenceTo('AccessProxy', proxy?.Value)).toBe(true);
  expect(JSON.stringify(alarm('production-PostgreSQLBackupMissing'))).toContain('BackupsVault');
});

test('alarms that let missing data pass rest on the heartbeat of their publisher, which does not', () => {
  const metricNames = (found: Properties): string[] => {
    const queries = (found['Metrics'] ?? [{ MetricStat: { Metric: found } }]) as {
      MetricStat?: { Metric: Properties };
    }[];
    return queries.flatMap(({ MetricStat }) =>
      MetricStat?.Metric['Namespace'] === METRIC_NAMESPACE ? [String(MetricStat.Metric['MetricName'])] : [],
    );
  };
  const heartbeats = { collector: 'PostgreSQLMetricsMissing', inspector: 'PostgreSQLInspectorMissing' };
  const publishers = new Set(
    alarms()
      .filter(({ TreatMissingData }) => TreatMissingData !== 'breaching')
      .flatMap(metricNames)
      .map((name) => METRIC_SOURCES[name as MetricName].from),
  );
  // No drill or job for days is no fault; the inspector, which has a heartbeat, says when one is overdue.
  expect([...publishers].sort()).toEqual(['collector', 'drill', 'inspector', 'job']);
  expect(alarm('production-CareOverdue')).toMatchObject({ MetricName: 'care_overdue_days' });
  expect(alarm('production-RestoreDrillOverdue')).toMatchObject({ MetricName: 'drill_overdue_days' });
  for (const [publisher, heartbeat] of Object.entries(heartbeats)) {
    expect(alarm(`production-${heartbeat}`)).toMatchObject({
      Namespace: METRIC_NAMESPACE,
      MetricName: `${publisher}_passes`,
      TreatMissingData: 'breaching',
    });
  }
});

test('the errors of each secret’s rotation function are watched, so that a failed rotation shows without a trail', () => {
  const functions = (['database', 'access'] as const).map((stack) => {
    expect(Object.keys(findIn(production()[stack], 'AWS::SecretsManager::RotationSchedule'))).toHaveLength(1);
    const { Parameters } = onlyOne(findIn(production()[stack], 'AWS::Serverless::Application'));
    return (Parameters as { functionName: string }).functionName;
  });
  const alarmOf = (secret: string) => alarm(`production-PostgreSQLSecretRotationFailed-${secret}`);
  expect(['master', 'application'].map((secret) => alarmOf(secret)['Dimensions'])).toEqual(
    functions.map((name) => [{ Name: 'FunctionName', Value: name }]),
  );
  for (const secret of ['master', 'application']) {
    expect(alarmOf(secret)).toMatchObject({
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Statistic: 'Sum',
      Threshold: 0,
      AlarmActions: [topic('Critical')],
    });
  }
});

test.each([
  ['refused log-ins', 'PostgreSQLUnauthorizedAccessAttempts', 0],
  ['log-ins of the master user', 'PostgreSQLMasterLogin', undefined],
  ['changes of privileges', 'PostgreSQLPrivilegesChanged', undefined],
])('%s are counted in every server’s log, in one metric', (_, name, DefaultValue) => {
  const [reader] = compilation().alarms.filter(({ alert }) => alert === name);
  const metric = reader?.metrics[0];
  const filters = Object.values(find('AWS::Logs::MetricFilter')).filter(({ MetricTransformations }) =>
    JSON.stringify(MetricTransformations).includes(`"${metric?.metricName}"`),
  );
  expect(filters).toHaveLength(3);
  const groups = filters.map(({ LogGroupName }) => JSON.stringify(LogGroupName));
  for (const server of ['Primary', 'Replica1', 'Replica2'])
    expect(
      groups.filter((group) => group.includes(`RefDatabase${server}`) && group.includes('/postgresql')),
    ).toHaveLength(1);
  for (const { MetricTransformations } of filters) {
    expect(MetricTransformations).toEqual([
      {
        MetricName: metric?.metricName,
        MetricNamespace: metric?.namespace,
        MetricValue: '1',
        ...(DefaultValue !== undefined && { DefaultValue }),
      },
    ]);
  }
});
