import { paginateDescribeDBParameters, type Parameter } from '@aws-sdk/client-rds';
import { askAll } from '../../account/ask';
import type { DeployedEnvironment } from '../deployed-environment';
import { area, type Found } from '../finding';
import { matches } from '../matches';

/** The parameters that were set in each of our groups, by the group's name. */
type Groups = ReadonlyMap<string, readonly Parameter[]>;

/** The parameter groups of the environment, in use or not. */
export const parameters = area(
  'parameter groups',
  async (aws, region, deployed): Promise<Groups> => {
    const groups = new Map<string, readonly Parameter[]>();
    for (const { name } of deployed.resources('AWS::RDS::DBParameterGroup', region)) {
      const pages = paginateDescribeDBParameters(
        { client: aws(region).rds },
        // `user`: what somebody set, and not the default of the engine (API reference, DescribeDBParameters).
        { DBParameterGroupName: name, Source: 'user' },
      );
      groups.set(name, await askAll('rds:DescribeDBParameters', pages, (page) => page.Parameters));
    }
    return groups;
  },
  decideParameters,
);

function decideParameters(groups: Groups, deployed: DeployedEnvironment, region: string): Found[] {
  return deployed.resources('AWS::RDS::DBParameterGroup', region).flatMap(({ name, properties }) => {
    const expected = (properties['Parameters'] ?? {}) as Readonly<Record<string, string | undefined>>;
    const actual = new Map((groups.get(name) ?? []).map((each) => [each.ParameterName ?? '', each.ParameterValue]));
    return [...new Set([...Object.keys(expected), ...actual.keys()])]
      .filter((parameter) => !sameValue(expected[parameter], actual.get(parameter)))
      .map((parameter): Found => ({
        kind: 'parameters changed',
        resource: name,
        found: `${parameter} is ${actual.get(parameter) ?? 'the default'}`,
        expected: expected[parameter] ?? 'the default',
        action:
          'set it back (aws rds modify-db-parameter-group), or put the value into lib/config/postgres-parameters.ts and deploy',
      }));
  });
}

function sameValue(expected: string | undefined, actual: string | undefined): boolean {
  return expected === undefined ? actual === undefined : matches(expected, actual);
}
