import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { resolveIntrinsics } from './intrinsics';

/** Properties of a resource as they stand in its template: references are not resolved. */
export type ResourceProperties = Readonly<Record<string, unknown>>;

/** A resource of a synthesized template. */
export interface AssemblyResource {
  /** Name of its stack, such as `production-Database`. */
  readonly stack: string;
  /** Logical id; unique in its stack only. */
  readonly logicalId: string;
  /** Such as `AWS::RDS::DBInstance`. */
  readonly type: string;
  /** Empty where the template has none. */
  readonly properties: ResourceProperties;
}

/** A stack of the assembly. */
export interface AssemblyStack {
  /** Such as `production-Database`. */
  readonly name: string;
  /** Where it is deployed. */
  readonly region: string;
  /** What its deployment needs of `cdk bootstrap` in its region: at least this version, which the SSM parameter tells. */
  readonly bootstrap?: { readonly version: number; readonly parameter: string };
}

/** The code of a function as it is deployed. */
export interface LoadedFunction<Module> {
  /** Folder of the bundle. */
  readonly folder: string;
  /** The module that was loaded from there. */
  readonly module: Module;
}

/** A resource as it stands in a template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: ResourceProperties;
  /** What CloudFormation does with it when it leaves the template, and with the old one when it is replaced. */
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** A template, as far as this project reads it. */
export interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

interface Artifact {
  readonly type: string;
  /** Such as `aws://123456789012/us-east-1`. */
  readonly environment?: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly requiresBootstrapStackVersion?: number;
    readonly bootstrapStackVersionSsmParameter?: string;
  };
}

/** One environment of a cloud assembly: the resources and functions that would be deployed, read back from its files. */
export class EnvironmentAssembly {
  /** All stacks, in no particular order. */
  readonly stacks: readonly AssemblyStack[];
  /** All resources of all stacks. */
  readonly resources: readonly AssemblyResource[];
  /** The templates by the names of their stacks. */
  readonly templates: Readonly<Record<string, Template>>;
  private readonly outputs: Readonly<Record<string, { readonly Value: unknown }>>;

  /** @param folder the assembly's folder (cdk.out) */
  constructor(
    private readonly folder: string,
    readonly environment: string,
  ) {
    const stacks = readStacks(join(folder, `assembly-${environment}`));
    this.stacks = stacks.map(({ stack }) => stack);
    this.templates = Object.fromEntries(stacks.map(({ stack, template }) => [stack.name, template]));
    this.resources = stacks.flatMap(({ stack, template }) =>
      Object.entries(template.Resources ?? {}).map(([logicalId, { Type: type, Properties: properties = {} }]) => ({
        stack: stack.name,
        logicalId,
        type,
        properties,
      })),
    );
    this.outputs = Object.assign({}, ...stacks.map(({ template }) => template.Outputs)) as Template['Outputs'] & object;
  }

  /** All resources of a type. */
  ofType(type: string): AssemblyResource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** All resources of a stack. */
  ofStack(stack: string): AssemblyResource[] {
    return this.resources.filter((resource) => resource.stack === stack);
  }

  /**
   * The environment variables of a function, as its code reads them. Logical ids stand for names that only a deployment knows.
   * @param name the function's folder in lambda/, which is its POWERTOOLS_SERVICE_NAME
   */
  variables(name: string): Record<string, string> {
    return Object.fromEntries(
      Object.entries(variablesOf(this.functionNamed(name))).map(([key, value]) => [
        key,
        resolveIntrinsics(this.withOutputs(value)),
      ]),
    );
  }

  /**
   * Loads the bundle of a function. It needs an assembly with bundles.
   * @param name the function's folder in lambda/, which is its POWERTOOLS_SERVICE_NAME
   */
  async loadFunction<Module>(name: string): Promise<LoadedFunction<Module>> {
    const { S3Key } = (this.functionNamed(name)['Code'] ?? {}) as { S3Key?: string };
    if (S3Key === undefined) throw new Error(`the function ${name} of ${this.environment} has no bundle`);
    const folder = join(this.folder, `asset.${S3Key.replace(/\.zip$/, '')}`);
    return { folder, module: (await import(pathToFileURL(join(folder, 'index.mjs')).href)) as Module };
  }

  private functionNamed(name: string): ResourceProperties {
    const functions = this.ofType('AWS::Lambda::Function').map(({ properties }) => properties);
    const found = functions.find((properties) => variablesOf(properties)['POWERTOOLS_SERVICE_NAME'] === name);
    if (!found) throw new Error(`the assembly of ${this.environment} has no function ${name}`);
    return found;
  }

  /** Replaces references to outputs of other stacks by the outputs' values. */
  private withOutputs(value: unknown): unknown {
    return JSON.parse(
      JSON.stringify(value, (_, part: { 'Fn::GetStackOutput'?: { OutputName: string } } | null) => {
        const name = part?.['Fn::GetStackOutput']?.OutputName;
        return name === undefined ? part : this.outputs[name]?.Value;
      }),
    );
  }
}

function readStacks(folder: string): { stack: AssemblyStack; template: Template }[] {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const { artifacts } = read('manifest.json') as { readonly artifacts: Readonly<Record<string, Artifact>> };
  return Object.entries(artifacts)
    .filter(([, { type }]) => type === 'aws:cloudformation:stack')
    .map(([id, artifact]) => ({
      stack: stackOf(id, artifact),
      template: read(artifact.properties?.templateFile ?? `${id}.template.json`) as Template,
    }));
}

function stackOf(id: string, { environment = '', properties = {} }: Artifact): AssemblyStack {
  const { requiresBootstrapStackVersion: version, bootstrapStackVersionSsmParameter: parameter } = properties;
  return {
    name: properties.stackName ?? id,
    region: environment.split('/').at(-1) ?? '',
    ...(version !== undefined && parameter !== undefined && { bootstrap: { version, parameter } }),
  };
}

function variablesOf({ Environment }: ResourceProperties): Record<string, unknown> {
  return (Environment as { Variables?: Record<string, unknown> } | undefined)?.Variables ?? {};
}
