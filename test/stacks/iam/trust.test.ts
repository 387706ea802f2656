import { ENVIRONMENT_NAMES } from '../../../lib/config';
import { EnvironmentIam, type TrustStatement } from '../../support/aws/environment-iam';
import { conditionsHold } from '../../support/aws/iam';

const OURS = '111111111111';
const OTHERS = '999999999999';

/** Services that are documented to say for which account and resource they assume a role, and an ARN of each. */
const DOCUMENTED: Readonly<Record<string, string>> = {
  'events.amazonaws.com': 'arn:aws:events:us-east-1:ACCOUNT:rule/r',
  'monitoring.rds.amazonaws.com': 'arn:aws:rds:us-east-1:ACCOUNT:db:d',
  'scheduler.amazonaws.com': 'arn:aws:scheduler:us-east-1:ACCOUNT:schedule-group/default',
  'ssm.amazonaws.com': 'arn:aws:ssm:us-east-1:ACCOUNT:automation-execution/e',
  'states.amazonaws.com': 'arn:aws:states:us-east-1:ACCOUNT:stateMachine:s',
  'vpc-flow-logs.amazonaws.com': 'arn:aws:ec2:REGION:ACCOUNT:vpc-flow-log/f',
};
/** Services that are not: the condition holds for them where they name the account (lib/constructs/trusted-sources.ts). */
const UNDOCUMENTED = ['backup.amazonaws.com', 'lambda.amazonaws.com', 'rds.amazonaws.com'];

const environments = ENVIRONMENT_NAMES.map((name) => new EnvironmentIam(name));
const trusts = environments.flatMap((iam) =>
  iam.roles().flatMap(({ id, trust }) => trust.map((statement) => ({ id: `${iam.environment} ${id}`, statement }))),
);
const services = ({ Principal }: TrustStatement): string[] =>
  typeof Principal === 'string' ? [] : [Principal['Service'] ?? []].flat();

test('every role that a service assumes trusts it for resources of this account only', () => {
  const ofServices = trusts.filter(({ statement }) => services(statement).length > 0);
  expect(ofServices.length).toBeGreaterThan(60);
  for (const { id, statement } of ofServices) {
    for (const service of services(statement)) {
      const from = (account: string) => {
        const arn = DOCUMENTED[service]?.replace('REGION', /Recovery\//.test(id) ? 'us-west-2' : 'us-east-1');
        return {
          'aws:SourceAccount': account,
          ...(arn && { 'aws:SourceArn': arn.replace('ACCOUNT', account) }),
        };
      };
      const trusted = [OURS, OTHERS].map((account) => conditionsHold(statement, from(account)));
      expect([id, service, ...trusted]).toEqual([id, service, true, false]);
      // A documented service that names nobody is not trusted.
      expect([id, conditionsHold(statement, {})]).toEqual([id, UNDOCUMENTED.includes(service)]);
    }
  }
  const named = new Set(ofServices.flatMap(({ statement }) => services(statement)));
  expect([...named].sort()).toEqual([...Object.keys(DOCUMENTED), ...UNDOCUMENTED].sort());
});

/** Keys of conditions that name the account or a resource of it. */
const SOURCES = ['aws:SourceAccount', 'aws:SourceArn', 'kms:EncryptionContext:aws:logs:arn'];

test('every policy of a resource that allows a service allows it for this account only', () => {
  const statements = environments.flatMap((iam) =>
    iam
      .resourcePolicies()
      .flatMap(({ id, statements: all }) =>
        all
          .filter(
            ({ Effect, Principal }) => Effect === 'Allow' && typeof Principal !== 'string' && 'Service' in Principal,
          )
          .map((statement) => ({ id: `${iam.environment} ${id}`, statement })),
      ),
  );
  expect(statements.length).toBeGreaterThan(50);
  const open = statements.filter(({ statement: { Condition = {} } }) => {
    const values = Object.values(Condition).flatMap((keys) =>
      Object.entries(keys).flatMap(([key, value]) => (SOURCES.includes(key) ? value : [])),
    );
    return values.length === 0 || values.some((value) => !value.includes(OURS));
  });
  expect(open).toEqual([]);
});

test('policies of endpoints allow named actions to principals of this account', () => {
  const endpoints = environments.flatMap((iam) =>
    iam.resourcePolicies().filter(({ type }) => type === 'AWS::EC2::VPCEndpoint'),
  );
  expect(endpoints.length).toBeGreaterThan(3);
  for (const { statements } of endpoints) {
    for (const { Action, Condition } of statements) {
      expect([Action].flat().filter((action) => action.includes('*'))).toEqual([]);
      expect(Condition).toEqual({ StringEquals: { 'aws:PrincipalAccount': OURS } });
    }
  }
});

test('every endpoint has a policy of its own', () => {
  const policies = environments.flatMap((iam) => iam.resourcePolicies().map(({ id }) => `${iam.environment} ${id}`));
  const endpoints = environments.flatMap((iam) =>
    iam.ofType('AWS::EC2::VPCEndpoint').map((id) => `${iam.environment} ${id}`),
  );
  expect(endpoints.filter((id) => !policies.includes(id))).toEqual([]);
});
