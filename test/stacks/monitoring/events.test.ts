import { Match } from 'aws-cdk-lib/assertions';
import { type InputTransformer, transform } from '../../../lib/rehearsal/replay/events/input-transformer';
import { onlyOne, type Properties } from '../../support/synth';
import { compilation, find, topic } from './production';

test('events become rules of the alert’s name, for our servers, secrets and vaults alone', () => {
  const rules = Object.values(find('AWS::Events::Rule', { Name: Match.anyValue() }));
  expect(rules.map(({ Name }) => Name)).toEqual(compilation().events.map(({ ruleName }) => ruleName));
  for (const rule of rules) {
    const pattern = rule['EventPattern'] as { source: string[]; resources?: unknown[]; detail: Properties };
    if (pattern.source[0] === 'aws.rds') {
      expect(pattern.resources).toHaveLength(3);
      for (const server of ['Primary', 'Replica1', 'Replica2'])
        expect(JSON.stringify(pattern.resources)).toContain(`RefDatabase${server}`);
      expect(pattern.detail).toHaveProperty('EventID');
    } else if (pattern.source[0] === 'aws.backup') {
      const none = [{ exists: false }];
      const vaults = (['Vault', 'ContinuousVault'] as const).map((vault) => ({
        'Fn::GetStackOutput': expect.objectContaining({
          OutputName: expect.stringContaining(`Backups${vault}`) as unknown,
        }) as unknown,
      }));
      expect(pattern.detail['$or']).toEqual([
        { sourceBackupVaultArn: vaults },
        { backupVaultArn: vaults },
        { sourceBackupVaultArn: none, backupVaultArn: none },
      ]);
    } else if (JSON.stringify(pattern).includes('API Call')) {
      // test/stacks/monitoring/api-calls.test.ts
      expect(rule['State']).toBe('ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS');
    } else {
      const { SecretId } = pattern.detail['additionalEventData'] as { SecretId: unknown[] };
      expect(SecretId).toHaveLength(2);
      expect(pattern.detail).toHaveProperty('eventName');
    }
  }
});

test('events notify their severity’s topic of what happened and what to do', () => {
  const [target, ...others] = onlyOne(find('AWS::Events::Rule', { Name: 'production-PostgreSQLFailover' }))[
    'Targets'
  ] as Properties[];
  expect(others).toEqual([]);
  expect(target?.['Arn']).toEqual(topic('Warning'));
  expect(target).toHaveProperty('DeadLetterConfig');
  // Which form each topic gets: test/stacks/notifications/event-forms.test.ts.
  const message = transform(target?.['InputTransformer'] as InputTransformer, {
    time: '2026-11-25T03:00:00Z',
    detail: { Message: 'Multi-AZ failover completed' },
  });
  expect(message.split('\n')).toEqual([
    '"production-PostgreSQLFailover"',
    '"What AWS says: Multi-AZ failover completed"',
    '"Time: 2026-11-25T03:00:00Z"',
    '"The primary failed over to its standby"',
    expect.stringContaining('RDS moved the primary'),
    '"Severity: warning"',
    '"Runbook: lib/runbooks/PostgreSQLFailover.md"',
  ]);
});

test('events that are critical page by an alarm on the rule’s matches, the others do not', () => {
  const byRule = find('AWS::CloudWatch::Alarm', { Namespace: 'AWS/Events', MetricName: 'TriggeredRules' });
  expect(
    Object.values(byRule)
      .map(({ AlarmName }) => AlarmName)
      .sort(),
  ).toEqual([
    'production-PostgreSQLMasterSecretRead',
    'production-PostgreSQLSecretRotationFailed',
    'production-PostgreSQLStorageCannotGrow',
  ]);
  for (const found of Object.values(byRule)) {
    expect(found).toMatchObject({
      Statistic: 'Sum',
      Period: 60,
      TreatMissingData: 'notBreaching',
      AlarmActions: [topic('Critical')],
    });
  }
});
