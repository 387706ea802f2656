import { AuthorizationErrorException, GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { regionOf, unconfirmedSubscriptions } from '../../../lambda/inspector/subscriptions';

const IN_HOUR = new Date('2026-11-24T07:35:00Z');
const sns = mockClient(SNSClient);
const topic = (name: string, subscriptions: number, region = 'us-east-1') => ({
  arn: `arn:aws:sns:${region}:111111111111:${name}`,
  subscriptions,
});
const INFO = topic('info', 2);
const PAGING = topic('paging', 1);

beforeEach(() => sns.reset());

/** Sets the answer about a topic, as SNS gives it: every attribute is a text. */
function answers({ arn }: { arn: string }, confirmed: number, pending: number, deleted = 0): void {
  const counts = { SubscriptionsConfirmed: confirmed, SubscriptionsPending: pending, SubscriptionsDeleted: deleted };
  sns.on(GetTopicAttributesCommand, { TopicArn: arn }).resolves({
    Attributes: {
      TopicArn: arn,
      Owner: '111111111111',
      DisplayName: 'Database alarms',
      Policy: '{}',
      ...Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, String(count)])),
    },
  });
}

const regions: string[] = [];
const count = (topics: readonly ReturnType<typeof topic>[], now = IN_HOUR) => {
  regions.length = 0;
  const clientOf = (region: string) => {
    regions.push(region);
    return new SNSClient({ region });
  };
  return unconfirmedSubscriptions(clientOf, topics, now);
};
const series = (...values: number[]) => [{ metric: 'sns_unconfirmed_subscriptions', values }];

test.each([
  ['all confirmed', 2, 0, 0],
  ['one waits', 1, 1, 1],
  ['none confirmed yet', 0, 2, 2],
  ['one waits and one was deleted after 48 hours', 0, 1, 2],
  ['both were deleted', 0, 0, 2],
  ['one more by hand', 3, 0, 0],
  ['one more by hand, which waits', 2, 1, 1],
])('a topic with two subscriptions, %s', async (_, confirmed, pending, value) => {
  answers(INFO, confirmed, pending, 1);
  expect(await count([INFO])).toEqual({ series: series(value), faults: [] });
});

test('a topic that only Slack subscribes to, which makes its subscription itself, expects none', async () => {
  const inChat = topic('critical', 0);
  answers(inChat, 1, 0);
  expect(await count([inChat])).toEqual({ series: series(0), faults: [] });
});

test('each topic is a value of the series, and is asked in its own region', async () => {
  const recovery = topic('drills', 1, 'us-west-2');
  answers(INFO, 2, 0);
  answers(PAGING, 0, 1);
  answers(recovery, 0, 0);
  expect(await count([INFO, PAGING, recovery])).toEqual({ series: series(0, 1, 1), faults: [] });
  expect(regions).toEqual(['us-east-1', 'us-east-1', 'us-west-2']);
  expect(regionOf(recovery)).toBe('us-west-2');
});

test('SNS is asked in one hour of each day', async () => {
  const noon = new Date('2026-11-24T12:00:00Z');
  expect(await count([INFO], noon)).toEqual({ series: [], faults: [] });
  expect(sns.calls()).toHaveLength(0);
});

test('a topic that SNS refuses or leaves out is a sentence, and does not hide the others', async () => {
  answers(PAGING, 0, 1);
  sns
    .on(GetTopicAttributesCommand, { TopicArn: INFO.arn })
    .rejects(
      new AuthorizationErrorException({ message: 'not authorized to perform: SNS:GetTopicAttributes', $metadata: {} }),
    );
  const drills = topic('drills', 1);
  sns.on(GetTopicAttributesCommand, { TopicArn: drills.arn }).resolves({ Attributes: { SubscriptionsPending: '0' } });
  expect(await count([INFO, PAGING, drills])).toEqual({
    series: series(1),
    faults: [
      `${INFO.arn}: AuthorizationErrorException: not authorized to perform: SNS:GetTopicAttributes`,
      `${drills.arn}: SNS does not give SubscriptionsConfirmed`,
    ],
  });
});

test('without any answer there is no value, which would look like a confirmed subscription', async () => {
  sns.on(GetTopicAttributesCommand).resolves({});
  expect(await count([INFO])).toEqual({
    series: [],
    faults: [`${INFO.arn}: SNS does not give SubscriptionsConfirmed and SubscriptionsPending`],
  });
});
