import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { Notifications } from '../../config/schema/notifications';

/** A topic that goes to addresses alone. */
export interface EmailTopicProps {
  readonly displayName: string;
  /** Encrypts the topic. */
  readonly key: IKey;
  readonly emails: Notifications['emails'];
  /** Default: CloudFormation's. */
  readonly topicName?: string;
}

/** An encrypted topic whose notices go to the addresses by mail. Who publishes needs permission of its own for topic and key. */
export function emailTopic(scope: Construct, id: string, { key, emails, ...names }: EmailTopicProps): Topic {
  const topic = new Topic(scope, id, { ...names, masterKey: key, enforceSSL: true });
  for (const email of emails) topic.addSubscription(new EmailSubscription(email));
  return topic;
}
