import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Dashboards } from '../../../lib/constructs/monitoring/dashboards';
import { FULL } from '../../support/monitoring/alerts';
import { alarm, compilationOf, metric } from '../../support/monitoring/compilation';
import { dashboardBodySchema } from '../../support/monitoring/dashboard-schema';
import { dashboardBodies } from '../../support/monitoring/dashboard-bodies';
import { nameInTests, resourceIdInTests } from '../../support/monitoring/drawn';
import { testApp } from '../../support/app';

const alarmOfInfo = alarm({
  alert: 'NotificationDeliveryFailed',
  group: 'notifications',
  metrics: [
    metric({
      namespace: 'AWS/SNS',
      metricName: 'NumberOfNotificationsFailed',
      dimensions: { TopicName: { kind: 'topic', name: 'critical' } },
    }),
  ],
});

test('are four, whose bodies name the resources of the stack and its alarms', () => {
  const stack = new Stack(testApp(), 'Monitoring', { env: { region: 'us-east-1' } });
  const topic = new Topic(stack, 'Critical');
  new Dashboards(stack, 'Dashboards', {
    compilation: compilationOf([alarmOfInfo]),
    ...FULL,
    region: 'us-east-1',
    nameOf: (resource) => (resource.name === 'critical' ? topic.topicName : nameInTests(resource)),
    resourceIdOf: resourceIdInTests,
  });

  const bodies = dashboardBodies(Template.fromStack(stack));
  expect(Object.keys(bodies)).toEqual([
    'production-postgresql-overview',
    'production-replication-status',
    'production-whatsapp-saas-metrics',
    'production-backup-status',
  ]);
  for (const body of Object.values(bodies)) expect(dashboardBodySchema.safeParse(body).error).toBeUndefined();
  const overview = JSON.stringify(bodies['production-postgresql-overview']);
  expect(overview).toContain(`"TopicName","(Critical`);
  expect(overview).toContain(':alarm:production-NotificationDeliveryFailed"');
});
