import { Match } from 'aws-cdk-lib/assertions';
import { loadAlerts } from '../../lib/monitoring/alerts';
import type { Compilation } from '../../lib/monitoring/compiler/compiled';
import { compile } from '../../lib/monitoring/compiler/compile';
import { compileContext } from '../../lib/monitoring/context';
import { METRIC_SOURCES, type MetricName } from '../../lib/monitoring/sources/metric-sources';
import { ENVIRONMENT_NAMES, loadEnvironment } from '../../lib/config';
import {
  find as findIn,
  onlyOne,
  type Properties,
  synthesize,
  synthesizeProductionWith,
  type Templates,
} from '../support/synth';

const NAMESPACE = 'WhatsAppSaaS/PostgreSQL';
let production: Templates;
let compilation: Compilation;
beforeAll(() => {
  production = synthesize('production');
  compilation = compile(loadAlerts(), METRIC_SOURCES, compileContext(loadEnvironment('production')));
});

const find = (type: string, properties: object = {}) => findIn(production.monitoring, type, properties);
const alarms = () => Object.values(find('AWS::CloudWatch::Alarm'));
const alarm = (name: string) => onlyOne(find('AWS::CloudWatch::Alarm', { AlarmName: name }));
/** Reference to the topic of a name. */
const topic = (name: string) => ({ Ref: onlyOne(topicIds(name)) });
const topicIds = (name: string) =>
  Object.fromEntries(
    Object.keys(find('AWS::SNS::Topic'))
      .filter((id) => id.startsWith(`Topics${name}`))
      .map((id) => [id, id]),
  );

/** What another stack says of a resource. */
const outputOf = (id: string): unknown => ({
  'Fn::GetStackOutput': expect.objectContaining({
    OutputName: expect.stringContaining(`Ref${id}`) as string,
  }) as object,
});

describe('alarms', () => {
  test('are those of the rules, with one for each critical event', () => {
    const critical = compilation.events.filter(({ severity }) => severity === 'critical');
    const expected = [
      ...compilation.alarms.map(({ alarmName }) => alarmName),
      ...critical.map(({ ruleName }) => ruleName),
    ];
    expect(alarms().map(({ AlarmName }) => AlarmName)).toEqual(expect.arrayContaining(expected));
    expect(alarms()).toHaveLength(expected.length);
    expect(expected.length).toBeGreaterThan(60);
  });

  test('tell their severity’s topic of ALARM and OK, name their runbook, and say what missing data mean', () => {
    for (const compiled of compilation.alarms) {
      const found = alarm(compiled.alarmName);
      const name = compiled.severity.charAt(0).toUpperCase() + compiled.severity.slice(1);
      expect(found['AlarmActions']).toContainEqual(topic(name));
      expect(found['AlarmActions']).not.toContainEqual(topic('Paging'));
      expect(found['OKActions']).toEqual(found['AlarmActions']);
      expect(found['AlarmDescription']).toBe(
        [
          compiled.summary,
          compiled.description,
          `Severity: ${compiled.severity}`,
          ...(compiled.severity === 'critical'
            ? ['Contact: Primary DBA: [name, to be filled in], [phone, to be filled in]']
            : []),
          `Runbook: lib/runbooks/${compiled.alert}.md`,
        ].join('\n'),
      );
      expect(found['TreatMissingData']).toBe(compiled.treatMissingData);
    }
  });

  test('compare what the compiler says', () => {
    for (const compiled of compilation.alarms) {
      const found = alarm(compiled.alarmName);
      expect(found).toMatchObject({
        Threshold: compiled.threshold,
        ComparisonOperator: compiled.comparisonOperator,
        EvaluationPeriods: compiled.evaluationPeriods,
      });
      expect(found['DatapointsToAlarm'] ?? compiled.evaluationPeriods).toBe(compiled.datapointsToAlarm);
      const queries = found['Metrics'] as Properties[] | undefined;
      if (compiled.expression === undefined) {
        const [metric] = compiled.metrics;
        expect(found).toMatchObject({
          Namespace: metric?.namespace,
          MetricName: metric?.metricName,
          Statistic: metric?.statistic,
          Period: compiled.periodSeconds,
        });
      } else {
        const [returned, ...others] = queries?.filter(({ ReturnData }) => ReturnData !== false) ?? [];
        expect(others).toEqual([]);
        expect(returned?.['Expression']).toBe(compiled.expression);
        expect(
          queries
            ?.filter(({ MetricStat }) => MetricStat !== undefined)
            .map(({ Id, MetricStat, ReturnData }) => [
              Id,
              (MetricStat as { Stat: string; Period: number }).Stat,
              (MetricStat as { Period: number }).Period,
              ReturnData,
            ]),
        ).toEqual(compiled.metrics.map(({ id, statistic }) => [id, statistic, compiled.periodSeconds, false]));
      }
    }
  });

  test('on AWS’s own metrics name the resource itself', () => {
    const dimension = (name: string) => alarm(`production-${name}`)['Dimensions'];
    expect(dimension('PostgreSQLCpuHigh-replica-1')).toEqual([
      { Name: 'DBInstanceIdentifier', Value: outputOf('DatabaseReplica1') },
    ]);
    expect(dimension('NotificationDeliveryFailed-paging')).toEqual([
      { Name: 'TopicName', Value: { 'Fn::GetAtt': [topic('Paging').Ref, 'TopicName'] } },
    ]);
    const [queue] = Object.keys(find('AWS::SQS::Queue'));
    expect(dimension('NotificationsInDeadLetterQueue')).toEqual([
      { Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } },
    ]);
    expect(dimension('PostgreSQLProxyBorrowLatencyHigh')).toEqual([
      { Name: 'ProxyName', Value: outputOf('DatabaseProxy') },
    ]);
    expect(JSON.stringify(alarm('production-PostgreSQLBackupMissing'))).toContain('BackupsVault');
  });

  test('that let missing data pass rest on the heartbeat of their publisher, which does not', () => {
    const metricNames = (found: Properties): string[] => {
      const queries = (found['Metrics'] ?? [{ MetricStat: { Metric: found } }]) as { MetricStat?: { Metric: Properties } }[]; // prettier-ignore
      return queries.flatMap(({ MetricStat }) =>
        MetricStat?.Metric['Namespace'] === NAMESPACE ? [String(MetricStat.Metric['MetricName'])] : [],
      );
    };
    const heartbeats = { collector: 'PostgreSQLMetricsMissing', inspector: 'PostgreSQLInspectorMissing' };
    const publishers = new Set(
      alarms()
        .filter(({ TreatMissingData }) => TreatMissingData !== 'breaching')
        .flatMap(metricNames)
        .map((name) => METRIC_SOURCES[name as MetricName].from),
    );
    // No drill for days is no fault; the inspector, which has a heartbeat, tells when one is overdue.
    expect([...publishers].sort()).toEqual(['collector', 'drill', 'inspector']);
    expect(alarm('production-RestoreDrillOverdue')).toMatchObject({ MetricName: 'drill_overdue_days' });
    for (const [publisher, heartbeat] of Object.entries(heartbeats)) {
      expect(alarm(`production-${heartbeat}`)).toMatchObject({
        Namespace: NAMESPACE,
        MetricName: `${publisher}_passes`,
        TreatMissingData: 'breaching',
      });
    }
  });

  test('keep their logical ids when the rules change their order', () => {
    const ids = (template: Templates['monitoring']) => Object.keys(findIn(template, 'AWS::CloudWatch::Alarm')).sort();
    expect(ids(synthesizeProductionWith({}, [...loadAlerts()].reverse()).monitoring)).toEqual(
      ids(production.monitoring),
    );
  });
});

