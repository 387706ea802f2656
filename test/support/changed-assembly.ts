import type { AssemblyResource, EnvironmentAssembly } from '../../lib/assembly/environment-assembly';

type MutableProperties = Record<string, unknown>;

/**
 * An assembly in which the properties of some resources differ.
 * @param which resources, by their type and a part of their name or logical id
 * @param change changes the properties in place; false removes the resource
 */
export function changedAssembly(
  assembly: EnvironmentAssembly,
  type: string,
  which: string,
  change: (properties: MutableProperties) => unknown,
): EnvironmentAssembly {
  let found = 0;
  const resources = assembly.resources.flatMap((resource): AssemblyResource[] => {
    const name = (resource.properties['AlarmName'] ?? resource.properties['Name'] ?? resource.logicalId) as string;
    if (resource.type !== type || !(name === which || resource.logicalId.includes(which))) return [resource];
    found++;
    const properties = structuredClone(resource.properties) as MutableProperties;
    return change(properties) === false ? [] : [{ ...resource, properties }];
  });
  if (found === 0) throw new Error(`the assembly has no ${type} ${which}`);
  return Object.assign(Object.create(assembly) as EnvironmentAssembly, { resources });
}
