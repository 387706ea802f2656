import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Rule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { CompiledEvent } from '../../monitoring/compiler/compiled';
import { type NotificationContext, notificationLines } from '../../runbooks/notification-text';
import { PAGING_SEVERITY } from '../../monitoring/paging';
import { API_CALLS } from './api-calls';
import type { EventResources, EventService } from './event-service';
import { notifyOnChange } from '../notifications/alarm-actions';
import { API_CALL, EventNotification } from '../notifications/event-notification';
import type { NotificationTopics } from '../notifications/notification-topics';

/** The alerts that are events, and their topics. */
export interface EventAlertsProps extends EventResources {
  readonly events: readonly CompiledEvent[];
  readonly topics: NotificationTopics;
  readonly notification: NotificationContext;
}

const SERVICES: Readonly<Record<string, EventService>> = {
  'aws.rds': {
    ours: ({ database: { servers } }) => ({ resources: servers.map(({ instance }) => instance.instanceArn) }),
    sentence: { field: 'Message' },
  },
  // Only where a trail of CloudTrail logs management events (EventBridge user guide, "AWS service events delivered via CloudTrail").
  'aws.secretsmanager': {
    ours: ({ database: { secrets } }) => ({
      detail: { additionalEventData: { SecretId: [secrets.master.secretArn, secrets.application.secretArn] } },
    }),
    sentence: { field: 'eventName' },
  },
  // A failed restore may name no vault (AWS Backup developer guide, "Monitoring events using EventBridge"): then every environment
  // of the account is notified.
  'aws.backup': {
    ours: ({ vaults = [] }) => {
      const arns = vaults.map(({ backupVaultArn }) => backupVaultArn);
      const none = [{ exists: false }];
      return {
        detail: {
          $or: [
            { sourceBackupVaultArn: arns },
            { backupVaultArn: arns },
            { sourceBackupVaultArn: none, backupVaultArn: none },
          ],
        },
      };
    },
    sentence: { field: 'statusMessage', mayLack: true },
  },
};

/**
 * EventBridge rules that send each event to the topic of its severity. An event has no state, and PagerDuty accepts only CloudWatch's
 * format: a critical event pages through an alarm on the number of its rule's matches, which clears automatically. CloudWatch receives
 * that number on a best-effort basis (EventBridge user guide, "Monitoring"); the rule's notification does not depend on it.
 */
export class EventAlerts extends Construct {
  /** Alarms of the critical events, by name; the rule has the same name. */
  readonly alarms: ReadonlyMap<string, Alarm>;

  constructor(scope: Construct, id: string, props: EventAlertsProps) {
    super(scope, id);
    this.alarms = new Map(
      props.events.flatMap((event) => {
        const rule = this.rule(event, props);
        return event.severity === PAGING_SEVERITY ? [[event.ruleName, this.alarm(event, rule, props)] as const] : [];
      }),
    );
  }

  private rule(event: CompiledEvent, { topics, notification, ...about }: EventAlertsProps): Rule {
    const { source, detailType, detail } = event.pattern;
    const service = serviceOf(event);
    const { resources, detail: ourDetail } = service.ours(about);
    return new EventNotification(this, event.ruleName, {
      ruleName: event.ruleName,
      description: event.summary,
      pattern: { source: [...source], detailType: [...detailType], resources, detail: { ...detail, ...ourDetail } },
      to: topics.of(event),
      topics,
      title: event.ruleName,
      sentence: { label: 'What AWS says', ...service.sentence },
      facts: service.facts,
      lines: notificationLines(event, notification),
    }).rule;
  }

  private alarm(event: CompiledEvent, rule: Rule, { topics, notification }: EventAlertsProps): Alarm {
    const alarm = new Alarm(this, `${event.ruleName}-alarm`, {
      alarmName: event.ruleName,
      alarmDescription: notificationLines(event, notification).join('\n'),
      metric: new Metric({
        namespace: 'AWS/Events',
        metricName: 'TriggeredRules',
        dimensionsMap: { RuleName: rule.ruleName },
        statistic: 'Sum',
        period: Duration.minutes(1),
      }),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 0,
      evaluationPeriods: 1,
      // EventBridge publishes only matches: without a value there was no event.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    notifyOnChange(alarm, topics.of(event));
    return alarm;
  }
}

function serviceOf({ alert, pattern: { source, detailType } }: CompiledEvent): EventService {
  const services = detailType.includes(API_CALL) ? API_CALLS : SERVICES;
  const service = source.length === 1 ? services[source[0] ?? ''] : undefined;
  if (!service) {
    const known = Object.keys(services).join(', ');
    throw new Error(
      `alert ${alert} is on events of ${source.join(' and ')}, whose fields event-alerts.ts does not know; allowed: one of ${known}`,
    );
  }
  return service;
}
