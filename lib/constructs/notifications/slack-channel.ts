import { SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { ManagedPolicy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Notifications } from '../../config/schema/notifications';
import { acknowledgeWildcards } from '../acknowledge';

/** A Slack channel and its topics. */
export interface SlackChannelProps extends NonNullable<Notifications['slack']> {
  readonly environment: string;
  readonly topics: ITopic[];
}

/**
 * Shows the notifications of the topics in a Slack channel, through Amazon Q Developer in chat applications (formerly AWS Chatbot). The
 * service makes its subscriptions itself, so they have no dead-letter queue; the alarm on failed deliveries includes them.
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
    acknowledgeWildcards(role, ['*']);
    new SlackChannelConfiguration(this, 'Resource', {
      slackChannelConfigurationName: `${environment}-database-alerts`,
      slackWorkspaceId: workspaceId,
      slackChannelId: channelId,
      notificationTopics: topics,
      role,
      // Limits every role of the channel, so that nobody changes anything from Slack. The default is AdministratorAccess.
      guardrailPolicies: [ManagedPolicy.fromAwsManagedPolicyName('CloudWatchReadOnlyAccess')],
    });
  }
}
