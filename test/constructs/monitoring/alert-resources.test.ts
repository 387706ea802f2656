import { Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { notificationsSchema } from '../../../lib/config/schema/notifications';
import { resourceNames } from '../../../lib/constructs/monitoring/alert-resources';
import type { Database } from '../../../lib/constructs/database/database';
import { EventAlerts } from '../../../lib/constructs/monitoring/event-alerts';
import { NotificationTopics } from '../../../lib/constructs/notifications/notification-topics';
import { testApp } from '../../support/app';

const notifications = notificationsSchema.parse({ emails: ['ops@yourdomain.com'] });
const database = { servers: [] } as unknown as Database;
const stack = new Stack(testApp(), 'Stack');
const topics = new NotificationTopics(stack, 'Topics', {
  config: { name: 'dev', notifications },
  key: new Key(stack, 'Key'),
});

test.each([
  [{ kind: 'server', name: 'replica-7' }, 'the server replica-7'],
  [{ kind: 'proxy', name: '' }, 'the proxy '],
  [{ kind: 'topic', name: 'nobody' }, 'the topic nobody'],
  [{ kind: 'vault', name: '' }, 'the vault '],
  [{ kind: 'rotationFunction', name: 'application' }, 'the rotationFunction application'],
  [{ kind: 'jobFunction', name: 'tidy' }, 'the jobFunction tidy'],
] as const)('fails for an alarm on something that the environment lacks: %j', (resource, named) => {
  expect(() =>
    resourceNames({
      database,
      topics,
      drillMachineArn: 'arn',
      rotationFunctions: {},
      jobFunctions: { care: 'care' },
    })(resource),
  ).toThrow(`an alarm watches ${named}, which this environment does not have`);
});

test('fails for events that cannot be distinguished from those of other databases', () => {
  const event = {
    kind: 'event',
    alert: 'PostgreSQLFailover',
    ruleName: 'dev-PostgreSQLFailover',
    group: 'g',
    severity: 'warning',
    component: 'database',
    summary: 'S',
    description: 'D',
    pattern: { source: ['aws.health'], detailType: ['AWS Health Event'] },
  } as const;
  expect(
    () =>
      new EventAlerts(stack, 'Events', {
        events: [event],
        database,
        migrate: {} as never,
        hasEndpoints: true,
        topics,
        notification: notifications,
      }),
  ).toThrow(
    'alert PostgreSQLFailover is on events of aws.health, whose fields event-alerts.ts does not know; allowed: one of aws.rds, aws.secretsmanager',
  );
});
