import { TimeZone } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { Universal } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { chatNotification } from '../../contract/chat-notification';
import { SEVERITIES } from '../../shared/severities';
import type { NotificationTopics } from './notification-topics';
import { publishStatements } from './publish-statements';

/** The weekly test of an environment's notifications. */
export interface WeeklyTestProps {
  readonly environment: string;
  readonly topics: NotificationTopics;
  /** Encrypts the topics. */
  readonly key: IKey;
}

/**
 * Sends a notification through every topic each Monday at 08:00 UTC: when one does not arrive, its channel is broken and can be repaired
 * before an outage. The one to the paging topic opens an incident and closes it 15 minutes later.
 */
export class WeeklyTest extends Construct {
  constructor(scope: Construct, id: string, { environment, topics, key }: WeeklyTestProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      description: 'Lets the schedules publish the weekly test notifications',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
    });
    const statements = publishStatements(this, Object.values(topics.byName), key);
    const publish = (name: string, minute: number, input: Record<string, string>) =>
      new Schedule(this, name, {
        description: `Weekly test of the notifications of ${environment}`,
        schedule: ScheduleExpression.cron({
          weekDay: 'MON',
          hour: '8',
          minute: String(minute),
          timeZone: TimeZone.ETC_UTC,
        }),
        target: new Universal({
          service: 'sns',
          action: 'publish',
          role,
          policyStatements: statements,
          input: ScheduleTargetInput.fromObject(input),
          retryAttempts: 3,
        }),
      });
    for (const name of SEVERITIES) {
      publish(`Test-${name}`, 0, testNotification(environment, name, topics.byName[name].topicArn));
    }
    publish('Test-page', 0, testPage(environment, 'ALARM', topics.byName.paging.topicArn));
    publish('Test-page-over', 15, testPage(environment, 'OK', topics.byName.paging.topicArn));
  }
}

function testNotification(environment: string, severity: string, topicArn: string): Record<string, string> {
  const title = `Weekly test: ${severity} notifications of ${environment}`;
  const text =
    'Nothing is wrong. This test is sent every Monday at 08:00 UTC. When it does not arrive, repair the notifications.';
  return {
    TopicArn: topicArn,
    Subject: title,
    MessageStructure: 'json',
    // Slack receives the https version, email the default.
    Message: JSON.stringify({ default: text, https: JSON.stringify(chatNotification(title, [text])) }),
  };
}

/**
 * To PagerDuty in CloudWatch's format, because its integration drops every other (cetinich.net, 2022; PagerDuty's own page unconfirmed);
 * to mail, where there is no PagerDuty, as a sentence.
 */
function testPage(environment: string, state: 'ALARM' | 'OK', topicArn: string): Record<string, string> {
  const alarmName = `${environment}-weekly-test`;
  const reason = 'Weekly test of the pages: nothing is wrong. It closes automatically after 15 minutes.';
  const alarm = {
    AlarmName: alarmName,
    AlarmDescription: reason,
    NewStateValue: state,
    OldStateValue: state === 'OK' ? 'ALARM' : 'OK',
    NewStateReason: reason,
  };
  return {
    TopicArn: topicArn,
    Subject: `${state}: "${alarmName}"`,
    MessageStructure: 'json',
    Message: JSON.stringify({ default: reason, https: JSON.stringify(alarm) }),
  };
}
