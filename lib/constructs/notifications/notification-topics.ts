import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { AlertDetails } from '../../monitoring/compiler/compiled';
import { NOTIFICATION_TOPICS, type NotificationTopic } from '../../monitoring/paging';
import type { Notifications } from '../../config/schema/notifications';
import { acknowledge } from '../acknowledge';
import { pagerDutySubscription } from './pager-duty';
import { SlackChannel } from './slack-channel';

/** Who hears of what. */
export interface NotificationTopicsProps {
  readonly environment: string;
  /** Encrypts the topics and the queue; its policy lets the services use it that publish (ServiceKey.allowNotifications). */
  readonly key: IKey;
  readonly notifications: Notifications;
}

/** Services that publish by themselves. EventBridge is let in by each rule that has a topic as its target. */
const PUBLISHERS = ['cloudwatch', 'events.rds', 'backup'];
const DISPLAY_NAMES: Readonly<Record<NotificationTopic, string>> = {
  critical: 'Database alarms: critical',
  warning: 'Database alarms: warning',
  info: 'Database alarms: info',
  paging: 'Database pages',
};
/** SQS keeps no message longer. */
const LONGEST_RETENTION = Duration.days(14);

/**
 * The encrypted topics and what hears them: critical and warning Slack, paging PagerDuty, info the addresses. A topic whose own
 * channel is not configured goes to the addresses, so that none is silent.
 */
export class NotificationTopics extends Construct {
  readonly byName: Readonly<Record<NotificationTopic, Topic>>;
  /** Holds what a subscription did not take after all retries. */
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, { environment, key, notifications }: NotificationTopicsProps) {
    super(scope, id);
    this.byName = Object.fromEntries(NOTIFICATION_TOPICS.map((name) => [name, this.topic(name, key)])) as Record<
      NotificationTopic,
      Topic
    >;
    this.deadLetterQueue = new Queue(this, 'Undelivered', {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      retentionPeriod: LONGEST_RETENTION,
    });
    acknowledge(this.deadLetterQueue, ['AwsSolutions-SQS3'], 'the queue is the dead-letter queue of the notices');
    this.subscribe(environment, notifications);
  }

  /**
   * The topics that an alarm tells. A failing path of notices is not the one to tell of itself: its alarms go to the addresses as
   * well as to Slack, and page (another protocol each).
   */
  of({ severity, component }: Pick<AlertDetails, 'severity' | 'component'>): readonly Topic[] {
    const names = new Set(component === 'notifications' ? [severity, 'info' as const] : [severity]);
    return [...names].map((name) => this.byName[name]);
  }

  private topic(name: NotificationTopic, key: IKey): Topic {
    const topic = new Topic(this, name.charAt(0).toUpperCase() + name.slice(1), {
      displayName: DISPLAY_NAMES[name],
      masterKey: key,
      enforceSSL: true,
    });
    // A topic with a policy of its own lets nobody publish who is not named in it.
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'PublishNotices',
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        principals: PUBLISHERS.map((service) => new ServicePrincipal(`${service}.amazonaws.com`)),
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
    return topic;
  }

  private subscribe(environment: string, { emails, pagerDuty, slack }: Notifications): void {
    const { critical, warning, info, paging } = this.byName;
    const byMail = [info];
    if (pagerDuty) paging.addSubscription(pagerDutySubscription(pagerDuty, this.deadLetterQueue));
    else byMail.push(paging);
    if (slack) new SlackChannel(this, 'Slack', { environment, ...slack, topics: [critical, warning] });
    else byMail.push(critical, warning);
    for (const topic of byMail) {
      for (const email of emails) {
        topic.addSubscription(new EmailSubscription(email, { deadLetterQueue: this.deadLetterQueue }));
      }
    }
  }
}
