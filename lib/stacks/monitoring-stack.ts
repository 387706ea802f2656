import { Stack, type StackProps } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Alert } from '../monitoring/alerts';
import { compile } from '../monitoring/compiler/compile';
import { compileContext } from '../monitoring/context';
import { METRIC_SOURCES } from '../monitoring/sources/metric-sources';
import type { EnvironmentConfig } from '../config/schema/environment';
import { resourceNames } from '../constructs/monitoring/alert-resources';
import { AlertSet } from '../constructs/monitoring/alert-set';
import { BackupNotifications } from '../constructs/backup/backup-notifications';
import type { Backups } from '../constructs/backup/backups';
import { Collector } from '../constructs/monitoring/collector';
import { Dashboards } from '../constructs/monitoring/dashboards';
import type { Database } from '../constructs/database/database';
import type { FunctionPlacement } from '../constructs/functions/database-function';
import { drillMachineArn } from '../constructs/drills/drill-machine-arn';
import { Inspector } from '../constructs/monitoring/inspector';
import { NotificationTopics } from '../constructs/notifications/notification-topics';
import { ReaderRecords } from '../constructs/monitoring/reader-records';
import { WeeklyTest } from '../constructs/notifications/weekly-test';

/** What watches the database. */
export interface MonitoringStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly database: Database;
  /** Default: there are none. */
  readonly backups?: Backups;
  readonly functionPlacement: FunctionPlacement;
  readonly logsKey: IKey;
  readonly alerts: readonly Alert[];
}

/** Metrics, alarms and where they go. */
export class MonitoringStack extends Stack {
  readonly topics: NotificationTopics;

  constructor(
    scope: Construct,
    id: string,
    { config, database, backups, functionPlacement, logsKey, alerts, ...props }: MonitoringStackProps,
  ) {
    super(scope, id, props);
    const { name: environment, notifications } = config;
    new Collector(this, 'Collector', {
      environment,
      databaseName: config.database.databaseName,
      database,
      placement: functionPlacement,
    });
    const context = compileContext(config);
    new Inspector(this, 'Inspector', { environment, database, logs: functionPlacement, drills: context.hasDrills });
    const compilation = compile(alerts, METRIC_SOURCES, context);
    const topics = new NotificationTopics(this, 'Topics', { environment, key: logsKey, notifications });
    this.topics = topics;
    const nameOf = resourceNames({
      database,
      topics,
      vault: backups?.vault,
      drillMachineArn: drillMachineArn(this, environment),
    });
    const { alarms } = new AlertSet(this, 'Alarms', { config, compilation, database, backups, topics, nameOf });
    if (backups) new BackupNotifications(this, 'BackupNotices', { environment, backups, topics });
    new Dashboards(this, 'Dashboards', {
      ...context,
      compilation,
      region: this.region,
      nameOf,
      runbookBaseUrl: notifications.runbookBaseUrl,
      worstSalonQueries: `${environment}/worst salons`,
    });
    new WeeklyTest(this, 'WeeklyTest', { environment, topics, key: logsKey });
    new ReaderRecords(this, 'Reader', { database, compiled: compilation.alarms, alarms });
  }
}
