import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/schema/environment';
import { BackupNotifications } from '../constructs/backup/backup-notifications';
import { ScheduledJobs } from '../constructs/care/scheduled-jobs';
import { drillMachineArn } from '../constructs/drills/drill-machine-arn';
import { resourceIds, resourceNames } from '../constructs/monitoring/alert-resources';
import { AlertSet } from '../constructs/monitoring/alert-set';
import { Collector } from '../constructs/monitoring/collector';
import { Dashboards } from '../constructs/monitoring/dashboards';
import { Inspector } from '../constructs/monitoring/inspector';
import { ReaderRecords } from '../constructs/monitoring/reader-records';
import { CostAlerts } from '../constructs/notifications/cost-alerts';
import { NotificationTopics } from '../constructs/notifications/notification-topics';
import { WeeklyTest } from '../constructs/notifications/weekly-test';
import type { Alert } from '../monitoring/alerts';
import { compile } from '../monitoring/compiler/compile';
import { compileContext } from '../monitoring/context';
import { METRIC_SOURCES } from '../monitoring/sources/metric-sources';
import type { AccessStack } from './access-stack';
import type { BackupStack } from './backup-stack';
import type { CacheStack } from './cache-stack';
import type { DatabaseStack } from './database-stack';
import type { MigrationsStack } from './migrations-stack';
import type { NetworkStack } from './network-stack';
import type { PeopleStack } from './people-stack';

/** Monitoring of one environment. */
export interface MonitoringStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly alerts: readonly Alert[];
  readonly network: NetworkStack;
  readonly database: DatabaseStack;
  /** Alarms watch its proxy. */
  readonly access: AccessStack;
  /** An alert tells its log-ins from other people's. */
  readonly migrations: MigrationsStack;
  /** Default: people have no access. */
  readonly people?: PeopleStack;
  /** Default: there is no cache. */
  readonly cache?: CacheStack;
  /** Default: there are no backups. */
  readonly backup?: BackupStack;
  /** Topics of other stacks that notify people. The inspector counts the subscriptions of all. */
  readonly otherTopics: readonly Topic[];
}

/** Metrics, alarms, dashboards and notifications. */
export class MonitoringStack extends Stack {
  readonly topics: NotificationTopics;

  constructor(
    scope: Construct,
    id: string,
    { config, alerts, network, access: { access }, migrations, people, cache, backup, ...props }: MonitoringStackProps,
  ) {
    super(scope, id, props);
    const { database } = props.database;
    const { name: environment, notifications, budget } = config;
    const { functionPlacement: placement, logsKey: key } = network;
    const backups = backup?.backups;
    const context = compileContext(config);
    const compilation = compile(alerts, METRIC_SOURCES, context);
    const { databaseName } = config.database;
    const collector = new Collector(this, 'Collector', { environment, databaseName, database, placement });
    const machineArn = drillMachineArn(this, environment);
    const topics = (this.topics = new NotificationTopics(this, 'Topics', { config, key }));
    const inspector = new Inspector(this, 'Inspector', {
      environment,
      database,
      logs: placement,
      drillMachineArn: context.hasDrills ? machineArn : undefined,
      topics: [...Object.values(topics.byName), ...props.otherTopics],
    });
    const jobs = new ScheduledJobs(this, 'Jobs', { config, database, placement, topic: topics.byName.info, key });
    const nameOf = resourceNames({
      database,
      proxy: access.proxy,
      cache: cache?.cache,
      topics,
      vault: backups?.vault,
      drillMachineArn: machineArn,
      rotationFunctions: { master: database.masterRotationFunction, application: access.rotationFunction },
      jobFunctions: jobs.functionNames,
    });
    const { alarms } = new AlertSet(this, 'Alarms', {
      config,
      compilation,
      database,
      backups,
      migrate: migrations.migrations.function,
      people: people?.access,
      topics,
      nameOf,
      publishers: [collector.schedule, inspector.schedule],
    });
    if (budget) new CostAlerts(this, 'Costs', { config, budget, topic: topics.byName.warning });
    if (backups) new BackupNotifications(this, 'BackupNotices', { environment, backups, topics });
    new Dashboards(this, 'Dashboards', {
      ...context,
      compilation,
      region: this.region,
      nameOf,
      resourceIdOf: resourceIds(database),
      collectorLog: collector.logGroupName,
      runbookBaseUrl: notifications.runbookBaseUrl,
      worstSalonQueries: `${environment}/worst salons`,
    });
    new WeeklyTest(this, 'WeeklyTest', { environment, topics, key });
    new ReaderRecords(this, 'Reader', { database, compilation, alarms });
  }
}
