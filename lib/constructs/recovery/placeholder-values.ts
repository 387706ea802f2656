import { Aws, Stack } from 'aws-cdk-lib';
import type { CfnDBInstance, IDatabaseInstance } from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { METRIC_NAMESPACE } from '../../contract/metrics';
import type { Fact } from '../../recovery-documents/fill-in';
import { addressParameter } from '../../contract/parameter-folder';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { environmentTags } from '../../config/tags';
import { backupTag, RESTORED_TAG } from '../backup/backup-tag';
import type { Database } from '../database/database';
import type { DatabaseServer } from '../database/database-server';

/** What the recovery documents know of an environment. */
export interface EnvironmentValuesProps {
  readonly config: EnvironmentConfig;
  readonly database: Database;
}

/**
 * Names and settings of the environment for the documents. A server made by a recovery is stated with what the stack states of the
 * one in its place, read from the very resource, so that the two cannot drift.
 * @param scope in whose stack the documents are
 */
export function environmentValues(
  scope: Construct,
  { config, database }: EnvironmentValuesProps,
): Record<string, Fact> {
  const { partition, region, account } = Stack.of(scope);
  const arn = (service: string, rest: string) => `arn:${partition}:${service}:${region}:${account}:${rest}`;
  const primary = resourceOf(database.primary);
  return {
    Environment: config.name,
    Region: region,
    UrlSuffix: Aws.URL_SUFFIX,
    Rds: `arn:${partition}:rds:${region}:${account}`,
    Alarms: arn('cloudwatch', 'alarm'),
    Parameters: arn('ssm', 'parameter'),
    MetricNamespace: METRIC_NAMESPACE,
    Primary: database.primary.instanceIdentifier,
    PrimaryResourceId: database.primary.instanceResourceId,
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
    Tags: tagList(environmentTags(config)),
    RestoredTags: tagList({ ...environmentTags(config), [RESTORED_TAG]: database.primary.instanceIdentifier }),
    BackupTagKey: backupTag(config.name).key,
    BackupTagValue: backupTag(config.name).value,
    WriterParameter: addressParameter(config.name, 'writer'),
    PrimaryParameter: addressParameter(config.name, 'primary'),
    MasterSecret: database.secrets.master.secretArn,
    ApplicationSecret: database.secrets.application.secretArn,
    Proxy: database.proxyName,
    ProxyArn: database.proxy?.proxy.dbProxyArn,
    TargetGroup: database.proxy?.targetGroupArn,
  };
}

/** What the documents of one replica know besides. */
export function replicaValues({ name, instance }: DatabaseServer): Record<string, Fact> {
  const replica = resourceOf(instance);
  return {
    Server: name,
    Replica: instance.instanceIdentifier,
    ReplicaClass: replica.dbInstanceClass,
    ReplicaZone: replica.availabilityZone,
    ReplicaMaxStorage: replica.maxAllocatedStorage,
    ReplicaParameterGroup: replica.dbParameterGroupName,
  };
}

function resourceOf(instance: IDatabaseInstance): CfnDBInstance {
  return instance.node.defaultChild as CfnDBInstance;
}

function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
