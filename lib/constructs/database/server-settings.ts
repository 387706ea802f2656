import { Duration } from 'aws-cdk-lib';
import type { ISubnet, IVpc, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  CaCertificate,
  DatabaseInstanceEngine,
  type DatabaseInstanceReadReplicaProps,
  type IInstanceEngine,
  PerformanceInsightRetention,
  PostgresEngineVersion,
  StorageType,
  SubnetGroup,
} from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { acknowledge } from '../acknowledge';

/** What the packs say of servers that do not upgrade themselves, and why ours do not. */
export const MINOR_UPGRADE_RULES = [
  'HIPAA.Security-RDSAutomaticMinorVersionUpgradeEnabled',
  'PCI.DSS.321-RDSAutomaticMinorVersionUpgradeEnabled',
];
/** Stands beside MINOR_UPGRADE_RULES. */
export const MINOR_UPGRADE_REASON =
  'the minor version is pinned in the configuration and raised by a deployment, replicas first; an upgrade by RDS would be drift';

/** Where the servers stand and what protects them. */
export interface ServerSettingsProps {
  readonly config: EnvironmentConfig;
  readonly vpc: IVpc;
  readonly subnets: ISubnet[];
  readonly securityGroup: SecurityGroup;
  readonly key: IKey;
}

/** The engine of every server and parameter group of an environment, pinned to its minor version. */
export function postgresEngine(engineVersion: string): IInstanceEngine {
  const version = PostgresEngineVersion.of(engineVersion, engineVersion.split('.')[0] ?? '', {
    s3Import: true,
    s3Export: true,
  });
  return DatabaseInstanceEngine.postgres({ version });
}

/** What the primary and its replicas have in common: one subnet group, one monitoring role, the same protection. */
export class ServerSettings extends Construct {
  readonly common: Omit<DatabaseInstanceReadReplicaProps, 'sourceDatabaseInstance' | 'instanceType'>;
  /** Where the servers stand. */
  readonly subnetGroup: SubnetGroup;

  constructor(scope: Construct, id: string, { config, vpc, subnets, securityGroup, key }: ServerSettingsProps) {
    super(scope, id);
    const { database } = config;
    this.subnetGroup = new SubnetGroup(this, 'SubnetGroup', {
      vpc,
      vpcSubnets: { subnets },
      description: `Isolated subnets of the ${config.name} database`,
    });
    this.common = {
      vpc,
      subnetGroup: this.subnetGroup,
      securityGroups: [securityGroup],
      publiclyAccessible: false,
      storageType: StorageType.GP3,
      iops: database.iops,
      storageThroughput: database.throughputMiBps,
      caCertificate: CaCertificate.RDS_CA_RSA2048_G1,
      iamAuthentication: true,
      copyTagsToSnapshot: true,
      // The version is pinned here: an upgrade by RDS itself would make the next deployment try to go back.
      autoMinorVersionUpgrade: false,
      preferredMaintenanceWindow: database.maintenanceWindow,
      deletionProtection: database.deletionProtection.enabled,
      // A parameter group with static parameters restarts the server on every update of it: only in the window, then.
      applyImmediately: false,
      enablePerformanceInsights: true,
      performanceInsightEncryptionKey: key,
      performanceInsightRetention:
        database.databaseInsights === 'advanced'
          ? PerformanceInsightRetention.MONTHS_15
          : PerformanceInsightRetention.DEFAULT,
      cloudwatchLogsExports: ['postgresql', 'upgrade'],
      cloudwatchLogsRetention: config.logRetentionDays,
      ...this.enhancedMonitoring(database.enhancedMonitoringSeconds),
    };
  }

  /** One role for all servers: the default makes one for each. */
  private enhancedMonitoring(
    seconds: number,
  ): Pick<DatabaseInstanceReadReplicaProps, 'monitoringInterval' | 'monitoringRole'> {
    if (seconds === 0) return {};
    const monitoringRole = new Role(this, 'MonitoringRole', {
      description: 'Lets Enhanced Monitoring write the metrics of the servers to CloudWatch Logs',
      assumedBy: new ServicePrincipal('monitoring.rds.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonRDSEnhancedMonitoringRole')],
    });
    acknowledge(
      monitoringRole,
      ['AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole]'],
      'RDS documents this managed policy for Enhanced Monitoring; it writes to the log groups RDSOSMetrics and nothing else',
    );
    return { monitoringInterval: Duration.seconds(seconds), monitoringRole };
  }
}
