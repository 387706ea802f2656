import { readInput } from '../../../lambda/drill/input';
import { find, onlyOne, type Properties } from '../../support/synth';
import { APPROVERS, changed, contentOf, inputsOf, type Statement, templates } from './deployed';

test('a promotion asks alarms and a metric that are there', () => {
  const { operations, monitoring } = templates.production;
  const document = contentOf(onlyOne(find(operations, 'AWS::SSM::Document', { Name: 'production-promote-replica-2' })));
  const alarms = Object.values(find(monitoring, 'AWS::CloudWatch::Alarm'));
  const asked = ['checkCollector', 'checkPrimaryDown'].flatMap((step) => inputsOf(document, step)['AlarmNames']);
  expect(asked).toEqual(['production-PostgreSQLMetricsMissing', 'production-PostgreSQLDown-primary']);
  for (const name of asked) expect(alarms.map(({ AlarmName }) => AlarmName)).toContain(name);

  const [query] = inputsOf(document, 'checkNothingBehind')['MetricDataQueries'] as { MetricStat: { Metric: object } }[];
  const lag = alarms.find(({ AlarmName }) => AlarmName === 'production-PostgreSQLReplicationLagCritical-replica-2')!;
  const { Namespace, MetricName, Dimensions } = lag;
  expect(query!.MetricStat.Metric).toEqual({ Namespace, MetricName, Dimensions });
});

test('the drill is started for one table, which it keeps, with an input that it takes', () => {
  const { operations, drills } = templates.production;
  const document = contentOf(onlyOne(find(operations, 'AWS::SSM::Document', { Name: 'production-recover-table' })));
  const { stateMachineArn, input } = inputsOf(document, 'recover') as Record<string, string>;
  const machine = onlyOne(find(drills, 'AWS::StepFunctions::StateMachine'));
  expect(stateMachineArn!.split(':').at(-1)).toBe(machine['StateMachineName']);
  const given = input!.replace('{{ TargetTime }}', '2026-01-31T02:59:59Z').replace('{{ Table }}', 'bookings');
  expect(readInput(JSON.parse(given))).toEqual({
    drill: 'pointInTime',
    targetTime: '2026-01-31T02:59:59Z',
    table: 'bookings',
    keepTable: true,
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
    const approver = Object.values(find(templates.production.operations, 'AWS::IAM::Policy'))
      .map(({ PolicyDocument }) => (PolicyDocument as { Statement: Statement[] }).Statement)
      .find((statements) => statements.some(({ Action }) => [Action].flat().includes('ssm:SendAutomationSignal')))!;
    expect(approver.flatMap(({ Action }) => Action)).toEqual([
      'ssm:DescribeAutomationStepExecutions',
      'ssm:GetAutomationExecution',
      'ssm:SendAutomationSignal',
      'ssm:DescribeAutomationExecutions',
    ]);
  });

  test('configured approvers replace it', () => {
    const document = contentOf(onlyOne(find(changed, 'AWS::SSM::Document', { Name: 'production-force-failover' })));
    expect(inputsOf(document, 'approve')).toMatchObject({ Approvers: APPROVERS, MinRequiredApprovals: 2 });
    expect(JSON.stringify(changed.toJSON())).not.toContain('SendAutomationSignal');
  });
});
