import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Aws } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { SEVERITIES, type Severity } from '../catalog/alerts';

/** Who hears of what. */
export interface NotificationTopicsProps {
  /** Encrypts the topics; its policy lets the publishing services use it (ServiceKey.allowNotices). */
  readonly key: IKey;
  readonly emails: readonly string[];
}

/** Services that publish notices themselves; their events come through EventBridge. */
const PUBLISHERS = ['cloudwatch', 'events.rds', 'backup'];

/** One encrypted topic for each severity. */
export class NotificationTopics extends Construct {
  readonly bySeverity: Readonly<Record<Severity, Topic>>;

  constructor(scope: Construct, id: string, { key, emails }: NotificationTopicsProps) {
    super(scope, id);
    const topic = (severity: Severity) => {
      const created = new Topic(this, severity.charAt(0).toUpperCase() + severity.slice(1), {
        displayName: `Database alarms: ${severity}`,
        masterKey: key,
        enforceSSL: true,
      });
      // A topic with a policy of its own lets nobody publish who is not named in it.
      const publish = { actions: ['sns:Publish'], resources: [created.topicArn] };
      created.addToResourcePolicy(
        new PolicyStatement({
          ...publish,
          sid: 'PublishNotices',
          principals: PUBLISHERS.map((service) => new ServicePrincipal(`${service}.amazonaws.com`)),
          conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
        }),
      );
      // EventBridge supports no conditions in a topic's policy (EventBridge user guide, "Troubleshooting"; unconfirmed here).
      created.addToResourcePolicy(
        new PolicyStatement({
          ...publish,
          sid: 'PublishEvents',
          principals: [new ServicePrincipal('events.amazonaws.com')],
        }),
      );
      for (const email of emails) created.addSubscription(new EmailSubscription(email));
      return created;
    };
    this.bySeverity = Object.fromEntries(SEVERITIES.map((severity) => [severity, topic(severity)])) as Record<
      Severity,
      Topic
    >;
  }
}
