import { NOW } from './account';
import { alarm, CPU, DAY_MS, first, type Seed } from './seeds';

/** Alarms, dashboards and subscriptions that somebody changed. */
export const MONITORING: readonly Seed[] = [
  [
    'alarm missing',
    (home) => (home.alarms = home.alarms.filter(({ AlarmName }) => AlarmName !== CPU)),
    new RegExp(`^${CPU}$`),
    /no alarm/,
    /template/,
  ],
  [
    'alarm missing',
    (home) => (home.alarms = home.alarms.filter(({ AlarmName }) => AlarmName !== 'production-page-outage')),
    /^production-page-outage$/,
    /no alarm/,
    /template/,
  ],
  [
    'alarm extra',
    (home) => home.alarms.push({ AlarmName: 'production-mine', StateValue: 'OK' }),
    /^production-mine$/,
    /no stack/,
    /none/,
  ],
  ['alarm changed', (home) => (alarm(home, CPU).Threshold = 99), /PostgreSQLCpuHigh/, /^Threshold is 99$/, /^\d+$/],
  [
    'alarm changed',
    (home) => (alarm(home, CPU).AlarmActions = ['arn:aws:sns:us-east-1:1:mine']),
    /PostgreSQLCpuHigh/,
    /^AlarmActions is .*mine/,
    /Topics/,
  ],
  [
    'alarm changed',
    (home) => (alarm(home, 'production-page-outage').AlarmRule = 'FALSE'),
    /page-outage/,
    /^AlarmRule is "FALSE"$/,
    /PostgreSQLDown-primary/,
  ],
  [
    'alarm changed',
    (home) => alarm(home, CPU).InsufficientDataActions?.push('arn:aws:lambda:us-east-1:1:function:mine'),
    /PostgreSQLCpuHigh/,
    /^InsufficientDataActions is .*mine/,
    /^\[\]$/,
  ],
  [
    'alarm actions disabled',
    (home) => (alarm(home, CPU).ActionsEnabled = false),
    /PostgreSQLCpuHigh/,
    /nobody is notified/,
    /enabled/,
  ],
  [
    'alarm without data',
    (home) =>
      Object.assign(alarm(home, CPU), {
        StateValue: 'INSUFFICIENT_DATA',
        StateTransitionedTimestamp: new Date(NOW.getTime() - DAY_MS - 1),
      }),
    /PostgreSQLCpuHigh/,
    /^INSUFFICIENT_DATA since 2026-11-25T11:59:59/,
    /OK or ALARM/,
  ],
  [
    'dashboard missing',
    (home) => delete home.dashboards['production-backup-status'],
    /^production-backup-status$/,
    /no dashboard/,
    /template/,
  ],
  [
    'dashboard changed',
    (home) => {
      const body = JSON.parse(home.dashboards['production-backup-status']!) as {
        widgets: { properties: { title?: string } }[];
      };
      const widget = body.widgets.find(({ properties: { title } }) => title);
      widget!.properties.title = 'Mine';
      home.dashboards['production-backup-status'] = JSON.stringify(body);
    },
    /^production-backup-status$/,
    /widgets; changed or missing: \w/,
    /widgets/,
  ],
  [
    'dashboard changed',
    (home) => (home.dashboards['production-replication-status'] = '{"widgets":[]}'),
    /^production-replication-status$/,
    /^0 widgets/,
    /^\d+ widgets$/,
  ],
  [
    'subscription unconfirmed',
    (home) => (first(home.subscriptions, 'Critical')[0]!.SubscriptionArn = 'PendingConfirmation'),
    /Critical/,
    /^email \S+ waits/,
    /confirmed/,
  ],
  [
    'subscription missing',
    (home) => first(home.subscriptions, 'Critical').pop(),
    /Critical/,
    /not subscribed/,
    /^email \S+@\S+$/,
  ],
  [
    'subscription extra',
    (home) =>
      first(home.subscriptions, 'Critical').push({
        ...{ Protocol: 'sms', Endpoint: '+15550100', SubscriptionArn: 'arn:aws:sns:us-east-1:1:t:2' },
      }),
    /Critical/,
    /^sms \+15550100$/,
    /not in the template/,
  ],
];
