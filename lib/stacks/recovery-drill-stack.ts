import { Stack, type StackProps } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CfnDBInstance, IDatabaseInstance } from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import type { DrillKind } from '../contract/drill';
import type { DrillSettings } from '../config/schema/drills';
import type { EnvironmentConfig } from '../config/schema/environment';
import { emailTopic } from '../constructs/notifications/email-topic';
import type { RecoveryNetwork } from '../constructs/network/recovery-network';
import { RestoreDrill } from '../constructs/drills/restore-drill';

/** Drills that run in the recovery region where RDS replicates the backups there, and by themselves nowhere else then. */
export const RECOVERY_REGION_DRILLS: readonly DrillKind[] = ['full'];

/** Restore drills of one environment in its recovery region. */
export interface RecoveryDrillStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly drills: DrillSettings;
  /** In the home region; RDS replicates its backups to the region of this stack. */
  readonly primary: IDatabaseInstance;
  /** Where copies are restored to. */
  readonly network: RecoveryNetwork;
  /** Encrypts the replicated backups, hence the copies; and logs and notices. */
  readonly key: IKey;
}

/**
 * Proves that the database comes back without its home region: from what RDS replicated, with the network, parameters and key that are
 * there. The alarm on failed drills watches the home region, so a topic here tells the addresses.
 */
export class RecoveryDrillStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { config, drills, primary, network, key, ...props }: RecoveryDrillStackProps,
  ) {
    super(scope, id, props);
    const topic = emailTopic(this, 'Notices', {
      displayName: 'Database drills: recovery region',
      key,
      emails: config.notifications.emails,
    });
    new RestoreDrill(this, 'RestoreDrill', {
      config,
      drills,
      source: { resourceId: (primary.node.defaultChild as CfnDBInstance).attrDbiResourceId },
      resources: {
        subnetGroupName: network.subnetGroup.subnetGroupName,
        parameterGroupName: network.parameterGroupName,
        key,
      },
      placement: {
        vpc: network.vpc,
        subnets: network.applicationSubnets,
        logsKey: key,
        logRetentionDays: config.logRetentionDays,
      },
      topics: { succeeded: topic, failed: topic },
      kinds: RECOVERY_REGION_DRILLS,
    });
  }
}
