import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { type DeployedDocument, deployedDocuments } from '../../recovery-documents/deployed';
import { fillIn } from '../../recovery-documents/fill-in';
import { type Permission, permissionsOf } from '../../recovery-documents/permissions';
import type { EnvironmentValues } from '../../recovery-documents/placeholders';
import { acknowledgeWildcards } from '../acknowledge';
import type { ConnectionProxy } from '../database/connection-proxy';
import type { Database } from '../database/database';
import { environmentValues, replicaValues } from './placeholder-values';
import { RecoveryApprovals } from './recovery-approvals';

/** Properties of the recovery documents of one environment. */
export interface RecoveryDocumentsProps {
  readonly config: EnvironmentConfig;
  readonly database: Database;
  /** Default: none, where the environment has no proxy. */
  readonly proxy?: ConnectionProxy;
  /** Encrypts the topic that asks for approvals. */
  readonly key: IKey;
}

/**
 * The recovery documents in Systems Manager, `<environment>-<name>`. Each has a role that may do what its steps call and nothing else.
 * A person starts them; they change nothing before an approval.
 */
export class RecoveryDocuments extends Construct {
  readonly approvals: RecoveryApprovals;

  /** @throws InvalidRecoveryDocument when a document or its entry has faults */
  constructor(scope: Construct, id: string, { config, database, proxy, key }: RecoveryDocumentsProps) {
    super(scope, id);
    const documents = deployedDocuments(config);
    const documentNames = documents.map(({ name }) => name);
    const approvals = (this.approvals = new RecoveryApprovals(this, 'Approvals', { config, key, documentNames }));
    const values = environmentValues(this, { config, database, proxy, approvals, key });
    for (const deployed of documents) {
      const replica = database.servers.find(({ name }) => name === deployed.replica);
      this.add(deployed, replica ? { ...values, ...replicaValues(replica) } : values);
    }
  }

  private add({ document, content, name }: DeployedDocument, values: EnvironmentValues): void {
    const role = new Role(this, `${name}-role`, {
      description: `What the recovery document ${name} may do`,
      assumedBy: new ServicePrincipal('ssm.amazonaws.com'),
    });
    for (const permission of permissionsOf(document, content)) allow(role, fillIn(permission, values));
    const resource = new CfnDocument(this, name, {
      name,
      documentType: 'Automation',
      documentFormat: 'JSON',
      content: fillIn(content, { ...values, Role: role.roleArn }),
      // The default is to replace the document, which its fixed name does not allow.
      updateMethod: 'NewVersion',
    });
    // Systems Manager checks the role when the document is created.
    resource.node.addDependency(role);
  }
}

function allow(role: Role, { actions, resources, conditions }: Permission): void {
  // The environment does not have the resource.
  if (resources.length === 0) return;
  role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources], conditions }));
  acknowledgeWildcards(role, resources);
}
