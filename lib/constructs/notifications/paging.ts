import { Duration } from 'aws-cdk-lib';
import { type Alarm, AlarmRule, AlarmState, CompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Compilation } from '../../monitoring/compiler/compiled';
import { contactLine, type NotificationContext } from '../../runbooks/notification-text';
import { type PagingAlarm, pagingAlarmsOf } from '../../monitoring/paging';
import { runbookLink } from '../../runbooks/pages';
import { notifyOnChange } from './alarm-actions';
import type { NotificationTopics } from './notification-topics';

/** Paging alarms of one environment. */
export interface PagingProps {
  readonly environment: string;
  readonly compilation: Compilation;
  /** Alarms of alerts and of critical events, by name. */
  readonly alarms: ReadonlyMap<string, Alarm>;
  readonly topics: NotificationTopics;
  readonly notification: NotificationContext;
}

/** Name of the paging alarm that holds others back (lib/monitoring/paging.ts). */
const OUTAGE = 'outage';
/**
 * The alarm of a dead primary needs two passes of the collector, as that of a dead replica does; all others that an outage explains need
 * more. They wait for it, so that they do not page first, even if it comes a minute later. One that clears meanwhile does not page.
 */
const WAIT_FOR_OUTAGE = Duration.minutes(2);
/** Time in which replicas and backups can recover after an outage, before they page. */
const AFTER_OUTAGE = Duration.minutes(5);

/** The paging alarms. Only they and the weekly test publish to the paging topic. */
export class Paging extends Construct {
  readonly byName: ReadonlyMap<string, CompositeAlarm>;

  constructor(scope: Construct, id: string, props: PagingProps) {
    super(scope, id);
    const pagingAlarms = pagingAlarmsOf(props.compilation);
    // First, because the others refer to it.
    const outage = pagingAlarms.find(({ name }) => name === OUTAGE);
    const outageAlarm = outage && this.composite(outage, props);
    this.byName = new Map(
      pagingAlarms.map((each) => [
        each.name,
        each === outage && outageAlarm ? outageAlarm : this.composite(each, props, outageAlarm),
      ]),
    );
  }

  private composite(paging: PagingAlarm, props: PagingProps, outage?: CompositeAlarm): CompositeAlarm {
    const { environment, alarms, topics } = props;
    const children = paging.alarmNames.map((name) => {
      const alarm = alarms.get(name);
      if (!alarm)
        throw new Error(
          `the paging alarm ${paging.name} needs the alarm ${name}, which does not exist; create it before the paging alarms`,
        );
      return AlarmRule.fromAlarm(alarm, AlarmState.ALARM);
    });
    const composite = new CompositeAlarm(this, paging.name, {
      compositeAlarmName: `${environment}-page-${paging.name}`,
      alarmDescription: describe(paging, props),
      alarmRule: AlarmRule.anyOf(...children),
      ...(paging.heldBackByOutage &&
        outage && {
          actionsSuppressor: outage,
          actionsSuppressorWaitPeriod: WAIT_FOR_OUTAGE,
          actionsSuppressorExtensionPeriod: AFTER_OUTAGE,
        }),
    });
    notifyOnChange(composite, [topics.byName.paging]);
    return composite;
  }
}

function describe(
  { name, alerts }: PagingAlarm,
  { environment, notification: { contacts, runbookBaseUrl } }: PagingProps,
): string {
  const contact = contacts[0];
  return [
    `Somebody is needed: ${name} of ${environment}`,
    ...(contact ? [contactLine(contact)] : []),
    'Runbooks, of those that are in alarm:',
    ...alerts.map((alert) => runbookLink(alert, runbookBaseUrl)),
  ].join('\n');
}
