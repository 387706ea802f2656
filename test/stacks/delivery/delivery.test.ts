import { production } from '../../../lib/config/production';
import { filledIn } from '../../support/aws/filled-in';
import { conditionsHold, isAllowed, type PolicyDocument, type Statement } from '../../support/aws/iam';
import { find, onlyOne, type Properties, synthesize, synthesizeProductionWith } from '../../support/synth';

const ISSUER = 'token.actions.githubusercontent.com';
const template = synthesizeProductionWith({ ...production, delivery: { repository: 'octo-org/salons' } }).delivery;

interface Role {
  readonly id: string;
  readonly trust: Statement & { readonly Principal: unknown };
  readonly policy: PolicyDocument;
  readonly properties: Properties;
}

const policies = find(template, 'AWS::IAM::ManagedPolicy');
const roles: Role[] = Object.entries(find(template, 'AWS::IAM::Role')).map(([id, properties]) => {
  const { Ref } = properties['PermissionsBoundary'] as { Ref: string };
  const { Statement: trust } = properties['AssumeRolePolicyDocument'] as { Statement: [Role['trust']] };
  expect(trust).toHaveLength(1);
  return {
    id,
    trust: trust[0],
    policy: filledIn<PolicyDocument>(policies[Ref]!['PolicyDocument']),
    properties,
  };
});
const role = (name: string): Role =>
  onlyOne(Object.fromEntries<Role>(roles.filter(({ id }) => id.includes(name)).map((each) => [each.id, each])));
const token = (sub: string, aud = 'sts.amazonaws.com') => ({ [`${ISSUER}:sub`]: sub, [`${ISSUER}:aud`]: aud });
const bootstrapRole = (name: string, region = 'us-east-1', account = '111111111111') => ({
  action: 'sts:AssumeRole',
  resource: `arn:aws:iam::${account}:role/cdk-hnb659fds-${name}-role-111111111111-${region}`,
});

test('without delivery in the configuration there is nothing that trusts GitHub', () => {
  expect(synthesize('production').delivery.toJSON()).toEqual({});
});

test('an environment of GitHub deploys, a branch reads, and nobody else is trusted', () => {
  const subjects = {
    'repo:octo-org/salons:environment:production': ['DeployRole'],
    'repo:octo-org/salons:ref:refs/heads/main': ['ReadRole'],
    'repo:octo-org/salons:environment:staging': [],
    'repo:octo-org/salons:pull_request': [],
    'repo:octo-org/salons:ref:refs/heads/main2': [],
    'repo:octo-org/salons-fork:environment:production': [],
    'repo:somebody/salons:environment:production': [],
  };
  for (const [subject, trusted] of Object.entries(subjects)) {
    const found = ['DeployRole', 'ReadRole'].filter((name) => conditionsHold(role(name).trust, token(subject)));
    expect([subject, found]).toEqual([subject, trusted]);
  }
  expect(conditionsHold(role('DeployRole').trust, token('repo:octo-org/salons:environment:production', 'x'))).toBe(
    false,
  );
  expect(conditionsHold(role('DeployRole').trust, {})).toBe(false);
});

test('they may assume the roles of cdk bootstrap in both regions, and nothing else; the boundary says the same', () => {
  expect(roles).toHaveLength(2);
  expect(roles.map(({ properties }) => properties['RoleName']).sort()).toEqual([
    'production-github-deploy',
    'production-github-read',
  ]);
  for (const { properties, trust } of roles) {
    expect(properties['ManagedPolicyArns']).toEqual([properties['PermissionsBoundary']]);
    expect(trust.Action).toBe('sts:AssumeRoleWithWebIdentity');
  }
  const may = (name: string) =>
    ['deploy', 'file-publishing', 'lookup', 'image-publishing', 'cfn-exec'].filter((each) =>
      isAllowed(role(name).policy, bootstrapRole(each)),
    );
  expect(may('DeployRole')).toEqual(['deploy', 'file-publishing', 'lookup']);
  expect(may('ReadRole')).toEqual(['lookup']);
  for (const { policy } of roles) {
    expect(isAllowed(policy, bootstrapRole('lookup', 'us-west-2'))).toBe(true);
    expect(isAllowed(policy, bootstrapRole('lookup', 'eu-west-1'))).toBe(false);
    expect(isAllowed(policy, bootstrapRole('lookup', 'us-east-1', '222222222222'))).toBe(false);
    expect(isAllowed(policy, { action: 'iam:CreateUser', resource: '*' })).toBe(false);
  }
});

test('the identity provider is made once for an account', () => {
  expect(onlyOne(find(template, 'AWS::IAM::OIDCProvider'))).toMatchObject({
    Url: `https://${ISSUER}`,
    ClientIdList: ['sts.amazonaws.com'],
  });
  const second = synthesizeProductionWith({
    ...production,
    delivery: { repository: 'octo-org/salons', createProvider: false },
  }).delivery;
  expect(find(second, 'AWS::IAM::OIDCProvider')).toEqual({});
  const principals = Object.values(find(second, 'AWS::IAM::Role')).map(
    ({ AssumeRolePolicyDocument }) =>
      (AssumeRolePolicyDocument as { Statement: Role['trust'][] }).Statement[0]!.Principal,
  );
  expect(filledIn(principals)).toEqual(
    Array(2).fill({ Federated: `arn:aws:iam::111111111111:oidc-provider/${ISSUER}` }),
  );
});

test.each([
  ['no owner', { repository: 'salons' }],
  ['every repository of an owner', { repository: 'octo-org/*' }],
  ['a part of another claim', { repository: 'octo-org/salons:environment:production' }],
  ['every branch', { repository: 'octo-org/salons', branch: '*' }],
])('the configuration refuses %s', (_, delivery) => {
  expect(() => synthesizeProductionWith({ ...production, delivery })).toThrow(/delivery\.(repository|branch) is/);
});
