import { rulePacks } from '../../../lib/review/rule-packs';
import { loadEnvironment } from '../../../lib/config';
import { parseEnvironment } from '../../../lib/config/parse';
import { production } from '../../../lib/config/production';
import type { EnvironmentInput } from '../../../lib/config/schema/environment';
import { DatabaseStage } from '../../../lib/stage';
import { testApp } from '../../support/app';
import {
  find as findIn,
  onlyOne,
  type Properties,
  synthesizeProductionWith,
  type Templates,
} from '../../support/synth';

const EMAIL = 'ops@yourdomain.com';
const pagerDuty = { integrationKeySecretName: 'ops/pagerduty-key' };
const slack = { workspaceId: 'T0123ABCD', channelId: 'C0123ABCD' };
const TOPICS = ['Critical', 'Warning', 'Info', 'Paging'];

const synthesizeWith = (notifications: Partial<EnvironmentInput['notifications']>) =>
  synthesizeProductionWith({ notifications: { emails: [EMAIL], ...notifications } });

let configured: Templates;
beforeAll(() => {
  configured = synthesizeWith({ pagerDuty, slack });
});
const find = (type: string, properties: object = {}) => findIn(configured.monitoring, type, properties);

/** Subscribers of each topic: protocols of its subscriptions, and `slack`. */
function listeners({ monitoring }: Templates): Record<string, string[]> {
  const subscriptions = Object.values(findIn(monitoring, 'AWS::SNS::Subscription'));
  const channels = Object.values(findIn(monitoring, 'AWS::Chatbot::SlackChannelConfiguration'));
  return Object.fromEntries(
    TOPICS.map((name) => {
      const [id] = Object.keys(findIn(monitoring, 'AWS::SNS::Topic')).filter((key) => key.startsWith(`Topics${name}`));
      return [
        name,
        [
          ...subscriptions.filter(({ TopicArn }) => isRef(TopicArn, id)).map(({ Protocol }) => String(Protocol)),
          ...channels
            .filter(({ SnsTopicArns }) => (SnsTopicArns as unknown[]).some((arn) => isRef(arn, id)))
            .map(() => 'slack'),
        ],
      ];
    }),
  );
}
const isRef = (value: unknown, id: string | undefined) => (value as { Ref?: string }).Ref === id;

test('the rule packs find nothing with PagerDuty and Slack, either', () => {
  const app = testApp();
  new DatabaseStage(
    app,
    parseEnvironment('production', { ...production, notifications: { emails: [EMAIL], pagerDuty, slack } }),
  );
  app.synth();
  for (const pack of rulePacks()) expect(pack.validateScope(app).violations).toEqual([]);
});

describe('routing', () => {
  test('critical and warning go to Slack, paging alarms to PagerDuty, info to the addresses', () => {
    expect(listeners(configured)).toEqual({
      Critical: ['slack'],
      Warning: ['slack'],
      Info: ['email'],
      Paging: ['https'],
    });
  });

  test.each([
    ['PagerDuty', { slack }, { Critical: ['slack'], Warning: ['slack'], Info: ['email'], Paging: ['email'] }],
    ['Slack', { pagerDuty }, { Critical: ['email'], Warning: ['email'], Info: ['email'], Paging: ['https'] }],
    ['both', {}, { Critical: ['email'], Warning: ['email'], Info: ['email'], Paging: ['email'] }],
  ])('without %s the addresses receive its notifications', (_, notifications, expected) => {
    expect(listeners(synthesizeWith(notifications))).toEqual(expected);
  });

  test('alarms on failed notifications use email, Slack and PagerDuty', () => {
    const topics = Object.keys(find('AWS::SNS::Topic'));
    const actions = (name: string) =>
      (onlyOne(find('AWS::CloudWatch::Alarm', { AlarmName: name }))['AlarmActions'] as { Ref: string }[]).map(
        ({ Ref }) => TOPICS.find((topic) => topics.includes(Ref) && Ref.startsWith(`Topics${topic}`)),
      );
    for (const topic of TOPICS) {
      expect(actions(`production-NotificationDeliveryFailed-${topic.toLowerCase()}`)).toEqual(['Critical', 'Info']);
    }
    expect(actions('production-NotificationsInDeadLetterQueue')).toEqual(['Warning', 'Info']);
    const page = onlyOne(find('AWS::CloudWatch::CompositeAlarm', { AlarmName: 'production-page-notifications' }));
    expect(page).not.toHaveProperty('ActionsSuppressor');
  });
});

