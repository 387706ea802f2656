import { Stack, type StackProps } from 'aws-cdk-lib';
import type { IBackupVault } from 'aws-cdk-lib/aws-backup';
import type { Construct } from 'constructs';
import type { DrillKind } from '../contract/drill';
import type { DrillSettings } from '../config/schema/drills';
import type { EnvironmentConfig } from '../config/schema/environment';
import type { Database } from '../constructs/database/database';
import type { FunctionPlacement } from '../constructs/functions/database-function';
import type { NotificationTopics } from '../constructs/notifications/notification-topics';
import { RestoreDrill } from '../constructs/drills/restore-drill';
import { RestoreTesting } from '../constructs/backup/restore-testing';

/** Restore drills of one environment, in its own region, and the restore tests of AWS Backup. */
export interface DrillStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly drills: DrillSettings;
  readonly database: Database;
  readonly functionPlacement: FunctionPlacement;
  readonly topics: NotificationTopics;
  /** What runs by itself; on demand all kinds do. Default: all. */
  readonly kinds?: readonly DrillKind[];
  /** Holds the snapshots. Default: there are none. */
  readonly vault?: IBackupVault;
}

/** After the monitoring, whose topics the drills tell their results. */
export class DrillStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { config, drills, database, functionPlacement, topics, kinds, vault, ...props }: DrillStackProps,
  ) {
    super(scope, id, props);
    const drill = new RestoreDrill(this, 'RestoreDrill', {
      config,
      drills,
      source: { instanceId: database.primary.instanceIdentifier },
      database,
      resources: database.restoreResources,
      placement: functionPlacement,
      topics: { succeeded: topics.byName.info, failed: topics.byName.warning },
      kinds,
    });
    const settings = config.backups.restoreTesting;
    if (settings && vault) {
      new RestoreTesting(this, 'RestoreTesting', {
        config,
        settings,
        database,
        vault,
        check: drill.check.function,
        securityGroup: drill.restoredSecurityGroup,
        topics,
        logs: functionPlacement,
      });
    }
  }
}
