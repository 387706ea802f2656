import { DatabaseInstance, type CfnDBInstance, type IDatabaseInstance } from 'aws-cdk-lib/aws-rds';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { followed, identityOf } from '../followed-reference';

/** The port of every server and of the proxy. Security groups restrict access to it; another number would not. */
export const POSTGRES_PORT = 5432;

/**
 * Properties of a server whose change replaces it, or may: CloudFormation's create-only and conditional create-only properties of
 * AWS::RDS::DBInstance, as far as this application sets them. The class and the version are documented as updates in place; they are
 * here because an update of the other stacks costs nothing, and a replacement that they miss costs the monitoring.
 */
export const IDENTITY_PROPERTIES = [
  'autoMinorVersionUpgrade',
  'availabilityZone',
  'backupRetentionPeriod',
  'dbInstanceClass',
  'dbInstanceIdentifier',
  'dbName',
  'dbParameterGroupName',
  'dbSnapshotIdentifier',
  'dbSubnetGroupName',
  'engine',
  'engineVersion',
  'kmsKeyId',
  'masterUsername',
  'multiAz',
  'performanceInsightsKmsKeyId',
  'port',
  'preferredMaintenanceWindow',
  'sourceDbInstanceIdentifier',
  'storageEncrypted',
  'storageType',
] as const satisfies readonly (keyof CfnDBInstance)[];

/** A server of the database, and its name in metrics, alarms and runbooks. */
export interface DatabaseServer {
  /** `primary`, `replica-1`, `replica-2` … */
  readonly name: string;
  /** For other stacks: identifier, address and resource id as followed references. */
  readonly instance: IDatabaseInstance;
  /** The server's id in IAM policies and in replicated backups, for other stacks. */
  readonly resourceId: string;
  /** The server's resource, for its own stack, and for the values of its properties. */
  readonly resource: CfnDBInstance;
  /** Differs when the server may be another one: see IDENTITY_PROPERTIES. */
  readonly identity: string;
}

/** What a server is made from. */
export interface DatabaseServerProps {
  readonly name: string;
  readonly instance: IDatabaseInstance;
  readonly securityGroup: ISecurityGroup;
  /** The server that a replica follows: a replaced source replaces the replica. Default: this is the primary. */
  readonly source?: DatabaseServer;
}

/** A server as the other stacks use it. */
export function databaseServer(
  scope: Construct,
  { name, instance, securityGroup, source }: DatabaseServerProps,
): DatabaseServer {
  const resource = instance.node.defaultChild as CfnDBInstance;
  const properties = IDENTITY_PROPERTIES.map((property) => resource[property]);
  const identity = identityOf(scope, [source?.identity, ...properties]);
  const id = name.replace(/^[a-z]/, (letter) => letter.toUpperCase()).replaceAll('-', '');
  const follow = (value: string) => followed(value, id, identity);
  const resourceId = follow(resource.attrDbiResourceId);
  return {
    name,
    resourceId,
    resource,
    identity,
    instance: DatabaseInstance.fromDatabaseInstanceAttributes(scope, `${id}Reference`, {
      instanceIdentifier: follow(instance.instanceIdentifier),
      instanceEndpointAddress: follow(instance.dbInstanceEndpointAddress),
      instanceResourceId: resourceId,
      port: POSTGRES_PORT,
      securityGroups: [securityGroup],
      engine: instance.engine,
    }),
  };
}
