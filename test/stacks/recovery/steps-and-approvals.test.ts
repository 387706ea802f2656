import { readInput } from '../../../lambda/drill/input';
import { find, onlyOne, type Properties } from '../../support/synth';
import { APPROVERS, changed, contentOf, inputsOf, type Statement, templates } from './deployed';

test('a promotion asks alarms that are there', () => {
  const { operations, monitoring } = templates.production;
  const document = contentOf(onlyOne(find(operations, 'AWS::SSM::Document', { Name: 'production-promote-replica-2' })));
  const alarms = Object.values(find(monitoring, 'AWS::CloudWatch::Alarm'));
  const asked = ['checkCollector', 'checkPrimaryDown', 'checkCollectorStillRuns', 'checkPrimaryStillDown'].flatMap(
    (step) => inputsOf(document, step)['AlarmNames'],
  );
  const expected = ['production-PostgreSQLMetricsMissing', 'production-PostgreSQLDown-primary'];
  expect(asked).toEqual([...expected, ...expected]);
  for (const name of asked) expect(alarms.map(({ AlarmName }) => AlarmName)).toContain(name);
});

test.each([
  ['checkNewestDown', 'PostgreSQLDown-primary'],
  ['checkNewestStillDown', 'PostgreSQLDown-primary'],
  ['checkReplicaAnswers', 'PostgreSQLDown-replica-2'],
  ['checkNothingBehind', 'PostgreSQLReplicationLagCritical-replica-2'],
  ['checkStillNothingBehind', 'PostgreSQLReplicationLagCritical-replica-2'],
])('%s of a promotion reads the metric of the alarm %s', (step, alarmName) => {
  const { operations, monitoring } = templates.production;
  const document = contentOf(onlyOne(find(operations, 'AWS::SSM::Document', { Name: 'production-promote-replica-2' })));
  const [query] = inputsOf(document, step)['MetricDataQueries'] as { MetricStat: { Metric: object } }[];
  const alarm = onlyOne(find(monitoring, 'AWS::CloudWatch::Alarm', { AlarmName: `production-${alarmName}` }));
  const { Namespace, MetricName, Dimensions } = alarm;
  expect(query!.MetricStat.Metric).toEqual({ Namespace, MetricName, Dimensions });
});

test('the recovery is started for one table, with an input that it takes', () => {
  const { operations, drills } = templates.production;
  const document = contentOf(onlyOne(find(operations, 'AWS::SSM::Document', { Name: 'production-recover-table' })));
  const { stateMachineArn, input } = inputsOf(document, 'recover') as Record<string, string>;
  const name = stateMachineArn!.split(':').at(-1);
  expect(onlyOne(find(drills, 'AWS::StepFunctions::StateMachine', { StateMachineName: name }))).toBeDefined();
  expect(name).toBe('production-table-recovery');
  const given = input!.replace('{{ TargetTime }}', '2026-01-31T02:59:59Z').replace('{{ Table }}', 'bookings');
  expect(readInput(JSON.parse(given), 'recovery')).toEqual({
    drill: 'pointInTime',
    targetTime: '2026-01-31T02:59:59Z',
    table: 'bookings',
  });
});

describe('approvals', () => {
  test('are asked for on a topic whose name Automation accepts, and sent to the addresses', () => {
    const { operations } = templates.production;
    const [[id, topic]] = Object.entries(find(operations, 'AWS::SNS::Topic')) as [[string, Properties]];
    expect(topic['TopicName']).toMatch(/^Automation/);
    expect(topic).toHaveProperty('KmsMasterKeyId');
    const subscription = onlyOne(find(operations, 'AWS::SNS::Subscription'));
    expect(subscription).toEqual({ Endpoint: 'ops@yourdomain.com', Protocol: 'email', TopicArn: { Ref: id } });
  });

  test('without approvers a role is made that can approve and nothing else', () => {
    const policies = Object.entries(find(templates.production.operations, 'AWS::IAM::Policy'));
    const [, approver] = policies.find(([id]) => id.includes('PeopleApprover'))!;
    const { Statement } = approver['PolicyDocument'] as { Statement: Statement[] };
    expect(Statement.flatMap(({ Action }) => Action).sort()).toEqual([
      'ssm:DescribeAutomationExecutions',
      'ssm:DescribeAutomationStepExecutions',
      'ssm:GetAutomationExecution',
      'ssm:SendAutomationSignal',
    ]);
  });

  test('configured approvers replace it', () => {
    const document = contentOf(onlyOne(find(changed, 'AWS::SSM::Document', { Name: 'production-force-failover' })));
    expect(inputsOf(document, 'approve')).toMatchObject({ Approvers: APPROVERS, MinRequiredApprovals: 2 });
    const roles = Object.keys(find(changed, 'AWS::IAM::Role'));
    expect(roles.filter((id) => id.includes('People'))).toEqual([expect.stringContaining('PeopleOperator')]);
  });
});
