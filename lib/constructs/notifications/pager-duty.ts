import { SecretValue } from 'aws-cdk-lib';
import { type ITopicSubscription, SubscriptionProtocol } from 'aws-cdk-lib/aws-sns';
import { UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Notifications } from '../../config/schema/notifications';

/**
 * Subscription of PagerDuty's "Amazon CloudWatch" integration, which confirms it automatically. It expects CloudWatch's messages in the
 * envelope of SNS, so delivery is not raw (guides of third parties; PagerDuty's own page unconfirmed). The key is a dynamic reference:
 * the template holds only the secret's name. After a change of the secret the subscription must be created again.
 */
export function pagerDutySubscription(
  { integrationKeySecretName }: NonNullable<Notifications['pagerDuty']>,
  deadLetterQueue: IQueue,
): ITopicSubscription {
  const key = SecretValue.secretsManager(integrationKeySecretName).unsafeUnwrap();
  return new UrlSubscription(`https://events.pagerduty.com/integration/${key}/enqueue`, {
    // CDK cannot read it from the URL, which only CloudFormation resolves.
    protocol: SubscriptionProtocol.HTTPS,
    rawMessageDelivery: false,
    deadLetterQueue,
  });
}
