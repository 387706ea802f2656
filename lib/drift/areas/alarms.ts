import { type CompositeAlarm, type MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { askAll } from '../../account/ask';
import type { DeployedEnvironment, ExpectedResource } from '../deployed-environment';
import { area, type Found, GONE, REDEPLOY } from '../finding';
import { matches } from '../matches';

type Alarm = MetricAlarm & CompositeAlarm;

/** How long an alarm may wait for its first values, ms. */
const WITHOUT_DATA_MS = 86_400_000;
/** Properties of the templates that CloudWatch does not report with an alarm. */
const NOT_REPORTED = ['Tags', 'ActionsEnabled'];
/** What a template leaves out where nobody is notified. */
const ACTIONS = { AlarmActions: [], OKActions: [], InsufficientDataActions: [] };

/** Every alarm of the environment, metric and composite: names in our templates begin with the name of the environment. */
export const alarms = area(
  'alarms',
  async (aws, region, { name }) =>
    askAll(
      'cloudwatch:DescribeAlarms',
      paginateDescribeAlarms(
        { client: aws(region).cloudWatch },
        { AlarmNamePrefix: `${name}-`, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] },
      ),
      ({ MetricAlarms = [], CompositeAlarms = [] }): Alarm[] => [...MetricAlarms, ...CompositeAlarms],
    ),
  decideAlarms,
);

function decideAlarms(actual: readonly Alarm[], deployed: DeployedEnvironment, region: string, now: Date): Found[] {
  const expected = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'].flatMap((type) =>
    deployed.resources(type, region),
  );
  const names = new Set(expected.map(({ name }) => name));
  return [
    ...expected.flatMap((alarm) =>
      differences(
        alarm,
        actual.find(({ AlarmName }) => AlarmName === alarm.name),
        now,
      ),
    ),
    ...actual.filter(({ AlarmName = '' }) => !names.has(AlarmName)).map(extra),
  ];
}

function differences({ name: resource, properties }: ExpectedResource, actual: Alarm | undefined, now: Date): Found[] {
  if (!actual) {
    return [
      { kind: 'alarm missing', resource, found: 'no alarm', expected: 'the alarm of the template', action: GONE },
    ];
  }
  const changed = Object.entries({ ...ACTIONS, ...properties }).filter(
    ([field, value]) => !NOT_REPORTED.includes(field) && !matches(value, actual[field as keyof Alarm]),
  );
  return [
    ...changed.map(([field, value]): Found => ({
      kind: 'alarm changed',
      resource,
      found: `${field} is ${JSON.stringify(actual[field as keyof Alarm]) ?? 'not set'}`,
      expected: JSON.stringify(value),
      action: REDEPLOY,
    })),
    ...disabled(resource, properties, actual),
    ...withoutData(resource, actual, now),
  ];
}

function disabled(resource: string, properties: ExpectedResource['properties'], { ActionsEnabled }: Alarm): Found[] {
  if (ActionsEnabled !== false || properties['ActionsEnabled'] === false) return [];
  return [
    {
      kind: 'alarm actions disabled',
      resource,
      found: 'nobody is notified when it fires',
      expected: 'actions enabled',
      action: `aws cloudwatch enable-alarm-actions --alarm-names ${resource}`,
    },
  ];
}

function withoutData(resource: string, alarm: Alarm, now: Date): Found[] {
  const { StateValue, StateTransitionedTimestamp, StateUpdatedTimestamp } = alarm;
  const since = StateTransitionedTimestamp ?? StateUpdatedTimestamp;
  if (StateValue !== 'INSUFFICIENT_DATA' || !since || now.getTime() - since.getTime() <= WITHOUT_DATA_MS) return [];
  return [
    {
      kind: 'alarm without data',
      resource,
      found: `INSUFFICIENT_DATA since ${since.toISOString()}`,
      expected: 'OK or ALARM after a day at the latest',
      action: 'look whether its metric arrives, and who publishes it: the page of the alarm in lib/runbooks',
    },
  ];
}

function extra({ AlarmName = '' }: Alarm): Found {
  return {
    kind: 'alarm extra',
    resource: AlarmName,
    found: 'an alarm that no stack has',
    expected: 'none',
    action: `put it into lib/monitoring/alerts.yml if it is worth it, then aws cloudwatch delete-alarms --alarm-names ${AlarmName}`,
  };
}