describe('pages', () => {
  test('alone tell the paging topic, when they begin and when they are over', () => {
    const composites = Object.values(find('AWS::CloudWatch::CompositeAlarm'));
    expect(composites.map(({ AlarmName }) => AlarmName).sort()).toEqual(
      ['ai', 'backup', 'maintenance', 'notifications', 'outage', 'replication', 'security', 'storage'].map(
        (name) => `production-page-${name}`,
      ),
    );
    for (const composite of composites) {
      expect(composite['AlarmActions']).toEqual([topic('Paging')]);
      expect(composite['OKActions']).toEqual([topic('Paging')]);
      expect(composite['AlarmDescription']).toContain('lib/runbooks/');
    }
  });

  test('for what an outage explains wait for it, and a full disk does not', () => {
    const [outage] = Object.keys(find('AWS::CloudWatch::CompositeAlarm', { AlarmName: 'production-page-outage' }));
    const suppressed = Object.values(
      find('AWS::CloudWatch::CompositeAlarm', { ActionsSuppressor: { 'Fn::GetAtt': [outage, 'Arn'] } }),
    );
    expect(suppressed.map(({ AlarmName }) => AlarmName).sort()).toEqual(
      ['backup', 'replication', 'security'].map((name) => `production-page-${name}`),
    );
    for (const composite of suppressed) {
      expect(composite).toMatchObject({ ActionsSuppressorWaitPeriod: 120, ActionsSuppressorExtensionPeriod: 300 });
    }
  });

  test('go off with any of their alarms, events included', () => {
    const rule = JSON.stringify(
      onlyOne(find('AWS::CloudWatch::CompositeAlarm', { AlarmName: 'production-page-storage' }))['AlarmRule'],
    );
    const [event] = Object.keys(
      find('AWS::CloudWatch::Alarm', { AlarmName: 'production-PostgreSQLStorageCannotGrow' }),
    );
    expect(rule).toContain(`["${event}","Arn"]`);
    expect(rule.match(/ALARM\(/g)).toHaveLength(7);
    expect(rule.match(/ OR /g)).toHaveLength(6);
  });
});

describe('events', () => {
  test('become rules of the alert’s name, for our servers, secrets and vaults alone', () => {
    const rules = Object.values(find('AWS::Events::Rule', { Name: Match.anyValue() }));
    expect(rules.map(({ Name }) => Name)).toEqual(compilation.events.map(({ ruleName }) => ruleName));
    for (const rule of rules) {
      const pattern = rule['EventPattern'] as { source: string[]; resources?: unknown[]; detail: Properties };
      if (pattern.source[0] === 'aws.rds') {
        expect(pattern.resources).toHaveLength(3);
        for (const server of ['Primary', 'Replica1', 'Replica2'])
          expect(JSON.stringify(pattern.resources)).toContain(`RefDatabase${server}`);
        expect(pattern.detail).toHaveProperty('EventID');
      } else if (pattern.source[0] === 'aws.backup') {
        const none = [{ exists: false }];
        const vaults = (['Vault', 'ContinuousVault'] as const).map((vault) => ({ 'Fn::GetStackOutput': expect.objectContaining({ OutputName: expect.stringContaining(`Backups${vault}`) as unknown }) as unknown })); // prettier-ignore
        expect(pattern.detail['$or']).toEqual([
          { sourceBackupVaultArn: vaults },
          { backupVaultArn: vaults },
          { sourceBackupVaultArn: none, backupVaultArn: none },
        ]);
      } else {
        const { SecretId } = pattern.detail['additionalEventData'] as { SecretId: unknown[] };
        expect(SecretId).toHaveLength(2);
        expect(pattern.detail).toHaveProperty('eventName');
      }
    }
  });

  test('tell their severity’s topic what happened, in the form that Slack shows', () => {
    const [target, ...others] = onlyOne(find('AWS::Events::Rule', { Name: 'production-PostgreSQLFailover' }))[
      'Targets'
    ] as Properties[];
    expect(others).toEqual([]);
    expect(target?.['Arn']).toEqual(topic('Warning'));
    expect(target).toHaveProperty('DeadLetterConfig');
    const { InputPathsMap, InputTemplate } = target?.['InputTransformer'] as {
      InputPathsMap: Record<string, string>;
      InputTemplate: string;
    };
    expect(Object.values(InputPathsMap)).toEqual(['$.detail.Message']);
    const notice = JSON.parse(InputTemplate) as Properties;
    expect(notice).toMatchObject({ version: '1.0', source: 'custom', content: { title: 'production-PostgreSQLFailover' } }); // prettier-ignore
    expect((notice['content'] as { description: string }).description.split('\n')).toEqual([
      `<${Object.keys(InputPathsMap)[0]}>`,
      'The primary failed over to its standby',
      expect.stringContaining('RDS moved the primary'),
      'Severity: warning',
      'Runbook: lib/runbooks/PostgreSQLFailover.md',
    ]);
  });

  test('that are critical page by an alarm on the rule’s matches, the others do not', () => {
    const byRule = find('AWS::CloudWatch::Alarm', { Namespace: 'AWS/Events', MetricName: 'TriggeredRules' });
    expect(
      Object.values(byRule)
        .map(({ AlarmName }) => AlarmName)
        .sort(),
    ).toEqual(
      ['production-PostgreSQLSecretRotationFailed', 'production-PostgreSQLStorageCannotGrow'], // prettier-ignore
    );
    for (const found of Object.values(byRule)) {
      expect(found).toMatchObject({ Statistic: 'Sum', Period: 60, TreatMissingData: 'notBreaching', AlarmActions: [topic('Critical')] }); // prettier-ignore
    }
  });
});

test('refused log-ins are counted in every server’s log, in one metric', () => {
  const filters = Object.values(find('AWS::Logs::MetricFilter'));
  expect(filters).toHaveLength(3);
  const groups = filters.map(({ LogGroupName }) => JSON.stringify(LogGroupName));
  for (const server of ['Primary', 'Replica1', 'Replica2'])
    expect(groups.filter((group) => group.includes(`RefDatabase${server}`) && group.includes('/postgresql'))).toHaveLength(1); // prettier-ignore
  const [reader] = compilation.alarms.filter(({ alert }) => alert === 'PostgreSQLUnauthorizedAccessAttempts');
  for (const { MetricTransformations } of filters) {
    expect(MetricTransformations).toEqual([
      expect.objectContaining({
        MetricName: reader?.metrics[0]?.metricName,
        MetricNamespace: reader?.metrics[0]?.namespace,
        MetricValue: '1',
      }),
    ]);
  }
});

// A stack takes 500 resources (CloudFormation's quota).
test.each(ENVIRONMENT_NAMES)('%s has room for as many resources again', (name) => {
  expect(Object.keys(synthesize(name).monitoring.toJSON()['Resources'] as object).length).toBeLessThan(250);
});