test('PagerDuty’s URL refers to the secret with its key; the key is not in the template', () => {
  const subscription = onlyOne(find('AWS::SNS::Subscription', { Protocol: 'https' }));
  expect(subscription).toMatchObject({
    Endpoint:
      'https://events.pagerduty.com/integration/{{resolve:secretsmanager:ops/pagerduty-key:SecretString:::}}/enqueue',
    RawMessageDelivery: false,
  });
});

test('Slack’s role draws alarms, and nobody changes anything from the channel', () => {
  const channel = onlyOne(find('AWS::Chatbot::SlackChannelConfiguration'));
  expect(channel).toMatchObject({ SlackWorkspaceId: 'T0123ABCD', SlackChannelId: 'C0123ABCD' });
  expect(JSON.stringify(channel['GuardrailPolicies'])).toMatch(
    /^\[[^[\]]*\[[^[\]]*\[[^[\]]*policy\/CloudWatchReadOnlyAccess"\]\]\}\]$/,
  );
  const roleId = (channel['IamRoleArn'] as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0];
  const role = find('AWS::IAM::Role')[roleId] as { Policies: { PolicyDocument: { Statement: Properties[] } }[] };
  expect(role).not.toHaveProperty('ManagedPolicyArns');
  expect(
    role.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement.flatMap(({ Action }) => Action)),
  ).toEqual(['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData', 'cloudwatch:GetMetricWidgetImage']);
});

describe('topics', () => {
  test('are encrypted, and refuse requests without TLS', () => {
    const topics = find('AWS::SNS::Topic');
    expect(Object.keys(topics)).toHaveLength(TOPICS.length);
    for (const [id, topic] of Object.entries(topics)) {
      expect(JSON.stringify(topic['KmsMasterKeyId'])).toContain('LogsKey');
      const policy = onlyOne(find('AWS::SNS::TopicPolicy', { Topics: [{ Ref: id }] }));
      const { Statement } = policy['PolicyDocument'] as { Statement: Properties[] };
      expect(Statement).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
      expect(Statement).toContainEqual(
        expect.objectContaining({
          Effect: 'Allow',
          Action: 'sns:Publish',
          Principal: {
            Service: ['backup.amazonaws.com', 'cloudwatch.amazonaws.com', 'events.rds.amazonaws.com'],
          },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        }),
      );
    }
  });

  test('that are targets of a rule are published to with a role of EventBridge', () => {
    const targets = Object.values(find('AWS::Events::Rule')).flatMap(({ Targets }) => Targets as Properties[]);
    const roles = targets.map(({ RoleArn }) => JSON.stringify(RoleArn));
    expect([...new Set(roles)]).toEqual([expect.stringContaining('TopicsEvents')]);
    expect(JSON.stringify(find('AWS::SNS::TopicPolicy'))).not.toContain('"events.amazonaws.com"');
  });

  test('have a key that allows the publishers, and SNS for the dead-letter queue', () => {
    const { KeyPolicy } = onlyOne(findIn(configured.network, 'AWS::KMS::Key'));
    const services = (
      KeyPolicy as { Statement: { Principal: { Service?: unknown }; Action: unknown }[] }
    ).Statement.filter(
      ({ Action }) => JSON.stringify(Action) === JSON.stringify(['kms:Decrypt', 'kms:GenerateDataKey']),
    ).map(({ Principal }) => Principal.Service);
    for (const service of ['cloudwatch', 'events', 'backup', 'events.rds', 'sns'])
      expect(services.flat()).toContain(`${service}.amazonaws.com`);
  });
});

test('messages that a subscription or a rule cannot deliver stay in an encrypted queue for 14 days', () => {
  const [[id, queue] = []] = Object.entries(find('AWS::SQS::Queue'));
  expect(queue).toMatchObject({ MessageRetentionPeriod: 1209600 });
  expect(JSON.stringify(queue?.['KmsMasterKeyId'])).toContain('LogsKey');
  const arn = { 'Fn::GetAtt': [id, 'Arn'] };
  const subscriptions = Object.values(find('AWS::SNS::Subscription'));
  expect(subscriptions).toHaveLength(2);
  for (const { RedrivePolicy } of subscriptions) expect(RedrivePolicy).toEqual({ deadLetterTargetArn: arn });
  const targets = Object.values(find('AWS::Events::Rule')).flatMap(({ Targets }) => Targets as Properties[]);
  expect(targets).toHaveLength(15);
  for (const { DeadLetterConfig } of targets) expect(DeadLetterConfig).toEqual({ Arn: arn });
  const policy = JSON.stringify(onlyOne(find('AWS::SQS::QueuePolicy')));
  for (const part of ['"aws:SecureTransport":"false"', '"sns.amazonaws.com"', '"events.amazonaws.com"'])
    expect(policy).toContain(part);
});

describe('every Monday at 08:00 UTC', () => {
  const schedules = () =>
    Object.values(find('AWS::Scheduler::Schedule')).filter(({ Target }) =>
      JSON.stringify(Target).includes(':scheduler:::aws-sdk:sns:publish'),
    );
  /** What a schedule publishes, with the topic's reference as text. */
  const published = (schedule: Properties) => {
    const { Input } = schedule['Target'] as { Input: { 'Fn::Join': [string, unknown[]] } };
    const parts = Input['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : (part as { Ref: string }).Ref));
    return JSON.parse(parts.join('')) as {
      TopicArn: string;
      Subject: string;
      Message: string;
      MessageStructure?: string;
    };
  };

  test('a test notification goes through every topic, in the format of its subscriber', () => {
    const testNotifications = schedules().map((schedule) => ({
      when: schedule['ScheduleExpression'],
      ...published(schedule),
    }));
    expect(testNotifications.map(({ TopicArn, when }) => [TopicArn.replace(/[0-9A-F]{8}$/, ''), when])).toEqual([
      ['TopicsCritical', 'cron(0 8 ? * MON *)'],
      ['TopicsWarning', 'cron(0 8 ? * MON *)'],
      ['TopicsInfo', 'cron(0 8 ? * MON *)'],
      ['TopicsPaging', 'cron(0 8 ? * MON *)'],
      ['TopicsPaging', 'cron(15 8 ? * MON *)'],
    ]);
    for (const { MessageStructure, Message } of testNotifications.slice(0, 3)) {
      expect(MessageStructure).toBe('json');
      const forms = JSON.parse(Message) as { default: string; https: string };
      expect(forms.default).toContain('Nothing is wrong');
      expect(JSON.parse(forms.https)).toMatchObject({ version: '1.0', source: 'custom' });
    }
    const states = testNotifications.slice(3).map(({ Subject, Message }) => {
      const forms = JSON.parse(Message) as { default: string; https: string };
      // A mail has the sentence, PagerDuty the alarm.
      expect(forms.default).toMatch(/^Weekly test of the pages: nothing is wrong\./);
      return [Subject, (JSON.parse(forms.https) as Properties)['NewStateValue']];
    });
    expect(states).toEqual([
      ['ALARM: "production-weekly-test"', 'ALARM'],
      ['OK: "production-weekly-test"', 'OK'],
    ]);
  });

  test('by a role that may publish to the topics and nothing else', () => {
    const [first] = schedules();
    const roleId = (first?.['Target'] as { RoleArn: { 'Fn::GetAtt': [string] } }).RoleArn['Fn::GetAtt'][0];
    const policy = onlyOne(find('AWS::IAM::Policy', { Roles: [{ Ref: roleId }] }));
    const { Statement } = policy['PolicyDocument'] as { Statement: Properties[] };
    expect(Statement.map(({ Action }) => Action)).toEqual(['sns:Publish', ['kms:Decrypt', 'kms:GenerateDataKey']]);
    expect(Statement[0]?.['Resource']).toHaveLength(TOPICS.length);
  });
});

test('a critical alarm and a paging alarm name the first contact, a warning does not', () => {
  const { monitoring } = synthesizeWith({ contacts: [{ role: 'Primary DBA', name: 'Ada', reach: '+1 555 0100' }] });
  const description = (type: string, AlarmName: string) =>
    String(onlyOne(findIn(monitoring, type, { AlarmName }))['AlarmDescription']);
  const line = 'Contact: Primary DBA: Ada, +1 555 0100';
  expect(description('AWS::CloudWatch::Alarm', 'production-PostgreSQLDown-primary').split('\n')).toContain(line);
  expect(description('AWS::CloudWatch::CompositeAlarm', 'production-page-outage').split('\n')).toContain(line);
  expect(description('AWS::CloudWatch::Alarm', 'production-PostgreSQLReplicationLag-replica-1')).not.toContain(
    'Contact',
  );
});

test('production’s contacts and escalation are the owner’s', () => {
  const { contacts, escalation } = loadEnvironment('production').notifications;
  expect(contacts.map(({ role }) => role)).toEqual(['Primary DBA', 'DevOps Lead', 'Incident channel', 'Emergency']);
  expect(escalation).toHaveLength(4);
});
