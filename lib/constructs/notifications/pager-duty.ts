import { SecretValue } from 'aws-cdk-lib';
import { type ITopicSubscription, SubscriptionProtocol } from 'aws-cdk-lib/aws-sns';
import { UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Notifications } from '../../config/schema/notifications';

/**
 * PagerDuty's "Amazon CloudWatch" integration, which confirms the subscription by itself. It takes CloudWatch's own messages inside
 * SNS's envelope, hence no raw delivery (third parties' guides; PagerDuty's own page unconfirmed). The key is a dynamic reference:
 * CloudFormation looks it up, and the template holds its name alone. After a change of the secret the subscription must be made anew.
 */
export function pagerDutySubscription(
  { integrationKeySecretName }: NonNullable<Notifications['pagerDuty']>,
  deadLetterQueue: IQueue,
): ITopicSubscription {
  const key = SecretValue.secretsManager(integrationKeySecretName).unsafeUnwrap();
  return new UrlSubscription(`https://events.pagerduty.com/integration/${key}/enqueue`, {
    // Cannot be read off a URL that is known only to CloudFormation.
    protocol: SubscriptionProtocol.HTTPS,
    rawMessageDelivery: false,
    deadLetterQueue,
  });
}
