import { CfnOutput, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { acknowledge, INLINE_POLICY_RULES, wildcardRules } from '../acknowledge';
import { emailTopic } from '../notifications/email-topic';

/** Properties of the approvals of one environment. */
export interface RecoveryApprovalsProps {
  readonly config: Pick<EnvironmentConfig, 'name' | 'notifications' | 'recovery'>;
  /** Encrypts the topic. */
  readonly key: IKey;
}

/** The topic on which recovery documents ask for approval, and the approvers: the configured ones, or else a role made here. */
export class RecoveryApprovals extends Construct {
  readonly topic: Topic;
  /** Names or ARNs of IAM users and roles. */
  readonly approvers: readonly string[];

  constructor(scope: Construct, id: string, { config, key }: RecoveryApprovalsProps) {
    super(scope, id);
    this.topic = emailTopic(this, 'Requests', {
      // aws:approve publishes only to topics whose name begins with Automation (Systems Manager User Guide, "aws:approve").
      topicName: `Automation-${config.name}-recovery`,
      displayName: 'Database recovery: approval',
      key,
      emails: config.notifications.emails,
    });
    const { approvers } = config.recovery;
    this.approvers = approvers.length > 0 ? approvers : [this.approverRole(config.name).roleArn];
  }

  private approverRole(environment: string): Role {
    const { partition, region, account } = Stack.of(this);
    const role = new Role(this, 'Approver', {
      description: `Approves or rejects recoveries of the ${environment} database, and can do nothing else`,
      // IAM policies decide who in the account may assume it.
      assumedBy: new AccountRootPrincipal(),
    });
    const executions = `arn:${partition}:ssm:${region}:${account}:automation-execution/*`;
    role.addToPolicy(
      new PolicyStatement({
        actions: ['ssm:SendAutomationSignal', 'ssm:GetAutomationExecution', 'ssm:DescribeAutomationStepExecutions'],
        resources: [executions],
      }),
    );
    role.addToPolicy(new PolicyStatement({ actions: ['ssm:DescribeAutomationExecutions'], resources: ['*'] }));
    acknowledge(
      role,
      [...wildcardRules(role, [executions, '*']), ...INLINE_POLICY_RULES],
      'an execution has no name before it starts, and listing executions cannot be limited to resources; an approver needs nothing else',
    );
    new CfnOutput(this, 'RoleArn', {
      value: role.roleArn,
      description: 'Role that may approve recoveries',
    }).overrideLogicalId('RecoveryApproverRole');
    return role;
  }
}
