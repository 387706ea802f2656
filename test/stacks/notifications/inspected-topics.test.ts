import { production } from '../../../lib/config/production';
import { find, onlyOne, synthesize, synthesizeProductionWith, type Templates } from '../../support/synth';

const emails = ['ada@yourdomain.com', 'ops@yourdomain.com'];
const notifications = {
  ...production.notifications,
  emails,
  pagerDuty: { integrationKeySecretName: 'ops/pagerduty-key' },
  slack: { workspaceId: 'T0123ABCD', channelId: 'C0123ABCD' },
};
const backups = { ...production.backups, crossRegionPointInTime: {} };
const ENVIRONMENTS: readonly [string, () => Templates][] = [
  ['dev', () => synthesize('dev')],
  ['staging', () => synthesize('staging')],
  ['production', () => synthesize('production')],
  ['production with drills in the recovery region', () => synthesizeProductionWith({ backups })],
  ['production with Slack, PagerDuty and two addresses', () => synthesizeProductionWith({ notifications })],
];

type StackName = keyof Templates;

/** Every topic of every stack with the number of its subscriptions; a chat's own are not in the templates. */
function topicsOf(templates: Templates): Record<string, number> {
  return Object.fromEntries(
    (Object.keys(templates) as StackName[]).flatMap((stack) => {
      const subscriptions = Object.values(find(templates[stack], 'AWS::SNS::Subscription'));
      return Object.keys(find(templates[stack], 'AWS::SNS::Topic')).map((id) => [
        `${stack} ${id}`,
        subscriptions.filter(({ TopicArn }) => (TopicArn as { Ref?: string }).Ref === id).length,
      ]);
    }),
  );
}

/** The resource that a reference leads to, in its stack or through the output of another. */
function resourceOf(templates: Templates, stack: StackName, value: object): string {
  if ('Ref' in value) return `${stack} ${String(value.Ref)}`;
  const { StackName: name, OutputName } = (value as Record<string, Record<string, string>>)['Fn::GetStackOutput'] ?? {};
  const [, id = ''] = name?.split('-') ?? [];
  const producer = (id.charAt(0).toLowerCase() + id.slice(1)) as StackName;
  const outputs = templates[producer].toJSON()['Outputs'] as Record<string, { Value: object }>;
  return resourceOf(templates, producer, outputs[OutputName ?? '']!.Value);
}

/** The topics that the inspector is given, and those that it may read. */
function inspectorOf(templates: Templates) {
  const inspector = onlyOne(
    find(templates.monitoring, 'AWS::Lambda::Function', {
      Environment: { Variables: { POWERTOOLS_SERVICE_NAME: 'inspector' } },
    }),
  );
  const { TOPICS } = (inspector['Environment'] as { Variables: Record<string, object> }).Variables;
  const [, parts] = (TOPICS as { 'Fn::Join': [string, (string | object)[]] })['Fn::Join'];
  const text = parts.map((part) => (typeof part === 'string' ? part : resourceOf(templates, 'monitoring', part)));
  const statements = Object.values(find(templates.monitoring, 'AWS::IAM::Policy')).flatMap(
    ({ PolicyDocument }) => (PolicyDocument as { Statement: { Action: unknown; Resource: object[] }[] }).Statement,
  );
  const allowed = statements.filter(({ Action }) => Action === 'sns:GetTopicAttributes');
  return {
    given: JSON.parse(text.join('')) as { arn: string; subscriptions: number }[],
    readable: allowed.flatMap(({ Resource }) => Resource.map((each) => resourceOf(templates, 'monitoring', each))),
  };
}

test.each(ENVIRONMENTS)('%s: the inspector counts the subscriptions of every topic, and reads no other', (_, synth) => {
  const templates = synth();
  const topics = topicsOf(templates);
  const { given, readable } = inspectorOf(templates);
  expect(Object.fromEntries(given.map(({ arn, subscriptions }) => [arn, subscriptions]))).toEqual(topics);
  expect(readable.sort()).toEqual(Object.keys(topics).sort());
});

test('topics that Slack listens to expect no subscription, PagerDuty’s one, the others one of each address', () => {
  const { given } = inspectorOf(synthesizeProductionWith({ notifications }));
  const counts = given.map(({ arn, subscriptions }) => [arn.replace(/[0-9A-F]{8}$/, ''), subscriptions]);
  expect(Object.fromEntries(counts)).toEqual({
    'monitoring TopicsCritical': 0,
    'monitoring TopicsWarning': 0,
    'monitoring TopicsInfo': 2,
    'monitoring TopicsPaging': 1,
    'operations RecoveryApprovalsRequests': 2,
  });
});
