import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { emailTopic } from '../notifications/email-topic';
import { RecoveryPeople } from './recovery-people';

/** Properties of the approvals of one environment. */
export interface RecoveryApprovalsProps {
  readonly config: Pick<EnvironmentConfig, 'name' | 'notifications' | 'recovery'>;
  /** Encrypts the topic. */
  readonly key: IKey;
  /** Names of the recovery documents, which an operator may start. */
  readonly documentNames: readonly string[];
}

/** The topic on which recovery documents ask for approval, the approvers, and the operators who start documents. */
export class RecoveryApprovals extends Construct {
  readonly topic: Topic;
  /** Names or ARNs of IAM users and roles: the configured ones, or else a role made here. */
  readonly approvers: readonly string[];
  readonly people: RecoveryPeople;

  constructor(scope: Construct, id: string, { config, key, documentNames }: RecoveryApprovalsProps) {
    super(scope, id);
    this.topic = emailTopic(this, 'Requests', {
      // aws:approve publishes only to topics whose name begins with Automation (Systems Manager User Guide, "aws:approve").
      topicName: `Automation-${config.name}-recovery`,
      displayName: 'Database recovery: approval',
      key,
      emails: config.notifications.emails,
    });
    this.people = new RecoveryPeople(this, 'People', { config, documentNames });
    const { approver } = this.people;
    this.approvers = approver ? [approver.roleArn] : config.recovery.approvers;
  }
}
