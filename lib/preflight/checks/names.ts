import type { AssemblyResource } from '../../assembly/environment-assembly';
import type { Aws } from '../../account/aws';
import { type Check, check, type Finding, ok, refused } from '../check';
import type { DeployedStack } from '../../account/deployed';
import { NAMED_TYPES, type NamedType } from '../named';
import { regionsOf, resourcesIn, type Wanted } from '../wanted';

/** A fixed name of the templates, and the resource that has it. */
interface Name {
  readonly name: string;
  readonly resource: AssemblyResource;
}

/**
 * Whether something outside of the stacks holds a fixed name of the templates: what an earlier attempt kept, or a resource of somebody
 * else. CloudFormation then fails with "already exists". One line for each type and region that has fixed names.
 */
export function nameChecks(wanted: Wanted, deployed: (aws: Aws) => Promise<readonly DeployedStack[]>): Check[] {
  return regionsOf(wanted).flatMap((region) =>
    NAMED_TYPES.flatMap((named) => {
      const names = fixedNames(wanted, region, named);
      if (names.length === 0) return [];
      const ask = async (aws: Aws) => ({
        existing: await named.existing(
          aws(region),
          names.map(({ name }) => name),
        ),
        stacks: await deployed(aws),
      });
      return [
        check(`names of ${named.plural} in ${region}`, ask, ({ existing, stacks }) => {
          const taken = names.filter(({ name }) => existing.includes(name));
          return decideNames(names, taken, stacks, named, region);
        }),
      ];
    }),
  );
}

function fixedNames(
  wanted: Wanted,
  region: string,
  { type, property }: { readonly type: string; readonly property: string },
): Name[] {
  return resourcesIn(wanted, region, type).flatMap((resource) => {
    const name = resource.properties[property];
    return typeof name === 'string' ? [{ name, resource }] : [];
  });
}

function decideNames(
  names: readonly Name[],
  taken: readonly Name[],
  stacks: readonly DeployedStack[],
  { remove, before }: NamedType,
  region: string,
): Finding {
  const resources = stacks
    .filter((stack) => stack.region === region)
    .flatMap((stack) => stack.resources.map((resource) => ({ ...resource, stack: stack.name })));
  const foreign = taken.filter(
    ({ name, resource }) =>
      !resources.some(
        (owned) =>
          owned.stack === resource.stack && owned.logicalId === resource.logicalId && owned.physicalId.includes(name),
      ),
  );
  if (foreign.length === 0) {
    return ok(taken.length === 0 ? `${names.length} free` : `${taken.length} of ${names.length} belong to our stacks`);
  }
  const listed = foreign.map(({ name }) => name);
  const commands = listed.map((name) => `${remove.replace('{name}', name)} --region ${region}`);
  return refused(
    `${listed.join(', ')} exists, and is not the resource of that name in our stacks`,
    'free names',
    `if nobody needs it: ${[...(before ? [before] : []), ...commands].join('; ')}; to keep it: npx cdk import`,
  );
}
