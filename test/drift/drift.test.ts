import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { connect } from '../../lib/account/aws';
import { drift, driftText, isAsDeployed } from '../../lib/drift/drift';
import { backup, cloudFormation, cloudWatch, ec2, rds, run, sns, stacks, sts } from './account';
import { serveChanged } from './seeds';

beforeEach(() => serveChanged(() => undefined));

const failure = (name: string) => Object.assign(new Error('said'), { name });

test('an account right after a deployment has no drift', async () => {
  const found = await run();
  expect(found.findings).toEqual([]);
  expect(found.notChecked).toEqual([]);
  expect(found.compared).toBe(16);
  expect(isAsDeployed(found)).toBe(true);
  expect(driftText(found)).toBe('production in account 111122223333: 0 findings in 16 comparisons, 0 not made');
});

test('it only reads', async () => {
  await run();
  const services = [cloudFormation, cloudWatch, rds, ec2, backup, sns, sts] as unknown as {
    calls: () => { args: [object] }[];
  }[];
  const calls = services.flatMap((service) => service.calls());
  const names = new Set(calls.map(({ args: [command] }) => command.constructor.name));
  expect(names.size).toBeGreaterThan(12);
  expect([...names].filter((name) => !/^(Describe|Get|List)/.test(name))).toEqual([]);
});

test('what may not be read is not compared, and says why; the rest is', async () => {
  cloudWatch.on(DescribeAlarmsCommand).rejects(failure('AccessDeniedException'));
  const found = await run();
  expect(found.findings).toEqual([]);
  expect(found.notChecked).toMatchObject(
    ['us-east-1', 'us-west-2'].map((region) => ({
      ...{ area: 'alarms', region, found: 'these credentials may not call it: needs cloudwatch:DescribeAlarms' },
      action: expect.stringContaining('ask for the permission') as string,
    })),
  );
  expect(found.compared).toBe(14);
  expect(isAsDeployed(found)).toBe(true);
  expect(driftText(found)).toContain(
    'not compared                 alarms (us-east-1): these credentials may not call it',
  );
});

test.each([
  ['at first', () => sts.on(GetCallerIdentityCommand).rejects(failure('ExpiredToken'))],
  ['on the way', () => cloudWatch.on(DescribeAlarmsCommand).rejects(failure('ExpiredTokenException'))],
])('credentials that are refused %s end it', async (_, refuse) => {
  refuse();
  await expect(run()).rejects.toMatchObject({
    message: expect.stringMatching(/^AWS credentials are missing/) as string,
  });
});

test('credentials of another account end it before anything is compared', async () => {
  const config = { name: 'production', region: 'us-east-1', accountId: '444455556666' };
  await expect(drift({ config, aws: connect(), stacks })).rejects.toThrow(
    /^these credentials are those of account 111122223333; allowed: 444455556666, the accountId in lib\/config\/production\.ts; /,
  );
  expect(cloudFormation.calls()).toEqual([]);
});
