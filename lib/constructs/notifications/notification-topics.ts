import { Aws, Duration } from 'aws-cdk-lib';
import { type IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { AlertDetails } from '../../monitoring/compiler/compiled';
import { NOTIFICATION_TOPICS, type NotificationTopic } from '../../monitoring/paging';
import type { EnvironmentConfig } from '../../config/schema/environment';
import type { Notifications } from '../../config/schema/notifications';
import { acknowledge } from '../acknowledge';
import { FUNCTION_REASONS } from '../reasons';
import { COST_PUBLISHERS } from './cost-alerts';
import { publishStatements } from './publish-statements';
import { pagerDutySubscription } from './pager-duty';
import { SlackChannel } from './slack-channel';

/** Topics of one environment and their subscribers. */
export interface NotificationTopicsProps {
  readonly config: Pick<EnvironmentConfig, 'name' | 'notifications' | 'budget'>;
  /** Encrypts the topics and the queue; its policy allows the services that publish (ServiceKey.allowNotifications). */
  readonly key: IKey;
}

/** Services that publish to the topics in their own name. EventBridge assumes a role. */
const PUBLISHERS = ['cloudwatch', 'events.rds', 'backup'];
const DISPLAY_NAMES: Readonly<Record<NotificationTopic, string>> = {
  critical: 'Database alarms: critical',
  warning: 'Database alarms: warning',
  info: 'Database alarms: info',
  paging: 'Database pages',
};
/** The longest that SQS keeps a message. */
const LONGEST_RETENTION = Duration.days(14);

/**
 * The encrypted topics and their subscribers: Slack for critical and warning, PagerDuty for paging, the email addresses for info. The
 * addresses also subscribe to every topic whose channel is not configured, so that each topic has a subscriber.
 */
export class NotificationTopics extends Construct {
  readonly byName: Readonly<Record<NotificationTopic, Topic>>;
  /** Holds messages that could not be delivered after all retries. */
  readonly deadLetterQueue: Queue;
  /** With which EventBridge publishes: for a topic's policy it would name neither the account nor the rule. */
  readonly eventRole: IRole;
  private readonly inChat: readonly Topic[];

  constructor(scope: Construct, id: string, { config, key }: NotificationTopicsProps) {
    super(scope, id);
    this.byName = Object.fromEntries(NOTIFICATION_TOPICS.map((name) => [name, this.topic(name, key)])) as Record<
      NotificationTopic,
      Topic
    >;
    if (config.budget) allowPublish(this.byName.warning, 'PublishCosts', COST_PUBLISHERS);
    this.deadLetterQueue = new Queue(this, 'Undelivered', {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      retentionPeriod: LONGEST_RETENTION,
    });
    acknowledge(this.deadLetterQueue, ['AwsSolutions-SQS3'], FUNCTION_REASONS.isDeadLetterQueue);
    this.eventRole = this.roleOfEvents(key);
    this.inChat = config.notifications.slack ? [this.byName.critical, this.byName.warning] : [];
    this.subscribe(config.name, config.notifications);
  }

  /**
   * The topics of an alarm. Alarms on failed notifications go to the email addresses in addition to Slack, and page: a channel must
   * not be the only one to report its own failure.
   */
  of({ severity, component }: Pick<AlertDetails, 'severity' | 'component'>): readonly Topic[] {
    const names = new Set(component === 'notifications' ? [severity, 'info' as const] : [severity]);
    return [...names].map((name) => this.byName[name]);
  }

  /** Whether a chat channel hears a topic, and nobody by mail: then a notification must have the chat's form. */
  isChat(topic: Topic): boolean {
    return this.inChat.includes(topic);
  }

  private topic(name: NotificationTopic, key: IKey): Topic {
    const topic = new Topic(this, name.charAt(0).toUpperCase() + name.slice(1), {
      displayName: DISPLAY_NAMES[name],
      masterKey: key,
      enforceSSL: true,
    });
    // With a policy on the topic, only the principals that it names may publish.
    allowPublish(topic, 'PublishNotices', PUBLISHERS);
    return topic;
  }

  private roleOfEvents(key: IKey): IRole {
    const role = new Role(this, 'Events', {
      description: 'Lets rules of EventBridge publish to the notification topics',
      assumedBy: new ServicePrincipal('events.amazonaws.com'),
    });
    for (const statement of publishStatements(role, Object.values(this.byName), key)) role.addToPolicy(statement);
    // CDK would grant each rule's topic again, and the key with a wildcard.
    return role.withoutPolicyUpdates();
  }

  private subscribe(environment: string, { emails, pagerDuty, slack }: Notifications): void {
    const { critical, warning, info, paging } = this.byName;
    const byMail = [info];
    if (pagerDuty) paging.addSubscription(pagerDutySubscription(pagerDuty, this.deadLetterQueue));
    else byMail.push(paging);
    if (slack) new SlackChannel(this, 'Slack', { environment, ...slack, topics: [...this.inChat] });
    else byMail.push(critical, warning);
    for (const topic of byMail) {
      for (const email of emails) {
        topic.addSubscription(new EmailSubscription(email, { deadLetterQueue: this.deadLetterQueue }));
      }
    }
  }
}

/** Lets services publish to a topic in their own name, for this account. */
function allowPublish(topic: Topic, sid: string, services: readonly string[]): void {
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid,
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      principals: services.map((service) => new ServicePrincipal(`${service}.amazonaws.com`)),
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  );
}
