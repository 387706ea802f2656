import { DescribeRegionsCommand } from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Line } from '../../lib/preflight/check';
import { isReady, preflightText } from '../../lib/preflight/preflight';
import { ACCOUNT, COMPLETE, ec2, goodAccount, KEY, SERVICES, sts } from './account';
import { run, wantedOf } from './run';

/** What all stubs have, whatever the service. */
interface AnyStub {
  calls: () => { args: [object] }[];
  on: (command: NewCommand) => { rejects: (error: Error) => unknown };
}
type NewCommand = new (input: never) => object;
const STUBS = Object.entries(SERVICES) as unknown as [string, AnyStub][];

beforeAll(() => void wantedOf(COMPLETE), 120_000);
beforeEach(goodAccount);

const status = (checks: readonly Line[], wanted: Line['status']) => checks.filter((line) => line.status === wanted);

/** Every action that a run on the good account calls, such as `rds:DescribeDBProxies`, with its service. */
async function actionsCalled(): Promise<{ action: string; stub: AnyStub; command: NewCommand }[]> {
  await run();
  const calls = STUBS.flatMap(([prefix, stub]) =>
    stub.calls().map((call) => {
      const command = call.args[0].constructor as NewCommand;
      return { action: `${prefix}:${command.name.replace(/Command$/, '')}`, stub, command };
    }),
  );
  return [...new Map(calls.map((call) => [call.action, call])).values()];
}

test('a good account: everything is ok, apart from what a person has to look at', async () => {
  const found = await run();
  expect(status(found.checks, 'refused')).toEqual([]);
  expect(status(found.checks, 'warning')).toEqual([]);
  expect(status(found.checks, 'not checked').map(({ name }) => name)).toEqual([
    'plan of the account',
    'Slack workspace',
    'cache',
    'recorder of AWS Config',
  ]);
  expect(isReady(found)).toBe(true);
  expect(found).toMatchObject({ environment: 'production', account: ACCOUNT, region: 'us-east-1' });
  expect(new Set(found.checks.map(({ name }) => name)).size).toBe(found.checks.length);
});

test('it only reads', async () => {
  const actions = (await actionsCalled()).map(({ action }) => action);
  expect(actions.length).toBeGreaterThan(20);
  expect(actions.filter((action) => !/^\w+:(Describe|Get|List)[A-Z]/.test(action))).toEqual([]);
});

test('what is not ok says what to do; the key of PagerDuty is never printed', async () => {
  const found = await run();
  for (const line of found.checks) {
    if (line.status !== 'ok') expect(line.action).toBeTruthy();
    expect(Object.keys(line)).toEqual(expect.arrayContaining(['name', 'status', 'found']));
  }
  expect(preflightText(found) + JSON.stringify(found)).not.toContain(KEY);
});

/** Errors of a call as the SDK throws them, and what the lines of the call say. */
const FAILURES: Record<string, { error: Error; says: (action: string) => string }> = {
  'access denied': {
    error: Object.assign(new Error('User: ada is not authorized'), { name: 'AccessDeniedException' }),
    says: (action) => `needs ${action}`,
  },
  throttled: {
    error: Object.assign(new Error('Rate exceeded'), { name: 'Throttling' }),
    says: (action) => `AWS answers no more calls of ${action}`,
  },
  unreachable: {
    error: Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }),
    says: () => 'AWS cannot be reached (getaddrinfo ENOTFOUND)',
  },
  'another error': {
    error: Object.assign(new Error('We are sorry.'), { name: 'InternalFailure' }),
    says: (action) => `${action} failed: InternalFailure: We are sorry`,
  },
};

describe.each(Object.keys(FAILURES))('one call fails: %s', (name) => {
  const { error, says } = FAILURES[name]!;

  test('its checks are not checked and say why; nothing is refused because of it', async () => {
    const called = (await actionsCalled()).filter(({ action }) => action !== 'sts:GetCallerIdentity');
    for (const { action, stub, command } of called) {
      goodAccount();
      stub.on(command).rejects(error);
      const found = await run();
      const lines = status(found.checks, 'not checked').filter((line) => line.found.includes(says(action)));
      expect({ action, lines: lines.length > 0 }).toEqual({ action, lines: true });
      expect(status(found.checks, 'refused')).toEqual([]);
      expect(found.checks.every((line) => line.status === 'ok' || line.action !== undefined)).toBe(true);
    }
  });
});

