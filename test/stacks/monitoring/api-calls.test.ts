import { filledIn } from '../../support/aws/filled-in';
import { matchesEvent } from '../../../lib/rehearsal/replay/events/event-pattern';
import { type InputTransformer, transform } from '../../../lib/rehearsal/replay/events/input-transformer';
import {
  find,
  onlyOne,
  type Properties,
  type Templates,
  synthesize,
  synthesizeProductionWith,
} from '../../support/synth';

const ACCOUNT = '111111111111';
const withAccess = () => synthesizeProductionWith({ access: { people: [`arn:aws:iam::${ACCOUNT}:user/ada`] } });

function rule({ monitoring }: Templates, alert: string): Properties {
  return onlyOne(find(monitoring, 'AWS::Events::Rule', { Name: `production-${alert}` }));
}

/** Whether a rule matches an event of CloudTrail. */
const matches = (templates: Templates, alert: string, event: object) =>
  matchesEvent(filledIn(rule(templates, alert)['EventPattern']), event);

const call = (service: string, eventName: string, detail: object) => ({
  source: `aws.${service}`,
  'detail-type': 'AWS API Call via CloudTrail',
  time: '2026-11-26T09:15:04Z',
  detail: { eventSource: `${service}.amazonaws.com`, eventName, sourceIPAddress: '198.51.100.7', ...detail },
});

describe('the master’s secret', () => {
  const templates = synthesize('production');
  const pattern = JSON.stringify(filledIn(rule(templates, 'PostgreSQLMasterSecretRead')['EventPattern']));
  /** What stands for the name of the secret, and for the functions, in this test. */
  const name = /"wildcard":"\*([^"]+)\*"/.exec(pattern)?.[1] ?? '';
  const functions = [...pattern.matchAll(/"\/([^"]+)"/g)].map(([, found]) => found!);
  const read = (who: string, change: object = {}) =>
    call('secretsmanager', 'GetSecretValue', {
      userIdentity: { arn: who },
      requestParameters: { secretId: `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:${name}-AbCdEf` },
      ...change,
    });
  const pages = (event: object) => matches(templates, 'PostgreSQLMasterSecretRead', event);
  const ada = `arn:aws:sts::${ACCOUNT}:assumed-role/BreakGlass/ada`;
  const inside = { vpcEndpointId: 'vpce-0123456789abcdef0', sourceIPAddress: '10.0.3.17' };

  test('has the two functions that need it', () => expect(functions).toHaveLength(2));

  test.each([
    ['a person’s role', ada],
    ['a user', `arn:aws:iam::${ACCOUNT}:user/ada`],
    ['the root user', `arn:aws:iam::${ACCOUNT}:root`],
  ])('pages when %s reads it, by its ARN, a part of it, or its name', (_, who) => {
    expect(pages(read(who))).toBe(true);
    for (const secretId of [`arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:${name}`, name])
      expect(pages(read(who, { requestParameters: { secretId } }))).toBe(true);
  });

  test('does not page when the migrations or the rotation read it through the endpoint', () => {
    for (const each of functions)
      expect(pages(read(`arn:aws:sts::${ACCOUNT}:assumed-role/Some-Role/${each}`, inside))).toBe(false);
  });

  test('pages when somebody calls a session like one of the functions, from outside', () => {
    for (const each of functions) expect(pages(read(`arn:aws:sts::${ACCOUNT}:assumed-role/Admin/${each}`))).toBe(true);
  });

  test('does not page for another secret, a refused read, or CloudFormation', () => {
    expect(pages(read(ada, { requestParameters: { secretId: 'another' } }))).toBe(false);
    expect(pages(read(ada, { errorCode: 'AccessDenied' }))).toBe(false);
    expect(pages(read(ada, { sourceIPAddress: 'cloudformation.amazonaws.com' }))).toBe(false);
    expect(pages({ ...read(ada), detail: { ...read(ada).detail, eventName: 'DescribeSecret' } })).toBe(false);
  });

  test('tells who read it, from where and when', () => {
    const [target] = rule(templates, 'PostgreSQLMasterSecretRead')['Targets'] as Properties[];
    const lines = transform(target?.['InputTransformer'] as InputTransformer, read(ada)).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        '"production-PostgreSQLMasterSecretRead"',
        '"What AWS says: GetSecretValue"',
        `"Who: ${ada}"`,
        '"From: 198.51.100.7"',
        '"Time: 2026-11-26T09:15:04Z"',
        '"Somebody read the password of the master user"',
      ]),
    );
  });
});

test('a person who assumes one of our roles, and no other, notifies', () => {
  const templates = withAccess();
  const [arn] = filledIn<{ detail: { requestParameters: { roleArn: string[] } } }>(
    rule(templates, 'PostgreSQLAccessRoleAssumed')['EventPattern'],
  ).detail.requestParameters.roleArn;
  const assume = (roleArn: string | undefined) =>
    call('sts', 'AssumeRole', { userIdentity: { arn: 'a' }, requestParameters: { roleArn, roleSessionName: 'ada' } });
  expect(matches(templates, 'PostgreSQLAccessRoleAssumed', assume(arn))).toBe(true);
  expect(matches(templates, 'PostgreSQLAccessRoleAssumed', assume('arn:aws:iam::1:role/Another'))).toBe(false);
});

test('a session by our documents notifies, and no other', () => {
  const templates = withAccess();
  const start = (requestParameters: object) =>
    matches(
      templates,
      'PostgreSQLAccessSessionStarted',
      call('ssm', 'StartSession', { userIdentity: { arn: 'a' }, requestParameters }),
    );
  expect(start({ target: 'i-1', documentName: 'production-connect-primary' })).toBe(true);
  expect(
    start({ target: 'i-1', documentName: `arn:aws:ssm:us-east-1:${ACCOUNT}:document/production-connect-replica-2` }),
  ).toBe(true);
  expect(start({ target: 'i-1' })).toBe(false);
});

test('without people’s access there is nothing of the kind', () => {
  for (const alert of ['PostgreSQLAccessRoleAssumed', 'PostgreSQLAccessSessionStarted'])
    expect(find(synthesize('production').monitoring, 'AWS::Events::Rule', { Name: `production-${alert}` })).toEqual({});
});
