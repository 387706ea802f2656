import { Duration } from 'aws-cdk-lib';
import type { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Alarm, type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import type { Compilation, CompiledAlarm, ResourceName } from '../../monitoring/compiler/compiled';
import { type NotificationContext, notificationLines } from '../../runbooks/notification-text';
import type { EnvironmentConfig } from '../../config/schema/environment';
import type { Backups } from '../backup/backups';
import type { Database } from '../database/database';
import { EventAlerts } from './event-alerts';
import { LogFilters } from './log-filters';
import { MaintenanceMute } from './maintenance-mute';
import type { NotificationTopics } from '../notifications/notification-topics';
import { Paging } from '../notifications/paging';

/** What the alerts of one environment became, and where they go. */
export interface AlertSetProps {
  readonly config: EnvironmentConfig;
  readonly compilation: Compilation;
  readonly database: Database;
  /** Default: there are none. */
  readonly backups?: Backups;
  readonly topics: NotificationTopics;
  /** Names that are known only in AWS. */
  readonly nameOf: (resource: ResourceName) => string;
}

/**
 * The one place where alarms are made, with the event rules and log filters beside them. Each alarm tells its topic when it fires
 * and when it clears; what is critical pages besides, once for all alarms of an outage.
 */
export class AlertSet extends Construct {
  /** By name: those of the rules, and one for each critical event. */
  readonly alarms: ReadonlyMap<string, Alarm>;

  constructor(scope: Construct, id: string, { config, compilation, database, backups, topics, nameOf }: AlertSetProps) {
    super(scope, id);
    const { name: environment, notifications } = config;
    new LogFilters(this, 'LogFilters', { filters: compilation.logFilters, database });
    const events = new EventAlerts(this, 'Events', {
      events: compilation.events,
      database,
      vaults: backups && [backups.vault, backups.continuousVault],
      topics,
      notice: notifications,
    });
    this.alarms = new Map([
      ...compilation.alarms.map(
        (compiled) => [compiled.alarmName, this.alarm(compiled, topics, nameOf, notifications)] as const,
      ),
      ...events.alarms,
    ]);
    const paging = new Paging(this, 'Paging', {
      environment,
      compilation,
      alarms: this.alarms,
      topics,
      notice: notifications,
    });
    new MaintenanceMute(this, 'Mute', {
      window: config.database.maintenanceWindow,
      compilation,
      alarms: this.alarms,
      pages: paging.byName,
    });
  }

  private alarm(
    compiled: CompiledAlarm,
    topics: NotificationTopics,
    nameOf: AlertSetProps['nameOf'],
    notice: NotificationContext,
  ): Alarm {
    // The name is the id: entries of alerts.yml may change their order, and people cite alarms by name.
    const alarm = new Alarm(this, compiled.alarmName, {
      alarmName: compiled.alarmName,
      alarmDescription: notificationLines(compiled, notice).join('\n'),
      metric: metricOf(compiled, nameOf),
      comparisonOperator: compiled.comparisonOperator as ComparisonOperator,
      threshold: compiled.threshold,
      evaluationPeriods: compiled.evaluationPeriods,
      // Stated only where it says something: Route 53 follows no "M out of N" alarm.
      datapointsToAlarm:
        compiled.datapointsToAlarm < compiled.evaluationPeriods ? compiled.datapointsToAlarm : undefined,
      treatMissingData: compiled.treatMissingData as TreatMissingData,
    });
    const actions = topics.of(compiled).map((topic) => new SnsAction(topic));
    alarm.addAlarmAction(...actions);
    alarm.addOkAction(...actions);
    return alarm;
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
