import { compare } from '../../../lib/safe-change/compare';
import { kindOf } from '../../../lib/safe-change/stateful';
import type { Template } from '../../../lib/assembly/environment-assembly';
import { synthesizeProductionWith, type Templates } from '../../support/synth';

type States = Record<string, Template>;
const STACKS = [
  'network',
  'database',
  'backup',
  'migrations',
  'access',
  'people',
  'operations',
  'monitoring',
  'drills',
  'recovery',
  'recoveryDrills',
  'cache',
] as const satisfies (keyof Templates)[];
const jsonOf = (templates: Templates): States =>
  Object.fromEntries(
    STACKS.map((name) => [name, templates[name].toJSON() as Template] as const).filter(([, json]) => json.Resources),
  );
const on = () => jsonOf(synthesizeProductionWith({ cache: { nodeType: 'r6g.large' } }));
const off = () => jsonOf(synthesizeProductionWith({ cache: undefined }));

test('with and without the cache, only its own stack and the monitoring differ', () => {
  const [withIt, without] = [on(), off()];
  expect(Object.keys(withIt)).toEqual([...Object.keys(without), 'cache']);
  const different = Object.keys(without).filter(
    (name) => JSON.stringify(withIt[name]!.Resources) !== JSON.stringify(without[name]!.Resources),
  );
  expect(different).toEqual(['monitoring']);
});

test.each([
  ['on', off, on],
  ['off', on, off],
])('switching it %s changes no stateful resource but the cache’s own', (_, before, after) => {
  const changes = compare(before(), after());
  expect(changes.length).toBeGreaterThan(0);
  const stateful = changes.filter(({ resource, type, old }) =>
    kindOf(old ?? after()[resource.split('/')[0]!]?.Resources?.[resource.split('/')[1]!] ?? { Type: type }),
  );
  expect(stateful.filter(({ resource }) => !resource.startsWith('cache/'))).toEqual([]);
  expect(stateful.length).toBeGreaterThan(0);
});