test.each([
  ['ExpiredToken', 'The security token included in the request is expired'],
  ['CredentialsProviderError', 'Could not load credentials from any providers'],
  ['InvalidClientTokenId', 'The security token included in the request is invalid.'],
])('no use of the credentials (%s) is one sentence and one refused line', async (name, message) => {
  sts.on(GetCallerIdentityCommand).rejects(Object.assign(new Error(message), { name }));
  const found = await run();
  expect(found).toEqual({
    environment: 'production',
    account: null,
    region: 'us-east-1',
    checks: [
      {
        name: 'connection to AWS',
        status: 'refused',
        found: `AWS credentials are missing, expired or refused (${message.replace(/\.$/, '')})`,
        action: expect.stringContaining('log in') as string,
      },
    ],
  });
  expect(isReady(found)).toBe(false);
  expect(preflightText(found)).toMatch(/^nothing was checked: AWS credentials [^\n]*start it again$/);
});

test('credentials that expire on the way are the same sentence', async () => {
  const called = await actionsCalled();
  const expired = Object.assign(new Error('The security token included in the request is expired'), {
    name: 'ExpiredTokenException',
  });
  for (const { stub, command } of called) {
    goodAccount();
    stub.on(command).rejects(expired);
    expect(preflightText(await run())).toMatch(/^nothing was checked: AWS credentials [^\n]*$/);
  }
});

test('credentials of another account stop everything else', async () => {
  const found = await run({ ...COMPLETE, accountId: '444455556666' });
  expect(found.checks[0]).toEqual({
    name: 'account',
    status: 'refused',
    found: `${ACCOUNT}, as arn:aws:sts::${ACCOUNT}:assumed-role/Admin/ada`,
    allowed: '444455556666, the accountId in lib/config/production.ts',
    action: expect.stringContaining('AWS_PROFILE') as string,
  });
  expect(found.checks.at(-1)).toMatchObject({ name: 'everything else', status: 'not checked' });
  expect(isReady(found)).toBe(false);
});

test('without a configured account, the account of the credentials is said', async () => {
  expect((await run({ ...COMPLETE, accountId: undefined })).checks[0]).toMatchObject({
    status: 'ok',
    found: expect.stringMatching(/111122223333.*names no account/) as string,
  });
});

test.each([
  [
    'opt in',
    [
      { RegionName: 'us-east-1', OptInStatus: 'opt-in-not-required' },
      { RegionName: 'us-west-2', OptInStatus: 'not-opted-in' },
    ],
    'us-west-2 is not enabled in this account',
  ],
  [
    'unknown',
    [{ RegionName: 'us-east-1', OptInStatus: 'opt-in-not-required' }],
    'us-west-2 is not a region of this account',
  ],
])('a recovery region that cannot be used (%s) stops everything else', async (_, Regions, sentence) => {
  ec2.on(DescribeRegionsCommand).resolves({ Regions });
  const { checks } = await run();
  expect(status(checks, 'refused')).toMatchObject([{ name: 'region us-west-2', found: sentence }]);
  expect(checks.at(-1)?.name).toBe('everything else');
});

test('placeholders are refused, one line for each', async () => {
  const found = await run({ accountId: ACCOUNT });
  const lines = status(found.checks, 'refused');
  expect(lines[0]).toEqual({
    name: 'placeholder notifications.emails.0',
    status: 'refused',
    found: '"ops@yourdomain.com"',
    allowed: 'what it stands for',
    action: 'fill it in, in lib/config/production.ts',
  });
  expect(lines.map(({ name }) => name)).toContain('placeholder notifications.contacts.0.name');
});

test('the text has a line for each check, what to do below it, and the numbers at the end', async () => {
  const text = preflightText(await run({ accountId: ACCOUNT }));
  expect(text).toMatch(/^production in account 111122223333, us-east-1\n {2}ok {11}account: 111122223333/);
  expect(text).toContain(
    '\n  refused      placeholder notifications.emails.0: "ops@yourdomain.com"; allowed: what it stands for\n               do: fill it in',
  );
  expect(text).toMatch(/\n6 refused, 0 warnings, \d+ not checked, \d+ ok$/);
});
