import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  type Credentials,
  DatabaseInsightsMode,
  type CfnDBInstance,
  DatabaseInstance,
  EngineLifecycleSupport,
  ParameterGroup,
} from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { acknowledge } from '../acknowledge';
import { decidedByConfiguration, SERVER_REASONS } from '../reasons';
import { primaryParameters } from '../../config/postgres-parameters';
import { acknowledgeWhatIsOff, MINOR_UPGRADE_RULES, postgresEngine, type ServerSettings } from './server-settings';

const BACKUPS_OFF = decidedByConfiguration(
  'backups are off: this environment’s data may be lost',
  'database.backupRetentionDays',
);

/** The primary server. */
export interface PrimaryProps {
  readonly config: EnvironmentConfig;
  readonly settings: ServerSettings;
  readonly credentials: Credentials;
  readonly key: IKey;
  /** Key in the recovery region, for the backups that RDS replicates there. Default: there is none. */
  readonly recoveryKey?: IKey;
}

/** The server that takes the writes: PostgreSQL 15, encrypted, private, backed up, with `multiAz` a standby in another zone. */
export class Primary extends Construct {
  readonly instance: DatabaseInstance;
  /** Restored instances use it as well. */
  readonly parameterGroup: ParameterGroup;

  constructor(scope: Construct, id: string, { config, settings, credentials, key, recoveryKey }: PrimaryProps) {
    super(scope, id);
    const { database } = config;
    const engine = postgresEngine(database.engineVersion);
    // Named for the major version: CloudFormation does not replace a group whose family changes
    // (https://github.com/aws/aws-cdk/issues/21100).
    this.parameterGroup = new ParameterGroup(this, 'Pg15', {
      engine,
      description: `PostgreSQL 15 primary of ${config.name}`,
      parameters: primaryParameters(config),
    });
    const { logs, ...named } = settings.named(this, 'primary');
    this.instance = new DatabaseInstance(this, 'Resource', {
      ...settings.common,
      ...named,
      engine,
      instanceType: new InstanceType(database.instanceClass),
      multiAz: database.multiAz,
      allocatedStorage: database.allocatedStorageGiB,
      maxAllocatedStorage: database.maxAllocatedStorageGiB,
      storageEncrypted: true,
      storageEncryptionKey: key,
      databaseName: database.databaseName,
      credentials,
      // No preferred backup window: AWS Backup manages it; a value here would be reset, or fail the next deployment.
      backupRetention: Duration.days(database.backupRetentionDays),
      deleteAutomatedBackups: !database.deletionProtection.enabled,
      // Set, because the default may cost money. Replicas have no such setting (CreateDBInstanceReadReplica).
      databaseInsightsMode:
        database.databaseInsights === 'advanced' ? DatabaseInsightsMode.ADVANCED : DatabaseInsightsMode.STANDARD,
      engineLifecycleSupport: database.extendedSupport
        ? EngineLifecycleSupport.OPEN_SOURCE_RDS_EXTENDED_SUPPORT
        : EngineLifecycleSupport.OPEN_SOURCE_RDS_EXTENDED_SUPPORT_DISABLED,
      // Where its creation is rolled back, a primary without data is deleted, once its deletion protection is off (lib/stacks/README.md).
      removalPolicy: database.deletionProtection.enabled
        ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
        : RemovalPolicy.SNAPSHOT,
      parameterGroup: this.parameterGroup,
    });
    this.instance.node.addDependency(logs);
    this.replicateBackups(config, recoveryKey);
    this.acknowledgeFindings(config);
  }

  /** Set on the L1 construct: the L2 construct has no such property. */
  private replicateBackups(
    { backups: { recoveryRegion, crossRegionPointInTime } }: EnvironmentConfig,
    recoveryKey: IKey | undefined,
  ): void {
    if (!crossRegionPointInTime) return;
    const instance = this.instance.node.defaultChild as CfnDBInstance;
    instance.automaticBackupReplicationRegion = recoveryRegion;
    instance.automaticBackupReplicationKmsKeyId = recoveryKey?.keyArn;
    instance.automaticBackupReplicationRetentionPeriod = crossRegionPointInTime.retentionDays;
  }

  private acknowledgeFindings({ database }: EnvironmentConfig): void {
    acknowledge(this, ['AwsSolutions-RDS11'], SERVER_REASONS.port);
    acknowledge(this, MINOR_UPGRADE_RULES, SERVER_REASONS.minorVersion);
    acknowledgeWhatIsOff(this, database);
    const isBackedUp = database.backupRetentionDays > 0;
    acknowledge(
      this,
      ['NIST.800.53.R5-RDSInBackupPlan', 'HIPAA.Security-RDSInBackupPlan'],
      isBackedUp ? SERVER_REASONS.backupPlanElsewhere : BACKUPS_OFF,
    );
    if (!isBackedUp) {
      acknowledge(
        this,
        ['AwsSolutions-RDS13', 'NIST.800.53.R5-RDSInstanceBackupEnabled', 'HIPAA.Security-RDSInstanceBackupEnabled'],
        BACKUPS_OFF,
      );
    }
    if (!database.multiAz) {
      acknowledge(
        this,
        ['AwsSolutions-RDS3', 'NIST.800.53.R5-RDSMultiAZSupport', 'HIPAA.Security-RDSMultiAZSupport'],
        decidedByConfiguration(
          'this environment serves no customer: it may wait for the end of a zone’s outage',
          'database.multiAz',
        ),
      );
    }
  }
}
