import { production } from '../../../lib/config/production';
import { filledIn } from '../../support/aws/filled-in';
import { find, synthesizeProductionWith } from '../../support/synth';

test.each([
  ['a name', 'teams/boundary', 'arn:aws:iam::111111111111:policy/teams/boundary'],
  ['an ARN', 'arn:aws:iam::222222222222:policy/boundary', 'arn:aws:iam::222222222222:policy/boundary'],
])('the permissions boundary, by %s, limits every role of every stack', (_, permissionsBoundary, arn) => {
  const templates = synthesizeProductionWith({ ...production, permissionsBoundary });
  const stacks = [
    'access',
    'backup',
    'database',
    'drills',
    'migrations',
    'monitoring',
    'network',
    'operations',
    'recovery',
  ] as const;
  const roles = stacks.flatMap((stack) => Object.entries(find(templates[stack], 'AWS::IAM::Role')));
  expect(roles.length).toBeGreaterThan(25);
  for (const [id, { PermissionsBoundary }] of roles) expect([id, filledIn(PermissionsBoundary)]).toEqual([id, arn]);
});
