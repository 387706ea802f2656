import type { AssemblyResource, EnvironmentAssembly } from './environment-assembly';

/** Parameters by name, as a parameter group has them. */
type Parameters = Readonly<Record<string, string>>;

/** The parameters that the servers of an environment run with. */
export interface DatabaseParameters {
  readonly primary: Parameters;
  /** Undefined where there are no replicas. */
  readonly replicas: Parameters | undefined;
}

/**
 * Reads the parameters of the database servers from the parameter groups that they refer to. A DB instance with a source instance is a
 * replica; the one without is the primary.
 * @throws Error where there is not exactly one primary, where the replicas have several groups, or where an instance's group is not
 *   in its stack
 */
export function databaseParameters(assembly: EnvironmentAssembly): DatabaseParameters {
  const instances = assembly.ofType('AWS::RDS::DBInstance');
  const isReplica = ({ properties }: AssemblyResource) => 'SourceDBInstanceIdentifier' in properties;
  const primaries = instances.filter((instance) => !isReplica(instance));
  const [primary] = primaries;
  if (!primary || primaries.length > 1) {
    throw new Error(`the assembly of ${assembly.environment} has ${primaries.length} primary instances; allowed: one`);
  }
  const ofReplicas = new Set(instances.filter(isReplica).map((replica) => groupOf(replica, assembly)));
  if (ofReplicas.size > 1) {
    throw new Error(
      `the replicas of ${assembly.environment} have ${ofReplicas.size} parameter groups; allowed: one for all`,
    );
  }
  const [replicas] = ofReplicas;
  return { primary: parametersOf(groupOf(primary, assembly)), replicas: replicas && parametersOf(replicas) };
}

function groupOf({ stack, logicalId, properties }: AssemblyResource, assembly: EnvironmentAssembly): AssemblyResource {
  const reference = properties['DBParameterGroupName'] as { readonly Ref?: string } | undefined;
  const group = assembly
    .ofType('AWS::RDS::DBParameterGroup')
    .find((each) => each.stack === stack && each.logicalId === reference?.Ref);
  if (!group) {
    throw new Error(
      `the instance ${logicalId} has the parameter group ${JSON.stringify(reference)}; allowed: a reference to a group of its stack`,
    );
  }
  return group;
}

function parametersOf({ properties }: AssemblyResource): Parameters {
  return properties['Parameters'] as Parameters;
}
