import { paginateListSubscriptionsByTopic, type Subscription } from '@aws-sdk/client-sns';
import { askAll } from '../../account/ask';
import type { DeployedEnvironment } from '../deployed-environment';
import { area, type Found } from '../finding';
import { matches } from '../matches';

/** Subscriptions by the ARN of their topic. */
type Topics = ReadonlyMap<string, readonly Subscription[]>;

/** Amazon Q Developer in chat applications (formerly AWS Chatbot) subscribes itself. Unconfirmed: the address. */
const CHAT = /\.chatbot\.amazonaws\.com(\/|$)/;

/** Who is notified. */
export const subscriptions = area(
  'subscriptions',
  async (aws, region, deployed): Promise<Topics> => {
    const topics = new Map<string, readonly Subscription[]>();
    for (const { name } of deployed.resources('AWS::SNS::Topic', region)) {
      const pages = paginateListSubscriptionsByTopic({ client: aws(region).sns }, { TopicArn: name });
      topics.set(name, await askAll('sns:ListSubscriptionsByTopic', pages, (page) => page.Subscriptions));
    }
    return topics;
  },
  decideSubscriptions,
);

function decideSubscriptions(topics: Topics, deployed: DeployedEnvironment, region: string): Found[] {
  const all = deployed.resources('AWS::SNS::Subscription', region).map(({ properties }) => properties);
  return [...topics].flatMap(([topic, actual]) => {
    const resource = topic.split(':').at(-1) ?? topic;
    const expected = all.filter(({ TopicArn }) => TopicArn === topic);
    const isOne = (wanted: (typeof all)[number], found: Subscription) =>
      matches(wanted['Protocol'], found.Protocol) && matches(wanted['Endpoint'], found.Endpoint);
    return [
      ...actual
        .filter(({ SubscriptionArn = '' }) => !SubscriptionArn.startsWith('arn:'))
        .map((each): Found => ({
          kind: 'subscription unconfirmed',
          resource,
          found: `${nameOf(each)} waits for its confirmation, and gets nothing until then`,
          expected: 'confirmed',
          action:
            'confirm the mail "AWS Notification - Subscription Confirmation"; its link is valid for two days, then subscribe again',
        })),
      ...expected
        .filter((wanted) => !actual.some((found) => isOne(wanted, found)))
        .map((wanted): Found => ({
          kind: 'subscription missing',
          resource,
          found: 'it is not subscribed',
          expected: nameOf(wanted),
          action: `somebody unsubscribed it; aws sns subscribe --topic-arn ${topic} --protocol ${String(wanted['Protocol'])} …`,
        })),
      ...actual
        .filter((found) => !CHAT.test(found.Endpoint ?? '') && !expected.some((wanted) => isOne(wanted, found)))
        .map((found): Found => ({
          kind: 'subscription extra',
          resource,
          found: nameOf(found),
          expected: 'no subscription that is not in the template',
          action: `add it to notifications in the configuration, or aws sns unsubscribe --subscription-arn ${found.SubscriptionArn}`,
        })),
    ];
  });
}

/** Of a URL only the host: the rest of an integration's address is its key. */
function nameOf({ Protocol, Endpoint }: { readonly Protocol?: unknown; readonly Endpoint?: unknown }): string {
  const [, host] = /^https?:\/\/(?:[^/@]*@)?([^/?#]*)/.exec(String(Endpoint)) ?? [];
  return `${String(Protocol)} ${host === undefined ? String(Endpoint) : `${host}/…`}`;
}
