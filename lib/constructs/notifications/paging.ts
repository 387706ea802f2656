import { Duration } from 'aws-cdk-lib';
import { type Alarm, AlarmRule, AlarmState, CompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import type { Compilation } from '../../monitoring/compiler/compiled';
import { contactLine, type NotificationContext } from '../../runbooks/notification-text';
import { type PagingAlarm, pagingAlarmsOf } from '../../monitoring/paging';
import { runbookLink } from '../../runbooks/pages';
import type { NotificationTopics } from './notification-topics';

/** What pages in one environment. */
export interface PagingProps {
  readonly environment: string;
  readonly compilation: Compilation;
  /** Of the rules and the critical events, by name. */
  readonly alarms: ReadonlyMap<string, Alarm>;
  readonly topics: NotificationTopics;
  readonly notice: NotificationContext;
}

/** The outage's own alarms need a minute and a half; what it explains waits as long, so as not to page first. */
const WAIT_FOR_OUTAGE = Duration.minutes(2);
/** Time for replicas and backups to recover by themselves once the primary is back, before they page. */
const AFTER_OUTAGE = Duration.minutes(5);

/** One composite alarm for each page; they alone tell the paging topic, when a page begins and when it is over. */
export class Paging extends Construct {
  readonly byName: ReadonlyMap<string, CompositeAlarm>;

  constructor(scope: Construct, id: string, props: PagingProps) {
    super(scope, id);
    const pages = pagingAlarmsOf(props.compilation);
    const outagePage = pages.find(({ name }) => name === 'outage');
    const outage = outagePage && this.composite(outagePage, props);
    this.byName = new Map(
      pages.map((page) => [page.name, page.name === 'outage' && outage ? outage : this.composite(page, props, outage)]),
    );
  }

  private composite(page: PagingAlarm, props: PagingProps, outage?: CompositeAlarm): CompositeAlarm {
    const { environment, alarms, topics } = props;
    const children = page.alarmNames.map((name) => {
      const alarm = alarms.get(name);
      if (!alarm) throw new Error(`the page ${page.name} is to have the alarm ${name}, which nobody made`);
      return AlarmRule.fromAlarm(alarm, AlarmState.ALARM);
    });
    const composite = new CompositeAlarm(this, page.name, {
      compositeAlarmName: `${environment}-page-${page.name}`,
      alarmDescription: describe(page, props),
      alarmRule: AlarmRule.anyOf(...children),
      ...(page.heldBackByOutage &&
        outage && {
          actionsSuppressor: outage,
          actionsSuppressorWaitPeriod: WAIT_FOR_OUTAGE,
          actionsSuppressorExtensionPeriod: AFTER_OUTAGE,
        }),
    });
    const action = new SnsAction(topics.byName.paging);
    composite.addAlarmAction(action);
    composite.addOkAction(action);
    return composite;
  }
}

function describe(
  { name, alerts }: PagingAlarm,
  { environment, notice: { contacts, runbookBaseUrl } }: PagingProps,
): string {
  const contact = contacts[0];
  return [
    `Somebody is needed: ${name} of ${environment}`,
    ...(contact ? [contactLine(contact)] : []),
    'Runbooks, of those that are in alarm:',
    ...alerts.map((alert) => runbookLink(alert, runbookBaseUrl)),
  ].join('\n');
}
