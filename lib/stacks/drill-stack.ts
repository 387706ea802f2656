import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/schema';
import type { Database } from '../constructs/database';
import type { FunctionPlace } from '../constructs/database-function';
import type { NotificationTopics } from '../constructs/notification-topics';
import { type DrillConfig, RestoreDrill } from '../constructs/restore-drill';

/** Restore drills of one environment, in its own region. */
export interface DrillStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly drills: DrillConfig;
  readonly database: Database;
  readonly functionPlace: FunctionPlace;
  readonly topics: NotificationTopics;
}

/** After the monitoring, whose topics the drills tell their results. */
export class DrillStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { config, drills, database, functionPlace, topics, ...props }: DrillStackProps,
  ) {
    super(scope, id, props);
    new RestoreDrill(this, 'RestoreDrill', {
      config,
      drills,
      source: { instanceId: database.primary.instanceIdentifier },
      database,
      ground: database.restoreGround,
      place: functionPlace,
      topics: { succeeded: topics.byName.info, failed: topics.byName.warning },
    });
  }
}
