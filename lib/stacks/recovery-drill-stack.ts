import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { drillPlacement } from '../config/derived/drill-placement';
import type { DrillSettings } from '../config/schema/drills';
import type { EnvironmentConfig } from '../config/schema/environment';
import { InterruptedDrills } from '../constructs/drills/interrupted-drills';
import { RestoreDrill } from '../constructs/drills/restore-drill';
import { emailTopic } from '../constructs/notifications/email-topic';
import type { DatabaseStack } from './database-stack';
import { recoveryEnvironment, type RecoveryStack } from './recovery-stack';

/** Restore drills of one environment in its recovery region. */
export interface RecoveryDrillStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly drills: DrillSettings;
  /** In the home region; RDS replicates the backups of its primary to the recovery region. */
  readonly database: DatabaseStack;
  readonly recovery: RecoveryStack;
}

/**
 * Proves that the database can be restored without its home region: from the backups that RDS replicated, with the network, parameters
 * and key of the recovery region. The alarm on failed drills watches the home region, so a topic here notifies the email addresses, also of
 * runs that were stopped or timed out.
 */
export class RecoveryDrillStack extends Stack {
  /** Notifies people of the drills. */
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { config, drills, database, recovery, ...props }: RecoveryDrillStackProps) {
    super(scope, id, { env: recoveryEnvironment(config), ...props });
    const { network, key } = recovery;
    const topic = (this.topic = emailTopic(this, 'Notices', {
      displayName: 'Database drills: recovery region',
      key,
      emails: config.notifications.emails,
    }));
    const { stateMachine } = new RestoreDrill(this, 'RestoreDrill', {
      config,
      drills,
      source: { resourceId: database.database.primaryResourceId },
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
      kinds: drillPlacement(config).recoveryRegion,
    });
    new InterruptedDrills(this, 'Interrupted', { environment: config.name, stateMachine, topic, key });
  }
}
