import { production } from '../../../lib/config/production';
import { filledIn } from '../../support/aws/filled-in';
import { find, onlyOne, synthesizeProductionWith } from '../../support/synth';

const ADA = 'arn:aws:iam::111111111111:user/ada';
const OPS = ['arn:aws:iam::111111111111:role/ops', 'arn:aws:iam::111111111111:user/grace'];

function trustOf(part: 'Operator' | 'Approver', recovery: object): unknown {
  const { operations } = synthesizeProductionWith({ ...production, recovery });
  const roles = Object.entries(find(operations, 'AWS::IAM::Role')).filter(([id]) => id.includes(`People${part}`));
  const { AssumeRolePolicyDocument } = onlyOne(Object.fromEntries(roles));
  return filledIn<{ Statement: unknown[] }>(AssumeRolePolicyDocument).Statement;
}

test('configured people, and nobody else, assume the roles, with MFA', () => {
  const recovery = { approverPrincipals: [ADA], operatorPrincipals: OPS };
  const mfa = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
  expect(trustOf('Approver', recovery)).toEqual([
    {
      Action: 'sts:AssumeRole',
      Effect: 'Allow',
      Principal: { AWS: ADA },
      Condition: {
        ...mfa,
        ArnNotEquals: { 'aws:PrincipalArn': [expect.stringContaining('PeopleOperator') as unknown, ...OPS] },
      },
    },
  ]);
  expect(trustOf('Operator', recovery)).toEqual([
    { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { AWS: OPS }, Condition: mfa },
  ]);
});

test('MFA is left out where the configuration says why', () => {
  const mfa = { enabled: false as const, reason: 'people come from IAM Identity Center, which requires MFA' };
  expect(JSON.stringify(trustOf('Operator', { mfa }))).not.toContain('MultiFactorAuth');
});
