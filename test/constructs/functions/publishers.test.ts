import { Match } from 'aws-cdk-lib/assertions';
import { loadCollection } from '../../../lib/monitoring/collection';
import { synthesize } from '../../support/synth';

const { monitoring } = synthesize('production');

/** Statements of the policies of a function's role. */
function statementsOf(path: string): { Action: string | string[]; Resource: unknown; Condition?: unknown }[] {
  return Object.entries(monitoring.findResources('AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith(path))
    .flatMap(
      ([, { Properties }]) => (Properties as { PolicyDocument: { Statement: never[] } }).PolicyDocument.Statement,
    );
}

test('the inspector may describe the environment’s own instances, topics, drills and schedules, read metrics and publish, and nothing else', () => {
  const statements = statementsOf('InspectorServiceRole');
  expect(statements.map(({ Action }) => Action)).toEqual([
    ['logs:CreateLogStream', 'logs:PutLogEvents'],
    ['rds:DescribeDBInstances', 'rds:DescribePendingMaintenanceActions'],
    'sns:GetTopicAttributes',
    'states:DescribeStateMachine',
    'scheduler:GetSchedule',
    'cloudwatch:GetMetricData',
    'cloudwatch:PutMetricData',
  ]);
  expect(statements[1]?.Resource).toHaveLength(3);
  expect(JSON.stringify(statements[1]?.Resource)).not.toContain('"*"');
  expect(statements[2]?.Resource).toHaveLength(5);
  expect(JSON.stringify(statements[2]?.Resource)).not.toContain('*');
  expect(JSON.stringify(statements[3]?.Resource)).toContain(':stateMachine:production-restore-drill');
  expect(statements[4]?.Resource).toHaveLength(6);
  expect(JSON.stringify(statements[4]?.Resource)).not.toContain('*');
  expect(statements[6]?.Condition).toEqual({ StringEquals: { 'cloudwatch:namespace': 'WhatsAppSaaS/PostgreSQL' } });
});

test('the inspector is outside the VPC, the collector inside', () => {
  const inside = (service: string) => ({
    Environment: { Variables: Match.objectLike({ POWERTOOLS_SERVICE_NAME: service, ENVIRONMENT: 'production' }) },
    VpcConfig: service === 'collector' ? Match.anyValue() : Match.absent(),
  });
  for (const service of ['collector', 'inspector'])
    monitoring.hasResourceProperties('AWS::Lambda::Function', inside(service));
});

test.each([
  ['Collector', 'rate(1 minute)', 60],
  ['Inspector', 'rate(5 minutes)', 300],
])('%s is called at %s; a call that is late or failed is not made again', (publisher, rate, seconds) => {
  monitoring.hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: rate,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: seconds } },
  });
  const configurations = Object.entries(monitoring.findResources('AWS::Lambda::EventInvokeConfig'));
  const [, found] = configurations.find(([id]) => id.startsWith(publisher)) ?? [];
  expect(found?.['Properties']).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: seconds });
});

test('there is a saved query for the worst salons of each metric that is published by salon', () => {
  const queries = Object.values(monitoring.findResources('AWS::Logs::QueryDefinition')).map(
    ({ Properties }) => Properties as { Name: string; QueryString: string },
  );
  const metrics = loadCollection()
    .filter(({ labels }) => labels.includes('salon_id'))
    .flatMap((query) => query.metrics.map(({ metric }) => metric));
  expect(metrics).toContain('booking_conflicts_conflict_count');
  expect(queries.map(({ Name }) => Name).sort()).toEqual(
    metrics.map((metric) => `production/worst salons/${metric}`).sort(),
  );
  const [conflicts] = queries.filter(({ Name }) => Name.endsWith('conflict_count'));
  expect(conflicts?.QueryString.split('\n')).toEqual([
    expect.stringContaining(
      'fields @timestamp, worst.booking_conflicts_conflict_count.0.salon_id, worst.booking_conflicts_conflict_count.0.value, worst.booking_conflicts_conflict_count.0.parallel, worst.booking_conflicts_conflict_count.0.capacity',
    ),
    '| filter message = "worst salons"',
    '| filter ispresent(worst.booking_conflicts_conflict_count.0.value)',
    '| sort @timestamp desc',
    '| limit 60',
  ]);
});
