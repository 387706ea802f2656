import { Stack, type StackProps } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { loadAlerts } from '../catalog/alerts';
import { compile } from '../catalog/compiler';
import { compileContext } from '../catalog/context';
import { METRIC_SOURCES } from '../catalog/metric-sources';
import type { EnvironmentConfig } from '../config/schema';
import { AlertSet } from '../constructs/alert-set';
import { Collector } from '../constructs/collector';
import type { Database } from '../constructs/database';
import type { FunctionPlace } from '../constructs/database-function';
import { Inspector } from '../constructs/inspector';
import { NotificationTopics } from '../constructs/notification-topics';

/** What watches the database. */
export interface MonitoringStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly database: Database;
  readonly functionPlace: FunctionPlace;
  readonly logsKey: IKey;
}

/** Metrics, alarms and where they go. */
export class MonitoringStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { config, database, functionPlace, logsKey, ...props }: MonitoringStackProps,
  ) {
    super(scope, id, props);
    new Collector(this, 'Collector', {
      environment: config.name,
      databaseName: config.database.databaseName,
      database,
      place: functionPlace,
    });
    new Inspector(this, 'Inspector', { environment: config.name, database, logs: functionPlace });
    const topics = new NotificationTopics(this, 'Topics', { key: logsKey, emails: config.notifications.emails });
    new AlertSet(this, 'Alarms', {
      alarms: compile(loadAlerts(), METRIC_SOURCES, compileContext(config)).alarms,
      nameOf: ({ kind, name }) => {
        const server = database.servers.find((candidate) => kind === 'server' && candidate.name === name);
        return server?.instance.instanceIdentifier ?? `${kind}-${name}`;
      },
      topics: topics.bySeverity,
      runbookBaseUrl: config.notifications.runbookBaseUrl,
    });
  }
}
