import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { driftText } from '../../lib/drift/drift';
import { KINDS } from '../../lib/drift/finding';
import { ACCOUNT, cloudFormation, NOW, type Region, run } from './account';
import { BACKUPS } from './backup-seeds';
import { MONITORING } from './monitoring-seeds';
import { alarm, CPU, DAY_MS, expectFound, first, primary, seeded, serveChanged } from './seeds';
import { SERVERS } from './server-seeds';

const SEEDS = [...MONITORING, ...SERVERS, ...BACKUPS];

test.each(SEEDS)('%s %#', expectFound);

test('a stack that is gone', async () => {
  serveChanged(() => undefined);
  const gone = Object.assign(new Error('Stack with id production-Drills does not exist'), { name: 'ValidationError' });
  cloudFormation.on(DescribeStacksCommand, { StackName: 'production-Drills' }).rejects(gone);
  const { findings } = await run();
  expect(findings.find(({ kind }) => kind === 'stack missing')).toMatchObject({
    ...{ resource: 'production-Drills', action: expect.stringContaining("'production/Drills'") as string },
  });
});

test('every kind of drift is seeded', () => {
  const seeds = new Set<string>([...SEEDS.map(([kind]) => kind), 'stack missing']);
  expect(KINDS.filter((kind) => !seeds.has(kind))).toEqual([]);
});

test.each<[string, (home: Region) => unknown]>([
  ['an alarm of another application', (home) => home.alarms.push({ AlarmName: 'shop-down' })],
  [
    'an alarm without data for less than a day',
    (home) =>
      Object.assign(alarm(home, CPU), {
        StateValue: 'INSUFFICIENT_DATA',
        StateTransitionedTimestamp: new Date(NOW.getTime() - DAY_MS + 1),
      }),
  ],
  ['another server of the account', (home) => home.instances.push({ DBInstanceIdentifier: 'shop' })],
  ['storage that grew', (home) => (primary(home).AllocatedStorage = 300)],
  ['lists in another order', (home) => home.alarms.forEach(({ Dimensions }) => Dimensions?.reverse())],
  [
    'the chat application’s subscription',
    (home) =>
      first(home.subscriptions, 'Critical').push({
        ...{
          Protocol: 'https',
          Endpoint: 'https://global.sns-api.chatbot.amazonaws.com',
          SubscriptionArn: 'arn:aws:sns:a',
        },
      }),
  ],
  [
    'more denials, and everybody written in the other form',
    (home) => {
      const vault = first(home.vaults, 'BackupsVault');
      const policy = JSON.parse(vault.policy!) as { Statement: { Principal: unknown }[] };
      policy.Statement.forEach((statement) => (statement.Principal = '*'));
      policy.Statement.push({ Principal: `arn:aws:iam::${ACCOUNT}:root` });
      vault.policy = JSON.stringify(policy);
    },
  ],
])('%s is no drift', async (_, change) => {
  expect((await seeded(change)).findings).toEqual([]);
});

test('a rule of a backup plan that AWS answers without what is switched off, and without empty lists, is no drift', async () => {
  const { findings } = await seeded(({ plans }) => {
    for (const rule of first(plans).Rules ?? []) {
      if (!rule.EnableContinuousBackup) delete rule.EnableContinuousBackup;
      if (rule.CopyActions?.length === 0) delete rule.CopyActions;
    }
  });
  expect(findings).toEqual([]);
});

test('of an address only the host is shown, because the rest may be a key', async () => {
  const { findings } = await seeded(({ subscriptions }) =>
    first(subscriptions, 'Critical').push({
      ...{ Protocol: 'https', SubscriptionArn: 'arn:aws:sns:us-east-1:1:t:2' },
      Endpoint: 'https://user:word@events.pagerduty.com/integration/0123456789abcdef0123456789abcdef/enqueue?a=b',
    }),
  );
  expect(findings).toMatchObject([{ kind: 'subscription extra', found: 'https events.pagerduty.com/…' }]);
  expect(JSON.stringify(findings)).not.toMatch(/0123456789abcdef|word|a=b/);
});

test('the text names what differs and what to do', async () => {
  const text = driftText(await seeded((home) => (alarm(home, CPU).ActionsEnabled = false)));
  expect(text).toBe(`production in account 111122223333: 1 findings in 16 comparisons, 0 not made
  alarm actions disabled       ${CPU} (us-east-1): nobody is notified when it fires; expected: actions enabled
                               do: aws cloudwatch enable-alarm-actions --alarm-names ${CPU}`);
});
