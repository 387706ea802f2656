import { Stack, type StackProps } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Alert } from '../catalog/alerts';
import { compile } from '../catalog/compiler';
import { compileContext } from '../catalog/context';
import { METRIC_SOURCES } from '../catalog/metric-sources';
import type { EnvironmentConfig } from '../config/schema';
import { resourceNames } from '../constructs/alert-resources';
import { AlertSet } from '../constructs/alert-set';
import { BackupNotices } from '../constructs/backup-notices';
import type { Backups } from '../constructs/backups';
import { Collector } from '../constructs/collector';
import { Dashboards } from '../constructs/dashboards';
import type { Database } from '../constructs/database';
import type { FunctionPlace } from '../constructs/database-function';
import { drillMachineArn } from '../constructs/drill-names';
import { Inspector } from '../constructs/inspector';
import { NotificationTopics } from '../constructs/notification-topics';
import { ReaderRecords } from '../constructs/reader-records';
import { WeeklyTest } from '../constructs/weekly-test';

/** What watches the database. */
export interface MonitoringStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly database: Database;
  /** Default: there are none. */
  readonly backups?: Backups;
  readonly functionPlace: FunctionPlace;
  readonly logsKey: IKey;
  readonly alerts: readonly Alert[];
}

/** Metrics, alarms and where they go. */
export class MonitoringStack extends Stack {
  readonly topics: NotificationTopics;

  constructor(
    scope: Construct,
    id: string,
    { config, database, backups, functionPlace, logsKey, alerts, ...props }: MonitoringStackProps,
  ) {
    super(scope, id, props);
    const { name: environment, notifications } = config;
    new Collector(this, 'Collector', {
      environment,
      databaseName: config.database.databaseName,
      database,
      place: functionPlace,
    });
    const context = compileContext(config);
    new Inspector(this, 'Inspector', { environment, database, logs: functionPlace, drills: context.hasDrills });
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
    if (backups) new BackupNotices(this, 'BackupNotices', { environment, backups, topics });
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
