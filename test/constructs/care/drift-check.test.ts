import { loadEnvironment } from '../../../lib/config';
import { parseEnvironment } from '../../../lib/config/parse';
import type { EnvironmentConfig } from '../../../lib/config/schema/environment';
import { VARIANTS, variantInputs } from '../../review/variants';
import { filledIn } from '../../support/aws/filled-in';
import { type Configuration, CONFIGURATIONS, stackDependencies, stackTemplates } from '../../support/synth';

function configOf(configuration: Configuration): EnvironmentConfig {
  const variant = VARIANTS.find((each) => each === configuration);
  return variant
    ? parseEnvironment('production', variantInputs(variant)['production']!)
    : loadEnvironment(configuration as Parameters<typeof loadEnvironment>[0]);
}

interface MonitoringTemplate {
  readonly Resources: Readonly<
    Record<string, { readonly Properties?: { readonly Environment?: { readonly Variables: Record<string, unknown> } } }>
  >;
}

/** The stacks that the function is given, by their names. */
function givenStacks(templates: ReturnType<typeof stackTemplates>): Record<string, string> {
  const { Resources } = templates['Monitoring'] as unknown as MonitoringTemplate;
  const values = Object.values(Resources).flatMap(
    ({ Properties }) => Properties?.Environment?.Variables['STACKS'] ?? [],
  );
  expect(values).toHaveLength(1);
  const stacks = JSON.parse(String(filledIn(values[0]))) as { readonly name: string; readonly region: string }[];
  return Object.fromEntries(stacks.map(({ name, region }) => [name, region]));
}

test.each(CONFIGURATIONS)('%s: the weekly comparison is given every stack with its region', (configuration) => {
  const { name, region, backups } = configOf(configuration);
  const templates = stackTemplates(configuration);
  const expected = Object.keys(templates).map((id) => [
    `${name}-${id}`,
    id.startsWith('Recovery') ? backups.recoveryRegion : region,
  ]);
  expect(expected.length).toBeGreaterThan(5);
  expect(givenStacks(templates)).toEqual(Object.fromEntries(expected));
});

test.each(CONFIGURATIONS)('%s: for that, monitoring waits for no stack that is made after it', (configuration) => {
  const made = Object.keys(stackTemplates(configuration));
  const after = made.slice(made.indexOf('Monitoring') + 1);
  const awaited = stackDependencies(configuration)['Monitoring']!;
  expect(awaited).toContain('Database');
  expect(awaited.filter((stack) => after.includes(stack))).toEqual([]);
});
