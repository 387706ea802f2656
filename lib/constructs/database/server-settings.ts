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
import { acknowledge, servicePolicyRules } from '../acknowledge';
import { decidedByConfiguration, PERMISSION_REASONS } from '../reasons';
import { serverIdentifier, ServerLogs } from './server-logs';

/** The option group that RDS gives a PostgreSQL 15 server; it checks the caller's permission on it (RDS User Guide, "Default option groups"). */
export const DEFAULT_OPTION_GROUP = 'default:postgres-15';

/** Findings on servers without automatic minor upgrades. */
export const MINOR_UPGRADE_RULES = [
  'HIPAA.Security-RDSAutomaticMinorVersionUpgradeEnabled',
  'PCI.DSS.321-RDSAutomaticMinorVersionUpgradeEnabled',
];

/** Settings that all servers share. */
export interface ServerSettingsProps {
  readonly config: EnvironmentConfig;
  readonly vpc: IVpc;
  readonly subnets: ISubnet[];
  readonly securityGroup: SecurityGroup;
  readonly key: IKey;
  /** Encrypts the servers' log groups. */
  readonly logsKey: IKey;
}

/** The engine of the primary and the parameter groups of an environment, pinned to its minor version. */
export function postgresEngine(engineVersion: string): IInstanceEngine {
  const version = PostgresEngineVersion.of(engineVersion, engineVersion.split('.')[0] ?? '', {
    s3Import: true,
    s3Export: true,
  });
  return DatabaseInstanceEngine.postgres({ version });
}

/** Properties that the primary and its replicas share: subnet group, monitoring role, protection, logs. */
export class ServerSettings extends Construct {
  readonly common: Omit<DatabaseInstanceReadReplicaProps, 'sourceDatabaseInstance' | 'instanceType'>;
  /** Subnets of the servers. */
  readonly subnetGroup: SubnetGroup;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ServerSettingsProps,
  ) {
    super(scope, id);
    const { config, vpc, subnets, securityGroup, key } = props;
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
      // The version is pinned: after an automatic upgrade the next deployment would try to downgrade.
      autoMinorVersionUpgrade: false,
      preferredMaintenanceWindow: database.maintenanceWindow,
      deletionProtection: database.deletionProtection.enabled,
      // Changes that restart a server, such as its class or version, wait for the maintenance window. A static parameter does not: no
      // window applies it, only a restart does (RDS User Guide, "Parameter groups"), and the alert PostgreSQLParametersPending asks for one.
      applyImmediately: false,
      enablePerformanceInsights: true,
      performanceInsightEncryptionKey: key,
      performanceInsightRetention:
        database.databaseInsights === 'advanced'
          ? PerformanceInsightRetention.MONTHS_15
          : PerformanceInsightRetention.DEFAULT,
      ...this.enhancedMonitoring(database.enhancedMonitoringSeconds),
    };
  }

  /**
   * The identifier of a server and its exported logs, whose groups are made below `scope`.
   * @param name such as `replica-1`
   * @param properties see serverIdentifier
   */
  named(
    scope: Construct,
    name: string,
    properties: readonly string[] = [],
  ): { readonly logs: ServerLogs } & Pick<
    DatabaseInstanceReadReplicaProps,
    'instanceIdentifier' | 'cloudwatchLogsExports'
  > {
    const { config, logsKey: key } = this.props;
    const instanceIdentifier = serverIdentifier(config.name, name, properties);
    const logs = new ServerLogs(scope, 'Logs', {
      identifier: instanceIdentifier,
      retention: config.logRetentionDays,
      key,
    });
    return { logs, instanceIdentifier, cloudwatchLogsExports: logs.exported };
  }

  /** One role for all servers: by default CDK creates one for each. */
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
      servicePolicyRules('AmazonRDSEnhancedMonitoringRole'),
      PERMISSION_REASONS.servicePolicy,
    );
    return { monitoringInterval: Duration.seconds(seconds), monitoringRole };
  }
}

/** Accepts on a server what the configuration switches off for all servers. */
export function acknowledgeWhatIsOff(
  server: Construct,
  { deletionProtection, enhancedMonitoringSeconds }: EnvironmentConfig['database'],
): void {
  if (!deletionProtection.enabled) {
    acknowledge(
      server,
      [
        'AwsSolutions-RDS10',
        'NIST.800.53.R5-RDSInstanceDeletionProtectionEnabled',
        'HIPAA.Security-RDSInstanceDeletionProtectionEnabled',
      ],
      decidedByConfiguration(deletionProtection.reason, 'database.deletionProtection'),
    );
  }
  if (enhancedMonitoringSeconds === 0) {
    acknowledge(
      server,
      ['NIST.800.53.R5-RDSEnhancedMonitoringEnabled', 'HIPAA.Security-RDSEnhancedMonitoringEnabled'],
      decidedByConfiguration(
        'Enhanced Monitoring is off; RDS still reports CPU, memory, storage and load of each server',
        'database.enhancedMonitoringSeconds',
      ),
    );
  }
}
