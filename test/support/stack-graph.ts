import { type Configuration, type Properties, stackDependencies, stackTemplates } from './synth';

/** A resource of an environment. */
export interface Resource {
  /** `<stack>/<logical id>`. */
  readonly id: string;
  readonly stack: string;
  readonly type: string;
  readonly properties: Properties;
  /** All of it as it stands in the template. */
  readonly json: Readonly<Record<string, unknown>>;
}

type Template = Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;

/** The resources of an environment, and what each waits for: references, DependsOn, and whole stacks that its stack waits for. */
export class StackGraph {
  readonly resources: readonly Resource[];
  private readonly byId: ReadonlyMap<string, Resource>;
  private readonly templates: Readonly<Record<string, Template>>;
  private readonly stacksBefore: Readonly<Record<string, readonly string[]>>;

  constructor(configuration: Configuration) {
    this.templates = stackTemplates(configuration) as Record<string, Template>;
    this.stacksBefore = stackDependencies(configuration);
    this.resources = Object.entries(this.templates).flatMap(([stack, { Resources = {} }]) =>
      Object.entries(Resources).map(([logicalId, json]) => ({
        id: `${stack}/${logicalId}`,
        stack,
        type: String(json['Type']),
        properties: (json['Properties'] ?? {}) as Properties,
        json,
      })),
    );
    this.byId = new Map(this.resources.map((resource) => [resource.id, resource]));
  }

  ofType(type: string): Resource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** Resources that a part of a template refers to, in its stack or, through an output, in another one. */
  referred(stack: string, part: unknown): Resource[] {
    return referencesOf(part).flatMap(({ logicalId, output }) => {
      if (logicalId !== undefined) return this.byId.get(`${stack}/${logicalId}`) ?? [];
      const [producer = '', name = ''] = output;
      return this.referred(producer, this.output(producer, name));
    });
  }

  /** The value of an output as it stands in the template. */
  output(stack: string, name: string): unknown {
    return this.templates[stack]?.['Outputs']?.[name]?.['Value'];
  }

  /** Everything that exists before CloudFormation starts to create a resource. */
  before(resource: Resource): ReadonlySet<Resource> {
    const found = new Set<Resource>();
    const follow = ({ stack, json }: Resource): void => {
      const direct = this.referred(stack, json);
      const named = [(json['DependsOn'] ?? []) as string | string[]]
        .flat()
        .map((id) => this.byId.get(`${stack}/${id}`));
      for (const each of [...direct, ...named]) {
        if (!each || found.has(each)) continue;
        found.add(each);
        follow(each);
      }
    };
    follow(resource);
    const stacks = this.allBefore(resource.stack);
    for (const each of this.resources) if (stacks.has(each.stack)) found.add(each);
    return found;
  }

  private allBefore(stack: string, found = new Set<string>()): ReadonlySet<string> {
    for (const each of this.stacksBefore[stack] ?? []) {
      if (found.has(each)) continue;
      found.add(each);
      this.allBefore(each, found);
    }
    return found;
  }
}

interface Reference {
  readonly logicalId?: string;
  /** Stack and name of an output. */
  readonly output: readonly string[];
}

function referencesOf(part: unknown): Reference[] {
  if (typeof part !== 'object' || part === null) return [];
  if (Array.isArray(part)) return part.flatMap(referencesOf);
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::GetStackOutput': output } = part as Record<string, unknown>;
  if (typeof Ref === 'string') return [{ logicalId: Ref, output: [] }];
  if (Array.isArray(attribute)) return [{ logicalId: String(attribute[0]), output: [] }];
  if (output) {
    const { StackName, OutputName } = output as Record<string, string>;
    return [{ output: [StackName?.split('-')[1] ?? '', OutputName ?? ''] }];
  }
  return Object.values(part).flatMap(referencesOf);
}
