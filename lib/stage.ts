import { Stage, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { DRILL_KINDS } from './contract/drill';
import { type Alert, loadAlerts } from './monitoring/alerts';
import type { EnvironmentConfig } from './config/schema/environment';
import { environmentTags } from './config/tags';
import { BackupStack } from './stacks/backup-stack';
import { DatabaseStack } from './stacks/database-stack';
import { DrillStack } from './stacks/drill-stack';
import { MonitoringStack } from './stacks/monitoring-stack';
import { NetworkStack } from './stacks/network-stack';
import { OperationsStack } from './stacks/operations-stack';
import { RECOVERY_REGION_DRILLS, RecoveryDrillStack } from './stacks/recovery-drill-stack';
import { RecoveryStack } from './stacks/recovery-stack';

/** One environment: the only place where its stacks are wired together. */
export class DatabaseStage extends Stage {
  readonly network: NetworkStack;
  readonly database: DatabaseStack;
  readonly operations: OperationsStack;
  readonly backup: BackupStack | undefined;
  /** In another region. */
  readonly recovery: RecoveryStack | undefined;
  readonly monitoring: MonitoringStack;
  readonly drills: DrillStack | undefined;
  /** In the recovery region, where RDS replicates the backups there. */
  readonly recoveryDrills: RecoveryDrillStack | undefined;

  /** @param alerts what is watched; default: alerts.yml */
  constructor(scope: Construct, config: EnvironmentConfig, alerts: readonly Alert[] = loadAlerts()) {
    super(scope, config.name, { env: { account: config.accountId, region: config.region } });
    this.network = new NetworkStack(this, 'Network', { config });
    const { network, logsKey, functionPlacement } = this.network;
    this.recovery = this.recoveryStack(config);
    const recoveryKey = this.recovery?.key;
    this.database = new DatabaseStack(this, 'Database', { config, network, logsKey, recoveryKey });
    const { database } = this.database;
    this.backup = this.backupStack(config);
    this.operations = new OperationsStack(this, 'Operations', { config, database, functionPlacement });
    this.monitoring = new MonitoringStack(this, 'Monitoring', {
      config,
      alerts,
      database,
      backups: this.backup?.backups,
      functionPlacement,
      logsKey,
    });
    // The collector logs in as a role that the migrations make.
    this.monitoring.addStackDependency(this.operations);

    const { drills } = config;
    this.recoveryDrills = this.recoveryDrillStack(config);
    this.drills = !drills
      ? undefined
      : new DrillStack(this, 'Drills', {
          config,
          drills,
          database,
          functionPlacement,
          topics: this.monitoring.topics,
          kinds: this.recoveryDrills && DRILL_KINDS.filter((kind) => !RECOVERY_REGION_DRILLS.includes(kind)),
          vault: this.backup?.backups.vault,
        });

    for (const [key, value] of Object.entries(environmentTags(config))) Tags.of(this).add(key, value);
  }

  private recoveryStack(config: EnvironmentConfig): RecoveryStack | undefined {
    const { recoveryRegion } = config.backups;
    const env = { account: config.accountId, region: recoveryRegion };
    return recoveryRegion === undefined ? undefined : new RecoveryStack(this, 'Recovery', { config, env });
  }

  private recoveryDrillStack(config: EnvironmentConfig): RecoveryDrillStack | undefined {
    const { drills, backups } = config;
    if (!this.recovery || !backups.crossRegionPointInTime || !drills) return undefined;
    const { network, key } = this.recovery;
    const { primary } = this.database.database;
    const env = { account: config.accountId, region: backups.recoveryRegion };
    return new RecoveryDrillStack(this, 'RecoveryDrills', { config, drills, primary, network, key, env });
  }

  private backupStack(config: EnvironmentConfig): BackupStack | undefined {
    const recoveryVault = this.recovery?.vault;
    return config.database.backupRetentionDays > 0
      ? new BackupStack(this, 'Backup', { config, recoveryVault })
      : undefined;
  }
}
