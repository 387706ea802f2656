import { DescribeStacksCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { ListSubscriptionsByTopicCommand } from '@aws-sdk/client-sns';
import { ACCOUNT, cloudFormation, COMPLETE, goodAccount, sns } from '../account';
import { lineOf, wantedOf } from '../run';

beforeAll(() => void wantedOf(COMPLETE), 120_000);
beforeEach(goodAccount);

const subscriptions = () =>
  wantedOf(COMPLETE).resources.filter(
    ({ type, properties }) => type === 'AWS::SNS::Subscription' && properties['Protocol'] === 'email',
  ).length;
const TopicArn = `arn:aws:sns:us-east-1:${ACCOUNT}:production-Monitoring-Topics`;

/** The monitoring stack exists with one topic that has these subscriptions by mail. */
function subscribed(...arns: string[]): void {
  const StackName = 'production-Monitoring';
  cloudFormation.on(DescribeStacksCommand, { StackName }).resolves({
    Stacks: [{ StackName, CreationTime: new Date(0), StackStatus: 'CREATE_COMPLETE' }],
  });
  cloudFormation.on(ListStackResourcesCommand, { StackName }).resolves({
    StackResourceSummaries: [
      {
        LogicalResourceId: 'Topics',
        PhysicalResourceId: TopicArn,
        ResourceType: 'AWS::SNS::Topic',
        LastUpdatedTimestamp: new Date(0),
        ResourceStatus: 'CREATE_COMPLETE',
      },
    ],
  });
  sns.on(ListSubscriptionsByTopicCommand, { TopicArn }).resolves({
    Subscriptions: [
      ...arns.map((SubscriptionArn) => ({
        SubscriptionArn,
        Protocol: 'email',
        Endpoint: 'oncall@salons.dev',
        TopicArn,
      })),
      { SubscriptionArn: `${TopicArn}:lambda`, Protocol: 'lambda', Endpoint: 'arn:aws:lambda', TopicArn },
    ],
  });
}

const confirmed = (count: number) => Array.from({ length: count }, (_, number) => `${TopicArn}:${number}`);

test('before the first deployment, the mails to expect are counted', async () => {
  expect(subscriptions()).toBeGreaterThan(1);
  expect(await lineOf('mail subscriptions in us-east-1')).toMatchObject({
    status: 'ok',
    found: `no topic yet; the deployment sends ${subscriptions()} mails to confirm to oncall@salons.dev`,
  });
});

test('one that waits for confirmation is a warning with address and topic', async () => {
  subscribed(...confirmed(subscriptions() - 1), 'PendingConfirmation');
  expect(await lineOf('mail subscriptions in us-east-1')).toMatchObject({
    status: 'warning',
    found: '1 wait for confirmation, and get nothing until then: oncall@salons.dev for production-Monitoring-Topics',
  });
});

test('one that is gone is a warning', async () => {
  subscribed(...confirmed(subscriptions() - 1));
  expect(await lineOf('mail subscriptions in us-east-1')).toMatchObject({
    status: 'warning',
    found: expect.stringContaining('are left') as string,
  });
});

test('all confirmed', async () => {
  subscribed(...confirmed(subscriptions()));
  expect(await lineOf('mail subscriptions in us-east-1')).toMatchObject({ status: 'ok' });
});
