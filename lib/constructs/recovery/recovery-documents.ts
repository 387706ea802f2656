import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { type DeployedDocument, deployedDocuments } from '../../recovery-documents/deployed';
import { readDocument } from '../../recovery-documents/content';
import { type Fact, fillIn } from '../../recovery-documents/fill-in';
import { ASK_FOR_APPROVAL, type Permission } from '../../recovery-documents/permissions';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { drillMachineName } from '../../contract/drill';
import { acknowledge, INLINE_POLICY_RULES, wildcardRules } from '../acknowledge';
import type { Database } from '../database/database';
import { drillMachineArn } from '../drills/drill-machine-arn';
import { RecoveryApprovals } from './recovery-approvals';
import { environmentValues, replicaValues } from './placeholder-values';

/** People's runbooks of one environment. */
export interface RecoveryDocumentsProps {
  readonly config: EnvironmentConfig;
  readonly database: Database;
  /** Encrypts the topic that asks for approvals. */
  readonly key: IKey;
}

/**
 * The recovery runbooks as Automation documents of Systems Manager, `<environment>-<name>`, each with a role that may do what its steps
 * call and nothing else. A person starts them; nothing is changed before an approval.
 */
export class RecoveryDocuments extends Construct {
  constructor(scope: Construct, id: string, { config, database, key }: RecoveryDocumentsProps) {
    super(scope, id);
    const approvals = new RecoveryApprovals(this, 'Approvals', { config, key });
    const facts: Record<string, Fact> = {
      ...environmentValues(this, { config, database }),
      Topic: approvals.topic.topicArn,
      TopicKey: key.keyArn,
      Approvers: approvals.approvers,
      Approvals: config.recovery.approvals,
      // By its name: the drills' stack comes after this one.
      StateMachine: drillMachineArn(this, config.name),
      Executions: Stack.of(this).formatArn({
        service: 'states',
        resource: 'execution',
        resourceName: drillMachineName(config.name),
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    };
    for (const deployed of deployedDocuments(config)) {
      const replica = database.servers.find(({ name }) => name === deployed.replica);
      this.add(deployed, replica ? { ...facts, ...replicaValues(replica) } : facts);
    }
  }

  private add({ document, name }: DeployedDocument, facts: Readonly<Record<string, Fact>>): void {
    const { account, partition, region } = Stack.of(this);
    const role = new Role(this, `${name}-role`, {
      description: `What the Automation document ${name} may do`,
      // Only executions of this account (Systems Manager User Guide, "Setting up Automation": confused deputy).
      assumedBy: new ServicePrincipal('ssm.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:ssm:${region}:${account}:automation-execution/*` },
        },
      }),
    });
    acknowledge(
      role,
      INLINE_POLICY_RULES,
      'the policy is made with the role of one document, serves it alone and goes with it',
    );
    for (const permission of [...document.permissions, ...ASK_FOR_APPROVAL]) allow(role, fillIn(permission, facts));
    const resource = new CfnDocument(this, name, {
      name,
      documentType: 'Automation',
      documentFormat: 'JSON',
      content: fillIn(readDocument(document.file), { ...facts, Role: role.roleArn }),
      // Otherwise CloudFormation would want to replace it, which its name forbids.
      updateMethod: 'NewVersion',
    });
    // Systems Manager checks the role when the document is made.
    resource.node.addDependency(role);
  }
}

function allow(role: Role, { actions, resources, conditions, why }: Permission): void {
  // What it is about does not exist here.
  if (resources.length === 0) return;
  role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources], conditions }));
  if (why !== undefined) acknowledge(role, wildcardRules(role, resources), why);
}
