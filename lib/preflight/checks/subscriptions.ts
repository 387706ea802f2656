import { paginateListSubscriptionsByTopic, type Subscription } from '@aws-sdk/client-sns';
import type { AssemblyResource } from '../../assembly/environment-assembly';
import { askAll } from '../../account/ask';
import type { Aws } from '../../account/aws';
import { type Check, check, type Finding, ok, warning } from '../check';
import type { DeployedStack } from '../../account/deployed';
import { regionsOf, resourcesIn, type Wanted } from '../wanted';

/** A topic that exists, and its subscriptions by mail. */
interface Topic {
  readonly arn: string;
  readonly subscriptions: readonly Subscription[];
}

/** Whether every subscription by mail was confirmed: until then no notification arrives there. */
export function subscriptionChecks(wanted: Wanted, deployed: (aws: Aws) => Promise<readonly DeployedStack[]>): Check[] {
  return regionsOf(wanted).flatMap((region) => {
    const mails = resourcesIn(wanted, region, 'AWS::SNS::Subscription').filter(
      ({ properties }) => properties['Protocol'] === 'email',
    );
    if (mails.length === 0) return [];
    const topics = async (aws: Aws) => askTopics(aws, region, await deployed(aws));
    return [check(`mail subscriptions in ${region}`, topics, (found) => decideSubscriptions(found, mails))];
  });
}

async function askTopics(aws: Aws, region: string, stacks: readonly DeployedStack[]): Promise<Topic[]> {
  const resources = stacks.filter((stack) => stack.region === region).flatMap((stack) => stack.resources);
  const arns = resources.filter(({ type }) => type === 'AWS::SNS::Topic').map(({ physicalId }) => physicalId);
  return Promise.all(
    arns.map(async (arn) => {
      const pages = paginateListSubscriptionsByTopic({ client: aws(region).sns }, { TopicArn: arn });
      const all = await askAll('sns:ListSubscriptionsByTopic', pages, (page) => page.Subscriptions);
      return { arn, subscriptions: all.filter(({ Protocol }) => Protocol === 'email') };
    }),
  );
}

function decideSubscriptions(topics: readonly Topic[], mails: readonly AssemblyResource[]): Finding {
  const addresses = [...new Set(mails.map(({ properties }) => String(properties['Endpoint'])))].join(', ');
  if (topics.length === 0) {
    return ok(`no topic yet; the deployment sends ${mails.length} mails to confirm to ${addresses}`);
  }
  const waiting = topics.flatMap(({ arn, subscriptions }) =>
    subscriptions
      .filter(({ SubscriptionArn = '' }) => !SubscriptionArn.startsWith('arn:'))
      .map(({ Endpoint }) => `${Endpoint} for ${arn.split(':').at(-1)}`),
  );
  if (waiting.length > 0) {
    return warning(
      `${waiting.length} wait for confirmation, and get nothing until then: ${waiting.join(', ')}`,
      'confirm each mail "AWS Notification - Subscription Confirmation"; its link is valid for two days, then subscribe again',
    );
  }
  const confirmed = topics.flatMap(({ subscriptions }) => subscriptions).length;
  if (confirmed < mails.length) {
    return warning(
      `${confirmed} of ${mails.length} are left: somebody unsubscribed, or the deployment is not complete`,
      `subscribe ${addresses} to the topics again, or deploy`,
    );
  }
  return ok(`${confirmed} confirmed`);
}
