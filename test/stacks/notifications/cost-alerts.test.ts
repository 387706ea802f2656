import { find, onlyOne, synthesize, synthesizeProductionWith } from '../../support/synth';

const PUBLISHERS = ['budgets.amazonaws.com', 'costalerts.amazonaws.com'];
const production = synthesize('production');

test('the budget warns the topic of warnings before and when the month costs too much', () => {
  const budget = onlyOne(find(production.monitoring, 'AWS::Budgets::Budget'));
  expect(budget['Budget']).toMatchObject({
    BudgetLimit: { Amount: 1750, Unit: 'USD' },
    TimeUnit: 'MONTHLY',
    // Production may share its account.
    CostFilters: { TagKeyValue: ['user:Environment$production'] },
  });
  const notified = budget['NotificationsWithSubscribers'] as {
    Notification: { NotificationType: string; Threshold: number };
    Subscribers: { SubscriptionType: string; Address: { Ref: string } }[];
  }[];
  expect(notified.map(({ Notification: { NotificationType, Threshold } }) => [NotificationType, Threshold])).toEqual([
    ['ACTUAL', 80],
    ['ACTUAL', 100],
    ['FORECASTED', 100],
  ]);
  for (const { Subscribers } of notified) {
    expect(Subscribers).toEqual([
      { SubscriptionType: 'SNS', Address: { Ref: expect.stringMatching(/^TopicsWarning/) as string } },
    ]);
  }
});

test('costs that are unusual warn as well', () => {
  const subscription = onlyOne(find(production.monitoring, 'AWS::CE::AnomalySubscription'));
  expect(subscription).toMatchObject({ Frequency: 'IMMEDIATE', Subscribers: [{ Type: 'SNS' }] });
  expect(JSON.parse(subscription['ThresholdExpression'] as string)).toMatchObject({ Dimensions: { Values: ['100'] } });
  const monitor = onlyOne(find(production.monitoring, 'AWS::CE::AnomalyMonitor'));
  expect(JSON.parse(monitor['MonitorSpecification'] as string)).toMatchObject({
    Tags: { Key: 'Environment', Values: ['production'] },
  });
});

test('the services of costs may publish to the topic of warnings and use its key, for this account, and no other topic', () => {
  const allowing = Object.values(find(production.monitoring, 'AWS::SNS::TopicPolicy')).filter((policy) =>
    PUBLISHERS.every((service) => JSON.stringify(policy).includes(service)),
  );
  expect(allowing).toHaveLength(1);
  expect(JSON.stringify(allowing[0]!['Topics'])).toContain('TopicsWarning');
  const { Statement } = allowing[0]!['PolicyDocument'] as { Statement: { Sid?: string; Condition: unknown }[] };
  expect(Statement.find(({ Sid }) => Sid === 'PublishCosts')?.Condition).toEqual({
    StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
  });
  const keys = JSON.stringify(find(production.network, 'AWS::KMS::Key'));
  for (const service of PUBLISHERS) expect(keys).toContain(service);
});

test('without a budget nothing of it is there; an account of its own needs no tag', () => {
  const dev = synthesize('dev');
  expect(find(dev.monitoring, 'AWS::Budgets::Budget')).toEqual({});
  expect(JSON.stringify([dev.monitoring.toJSON(), dev.network.toJSON()])).not.toMatch(/budgets|costalerts/);
  const own = synthesizeProductionWith({ accountId: '123456789012', ownAccount: true });
  expect(onlyOne(find(own.monitoring, 'AWS::Budgets::Budget'))['Budget']).not.toHaveProperty('CostFilters');
});
