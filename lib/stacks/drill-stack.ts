import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { drillPlacement } from '../config/derived/drill-placement';
import type { DrillSettings } from '../config/schema/drills';
import type { EnvironmentConfig } from '../config/schema/environment';
import { RestoreTesting } from '../constructs/backup/restore-testing';
import { RestoreDrill } from '../constructs/drills/restore-drill';
import type { BackupStack } from './backup-stack';
import type { DatabaseStack } from './database-stack';
import type { MonitoringStack } from './monitoring-stack';
import type { NetworkStack } from './network-stack';

/** Restore drills of one environment in its home region. */
export interface DrillStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly drills: DrillSettings;
  readonly network: NetworkStack;
  readonly database: DatabaseStack;
  /** Default: there are no snapshots to test. */
  readonly backup?: BackupStack;
  /** Its topics receive the results. */
  readonly monitoring: MonitoringStack;
}

/** The restore drills, and the restore tests of AWS Backup. */
export class DrillStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { config, drills, network, database: { database }, backup, monitoring, ...props }: DrillStackProps,
  ) {
    super(scope, id, props);
    const { topics } = monitoring;
    const drill = new RestoreDrill(this, 'RestoreDrill', {
      config,
      drills,
      source: { instanceId: database.primary.instanceIdentifier },
      database,
      resources: database.restoreResources,
      placement: network.functionPlacement,
      topics: { succeeded: topics.byName.info, failed: topics.byName.warning },
      kinds: drillPlacement(config).home,
    });
    const settings = config.backups.restoreTesting;
    if (settings && backup) {
      new RestoreTesting(this, 'RestoreTesting', {
        config,
        settings,
        database,
        vault: backup.backups.vault,
        check: drill.check.function,
        securityGroup: drill.restoredSecurityGroup,
        topics,
        logs: network.functionPlacement,
      });
    }
  }
}
