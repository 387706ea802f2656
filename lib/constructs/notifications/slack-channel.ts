import { SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { ManagedPolicy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Notifications } from '../../config/schema/notifications';
import { acknowledge, INLINE_POLICY_RULES } from '../acknowledge';

/** A Slack channel and what it hears. */
export interface SlackChannelProps extends NonNullable<Notifications['slack']> {
  readonly environment: string;
  readonly topics: ITopic[];
}

/**
 * Amazon Q Developer in chat applications (once AWS Chatbot) shows the topics' notices in a Slack channel. It subscribes to the topics
 * by itself, so that no dead-letter queue can be named for it; the alarm on failed deliveries sees it all the same.
 */
export class SlackChannel extends Construct {
  constructor(scope: Construct, id: string, { environment, workspaceId, channelId, topics }: SlackChannelProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      description: 'Lets the Slack channel draw the graph of an alarm, and nothing else',
      assumedBy: new ServicePrincipal('chatbot.amazonaws.com'),
      inlinePolicies: {
        DrawAlarms: new PolicyDocument({
          statements: [
            new PolicyStatement({
              actions: ['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData', 'cloudwatch:GetMetricWidgetImage'],
              resources: ['*'],
            }),
          ],
        }),
      },
    });
    acknowledge(
      role,
      ['AwsSolutions-IAM5[Resource::*]', ...INLINE_POLICY_RULES],
      'metrics and their graphs know no resources in IAM; the three actions read, and the role serves this channel alone',
    );
    new SlackChannelConfiguration(this, 'Resource', {
      slackChannelConfigurationName: `${environment}-database-alerts`,
      slackWorkspaceId: workspaceId,
      slackChannelId: channelId,
      notificationTopics: topics,
      role,
      // The default is AdministratorAccess: whatever a role of the channel allowed, nobody changes anything from Slack.
      guardrailPolicies: [ManagedPolicy.fromAwsManagedPolicyName('CloudWatchReadOnlyAccess')],
    });
  }
}
