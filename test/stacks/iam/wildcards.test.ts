import { ENVIRONMENT_NAMES } from '../../../lib/config';
import { EnvironmentIam } from '../../support/aws/environment-iam';
import { ON_ALL_RESOURCES, WITHOUT_RESOURCE } from './on-all-resources';

const roles = ENVIRONMENT_NAMES.flatMap((name) =>
  new EnvironmentIam(name).roles().map((role) => ({ ...role, id: `${name} ${role.id}` })),
);
const allowing = roles.flatMap(({ id, policy }) =>
  policy.Statement.filter(({ Effect }) => Effect === 'Allow').map((statement) => ({ id, ...statement })),
);

test('no role may call an action by a wildcard', () => {
  expect(allowing.length).toBeGreaterThan(100);
  expect(allowing.filter(({ Action }) => [Action].flat().some((action) => /[*?]/.test(action)))).toEqual([]);
});

test('all resources stand only where IAM has no resource for the action, or by name', () => {
  const known = [...WITHOUT_RESOURCE, ...Object.keys(ON_ALL_RESOURCES)];
  const all = allowing.filter(({ Resource }) => [Resource].flat().includes('*'));
  const actions = [...new Set(all.flatMap(({ Action }) => Action))];
  expect(actions.filter((action) => !known.includes(action))).toEqual([]);
  expect(known.filter((action) => !actions.includes(action))).toEqual([]);
});

test('metrics are published to our namespace only, and keys are used through a service only', () => {
  const open = allowing.filter(({ Action, Condition }) => {
    const actions = [Action].flat();
    if (actions.includes('cloudwatch:PutMetricData')) return !Condition?.['StringEquals']?.['cloudwatch:namespace'];
    return actions.some((action) => action.startsWith('kms:')) && !Condition?.['StringEquals']?.['kms:ViaService'];
  });
  expect(open).toEqual([]);
});

test('no role has a managed policy but those that AWS documents for its own services', () => {
  const managed = new Set(roles.flatMap((role) => role.managed.map((arn) => arn.split('/').at(-1))));
  expect([...managed].sort()).toEqual([
    'AWSBackupServiceRolePolicyForBackup',
    'AWSBackupServiceRolePolicyForRestores',
    'AmazonRDSEnhancedMonitoringRole',
  ]);
  expect(roles.filter(({ ofFunction, managed: own }) => ofFunction && own.length > 0)).toEqual([]);
});
