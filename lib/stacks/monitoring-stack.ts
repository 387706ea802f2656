import { Stack, type StackProps } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { loadAlerts } from '../catalog/alerts';
import { compileAlert } from '../catalog/compiler';
import { METRIC_SOURCES } from '../catalog/metric-sources';
import type { EnvironmentConfig } from '../config/schema';
import { AlertSet } from '../constructs/alert-set';
import { Collector } from '../constructs/collector';
import type { Database } from '../constructs/database';
import type { FunctionPlace } from '../constructs/database-function';
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
    const servers = database.servers.map(({ name }) => name);
    const topics = new NotificationTopics(this, 'Topics', { key: logsKey, emails: config.notifications.emails });
    new AlertSet(this, 'Alarms', {
      alarms: loadAlerts().flatMap((alert) =>
        compileAlert(alert, METRIC_SOURCES, { environment: config.name, servers }),
      ),
      topics: topics.bySeverity,
      runbookBaseUrl: config.notifications.runbookBaseUrl,
    });
  }
}
