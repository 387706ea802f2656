import { createApp } from '../app';
import type { EnvironmentName } from '../config';
import { withTemporaryFolder } from '../shared/temporary-folder';

/** A resource of a synthesized template. */
export interface Resource {
  readonly stack: string;
  /** Its logical id. */
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A template as far as it is priced. */
interface Template {
  readonly Resources?: Readonly<Record<string, { readonly Type: string; readonly Properties?: object }>>;
}

/** The resources of a template. */
export function resourcesOf(stack: string, template: object): Resource[] {
  return Object.entries((template as Template).Resources ?? {}).map(([id, { Type, Properties = {} }]) => ({
    stack,
    id,
    type: Type,
    properties: Properties as Resource['properties'],
  }));
}

/** Synthesizes an environment; returns the resources of all its stacks. */
export function synthesizeResources(environment: EnvironmentName): Resource[] {
  return withTemporaryFolder('cost-', (outdir) => {
    const assembly = createApp({ environments: [environment], outdir, bundle: false }).synth();
    const { stacks } = assembly.getNestedAssembly(`assembly-${environment}`);
    return stacks.flatMap(({ stackName, template }) => resourcesOf(stackName, template as object));
  });
}
