import { Duration } from 'aws-cdk-lib';
import type { CfnAlarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Alarm, type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct, type IDependable } from 'constructs';
import { worstSalonQueryName } from '../../contract/worst-salons';
import { loadCollection, salonMetrics } from '../../monitoring/collection';
import type { Compilation, CompiledAlarm, ResourceName } from '../../monitoring/compiler/compiled';
import { notificationLines } from '../../runbooks/notification-text';
import type { EnvironmentConfig } from '../../config/schema/environment';
import type { Backups } from '../backup/backups';
import type { Database } from '../database/database';
import type { PeopleAccess } from '../people/people-access';
import { EventAlerts } from './event-alerts';
import { LogFilters } from './log-filters';
import { MaintenanceMute } from './maintenance-mute';
import { notifyOnChange } from '../notifications/alarm-actions';
import type { NotificationTopics } from '../notifications/notification-topics';
import { Paging } from '../notifications/paging';

/** The alerts of one environment and their topics. */
export interface AlertSetProps {
  readonly config: EnvironmentConfig;
  readonly compilation: Compilation;
  readonly database: Database;
  /** Default: there are none. */
  readonly backups?: Backups;
  /** The function that runs the migrations. */
  readonly migrate: IFunction;
  /** Default: people have no access. */
  readonly people?: PeopleAccess;
  readonly topics: NotificationTopics;
  /** Name in AWS of a resource that an alarm watches. */
  readonly nameOf: (resource: ResourceName) => string;
  /** What calls collector and inspector. An alarm on missing values is created after it, or it would fire while AWS creates both. */
  readonly publishers: readonly IDependable[];
}

/**
 * Alarms, event rules, log filters and paging alarms of all alerts. Each alarm notifies its topic when it fires and when it clears.
 * Critical alarms also page, once for all alarms of an outage.
 */
export class AlertSet extends Construct {
  /** By name: the alarms of alerts, and one alarm for each critical event. */
  readonly alarms: ReadonlyMap<string, Alarm>;
  private readonly salonMetrics = salonMetrics(loadCollection()).map(({ metric }) => metric);

  constructor(scope: Construct, id: string, props: AlertSetProps) {
    super(scope, id);
    const { config, compilation, database, backups, topics } = props;
    const { name: environment, notifications } = config;
    new LogFilters(this, 'LogFilters', { filters: compilation.logFilters, database });
    const events = new EventAlerts(this, 'Events', {
      events: compilation.events,
      database,
      vaults: backups && [backups.vault, backups.continuousVault],
      migrate: props.migrate,
      hasEndpoints: config.network.endpointZones > 0,
      people: props.people,
      topics,
      notification: notifications,
    });
    this.alarms = new Map([
      ...compilation.alarms.map((compiled) => [compiled.alarmName, this.alarm(compiled, props)] as const),
      ...events.alarms,
    ]);
    const paging = new Paging(this, 'Paging', {
      environment,
      compilation,
      alarms: this.alarms,
      topics,
      notification: notifications,
    });
    const muted = { compilation, alarms: this.alarms, pagingAlarms: paging.byName };
    new MaintenanceMute(this, 'Mute', { ...muted, window: config.database.maintenanceWindow, of: 'the servers' });
    if (config.cache) {
      new MaintenanceMute(this, 'CacheMute', { ...muted, window: config.cache.maintenanceWindow, of: 'the cache' });
    }
  }

  private alarm(compiled: CompiledAlarm, { config, topics, nameOf, publishers }: AlertSetProps): Alarm {
    // The name is the construct's id, so that the order of alerts.yml does not matter.
    const alarm = new Alarm(this, compiled.alarmName, {
      alarmName: compiled.alarmName,
      alarmDescription: [
        ...notificationLines(compiled, config.notifications),
        ...this.worstSalonLines(compiled, config.name),
      ].join('\n'),
      metric: metricOf(compiled, nameOf),
      comparisonOperator: compiled.comparisonOperator as ComparisonOperator,
      threshold: compiled.threshold,
      evaluationPeriods: compiled.evaluationPeriods,
      // Set only for "M out of N": Route 53 cannot follow an alarm that sets it.
      datapointsToAlarm:
        compiled.datapointsToAlarm < compiled.evaluationPeriods ? compiled.datapointsToAlarm : undefined,
      treatMissingData: compiled.treatMissingData as TreatMissingData,
    });
    if (compiled.warmUpMinutes !== undefined) {
      // CDK's own class does not know the property.
      (alarm.node.defaultChild as CfnAlarm).warmUpConfiguration = {
        warmUpPeriodDurationInMinutes: compiled.warmUpMinutes,
      };
      alarm.node.addDependency(...publishers);
    }
    notifyOnChange(alarm, topics.of(compiled));
    return alarm;
  }

  /** Where the salons are named: the alarm itself knows only that there is one. */
  private worstSalonLines({ metrics }: CompiledAlarm, environment: string): string[] {
    return metrics
      .filter(({ source }) => this.salonMetrics.includes(source))
      .map(({ source }) => `Which salons: saved query "${worstSalonQueryName(environment, source)}" of Logs Insights`);
  }
}

function metricOf(
  { alarmName, expression, metrics, periodSeconds }: CompiledAlarm,
  nameOf: AlertSetProps['nameOf'],
): IMetric {
  const period = Duration.seconds(periodSeconds);
  const series = metrics.map(({ id, namespace, metricName, dimensions, statistic }) => {
    const dimensionsMap = Object.fromEntries(
      Object.entries(dimensions).map(([name, value]) => [name, typeof value === 'string' ? value : nameOf(value)]),
    );
    return [id, new Metric({ namespace, metricName, dimensionsMap, statistic, period })] as const;
  });
  if (expression !== undefined) {
    return new MathExpression({ expression, usingMetrics: Object.fromEntries(series), period });
  }
  const [only, ...others] = series;
  if (!only || others.length > 0) {
    throw new Error(`alarm ${alarmName} reads ${series.length} metrics without an expression; allowed: one`);
  }
  return only[1];
}
