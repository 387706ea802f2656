import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { environmentTags } from '../../config/derived/tags';
import { METRIC_NAMESPACE } from '../../contract/metrics';
import { addressParameter } from '../../contract/parameter-folder';
import type { EnvironmentValues, ReplicaValues } from '../../recovery-documents/placeholders';
import { backupTag, RESTORED_TAG } from '../backup/backup-tag';
import { recoveryMachineName } from '../../contract/drill/kinds';
import type { ConnectionProxy } from '../database/connection-proxy';
import type { Database } from '../database/database';
import type { DatabaseServer } from '../database/database-server';
import { recoveryMachineArn } from '../drills/drill-machine-arn';
import type { RecoveryApprovals } from './recovery-approvals';

/** Where the values of the recovery documents come from. */
interface ValueSources {
  readonly config: EnvironmentConfig;
  readonly database: Database;
  /** Default: none, where the environment has no proxy. */
  readonly proxy?: ConnectionProxy;
  readonly approvals: RecoveryApprovals;
  /** Encrypts the topic that asks for approvals. */
  readonly key: IKey;
}

/**
 * The values of an environment for its recovery documents.
 * @param scope in the stack of the documents
 */
export function environmentValues(scope: Construct, sources: ValueSources): EnvironmentValues {
  return {
    ...nameValues(scope, sources),
    ...primaryValues(sources),
    ...accessValues(sources),
    ...approvalValues(sources),
    ...drillValues(scope, sources),
  };
}

/** The values of one replica for its recovery documents. */
export function replicaValues({ name, instance, resource: replica }: DatabaseServer): ReplicaValues {
  return {
    Server: name,
    Replica: instance.instanceIdentifier,
    ReplicaClass: replica.dbInstanceClass,
    ReplicaZone: replica.availabilityZone,
    ReplicaMaxStorage: replica.maxAllocatedStorage,
    ReplicaParameterGroup: replica.dbParameterGroupName,
  };
}

function nameValues(scope: Construct, { config, database }: ValueSources) {
  const { partition, region, account } = Stack.of(scope);
  const tags = environmentTags(config);
  const { key, value } = backupTag(config.name);
  return {
    Environment: config.name,
    Region: region,
    UrlSuffix: Aws.URL_SUFFIX,
    Rds: `arn:${partition}:rds:${region}:${account}`,
    Alarms: `arn:${partition}:cloudwatch:${region}:${account}:alarm`,
    Parameters: `arn:${partition}:ssm:${region}:${account}:parameter`,
    MetricNamespace: METRIC_NAMESPACE,
    Tags: tagList(tags),
    RestoredTags: tagList({ ...tags, [RESTORED_TAG]: database.primary.instanceIdentifier }),
    BackupTagKey: key,
    BackupTagValue: value,
  } satisfies Partial<EnvironmentValues>;
}

/** Read from the resource of the primary, so that a server that a document makes cannot differ from it. */
function primaryValues({ config, database }: ValueSources) {
  const { resource: primary } = database.servers[0];
  return {
    Primary: database.primary.instanceIdentifier,
    PrimaryResourceId: database.primaryResourceId,
    PrimaryClass: primary.dbInstanceClass,
    PrimaryMaxStorage: primary.maxAllocatedStorage,
    PrimaryParameterGroup: primary.dbParameterGroupName,
    MultiAz: config.database.multiAz,
    RetentionDays: config.database.backupRetentionDays,
    MaintenanceWindow: config.database.maintenanceWindow,
    SubnetGroup: primary.dbSubnetGroupName,
    SecurityGroups: primary.vpcSecurityGroups,
    CaCertificate: primary.caCertificateIdentifier,
    LifecycleSupport: primary.engineLifecycleSupport,
    MonitoringSeconds: primary.monitoringInterval,
    MonitoringRole: primary.monitoringRoleArn,
    InsightsRetentionDays: primary.performanceInsightsRetentionPeriod,
    InsightsMode: primary.databaseInsightsMode,
    DataKey: primary.kmsKeyId,
  } satisfies Partial<EnvironmentValues>;
}

function accessValues({ config, database: { secrets }, proxy }: ValueSources) {
  return {
    WriterParameter: addressParameter(config.name, 'writer'),
    PrimaryParameter: addressParameter(config.name, 'primary'),
    MasterSecret: secrets.master.secretArn,
    ApplicationSecret: secrets.application.secretArn,
    Proxy: proxy?.proxyName,
    ProxyArn: proxy?.proxyArn,
    TargetGroup: proxy?.targetGroupArn,
  } satisfies Partial<EnvironmentValues>;
}

function approvalValues({ config, approvals, key }: ValueSources) {
  return {
    Topic: approvals.topic.topicArn,
    TopicKey: key.keyArn,
    Approvers: approvals.approvers,
    Approvals: config.recovery.approvals,
  } satisfies Partial<EnvironmentValues>;
}

/** By name: the stack of the drills comes after the one of the documents. */
function drillValues(scope: Construct, { config }: ValueSources) {
  return {
    RecoveryMachine: recoveryMachineArn(scope, config.name),
    Executions: Stack.of(scope).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: recoveryMachineName(config.name),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  } satisfies Partial<EnvironmentValues>;
}

function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
