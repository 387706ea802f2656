import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/schema/environment';
import { RecoveryDocuments } from '../constructs/recovery/recovery-documents';
import type { AccessStack } from './access-stack';
import type { DatabaseStack } from './database-stack';
import type { NetworkStack } from './network-stack';

/** What people operate the database with. */
export interface OperationsStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly network: NetworkStack;
  readonly database: DatabaseStack;
  readonly access: AccessStack;
}

/** The recovery documents. */
export class OperationsStack extends Stack {
  /** Asks people to approve a recovery. */
  readonly approvalTopic: Topic;

  constructor(scope: Construct, id: string, { config, network, database, access, ...props }: OperationsStackProps) {
    super(scope, id, props);
    const documents = new RecoveryDocuments(this, 'Recovery', {
      config,
      database: database.database,
      proxy: access.access.proxy,
      key: network.logsKey,
    });
    this.approvalTopic = documents.approvals.topic;
  }
}
