import type { DeployedStack } from '../account/deployed';
import type { Template } from '../assembly/environment-assembly';
import { UNKNOWN } from './matches';

/** A resource that a stack owns, as its deployed template wants it. */
export interface ExpectedResource {
  readonly stack: string;
  readonly logicalId: string;
  /** Its name, id or ARN in AWS. */
  readonly name: string;
  /** Of the template, with references resolved; what only AWS knows is UNKNOWN. */
  readonly properties: Readonly<Record<string, unknown>>;
}

type Intrinsic = (argument: unknown, stack: DeployedStack) => unknown;

/** The deployed templates of an environment together with the names that their resources have in AWS. */
export class DeployedEnvironment {
  constructor(
    readonly name: string,
    private readonly account: string,
    readonly stacks: readonly DeployedStack[],
    private readonly templates: Readonly<Record<string, Template>>,
  ) {}

  /** The regions of the stacks that exist, each once. */
  get regions(): string[] {
    return [...new Set(this.stacks.map(({ region }) => region))];
  }

  /** The resources of a type in a region. */
  resources(type: string, region: string): ExpectedResource[] {
    return this.stacks
      .filter((stack) => stack.region === region)
      .flatMap((stack) =>
        stack.resources
          .filter((resource) => resource.type === type)
          .map(({ logicalId, physicalId }) => ({
            stack: stack.name,
            logicalId,
            name: physicalId,
            properties: this.resolve(
              this.templates[stack.name]?.Resources?.[logicalId]?.Properties ?? {},
              stack,
            ) as ExpectedResource['properties'],
          })),
      );
  }

  private readonly intrinsics: Readonly<Record<string, Intrinsic>> = {
    Ref: (argument, stack) => this.pseudoParameter(String(argument), stack) ?? this.physicalId(String(argument), stack),
    'Fn::GetAtt': (argument, stack) => this.attribute(argument as [string, string], stack),
    'Fn::GetStackOutput': (argument) => {
      const { StackName, OutputName } = argument as { readonly StackName: string; readonly OutputName: string };
      const producer = this.stacks.find(({ name }) => name === StackName);
      const value = this.templates[StackName]?.Outputs?.[OutputName]?.Value;
      return producer && value !== undefined ? this.resolve(value, producer) : UNKNOWN;
    },
    'Fn::Join': (argument, stack) => {
      const [separator, parts] = argument as [string, unknown[]];
      const text = parts
        .map((part) => (typeof part === 'string' ? part : String(this.resolve(part, stack))))
        .join(separator);
      // A reference may be put together from several parts.
      return withoutDynamicReferences(text);
    },
    'Fn::Sub': (argument, stack) => {
      const [text, variables] = (Array.isArray(argument) ? argument : [argument, {}]) as [
        string,
        Record<string, unknown>,
      ];
      return text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
        const [id = '', ...attribute] = name.split('.');
        if (name in variables) return String(this.resolve(variables[name], stack));
        const reference = attribute.length > 0 ? { 'Fn::GetAtt': [id, attribute.join('.')] } : { Ref: id };
        return String(this.resolve(reference, stack));
      });
    },
  };

  private resolve(value: unknown, stack: DeployedStack): unknown {
    if (typeof value === 'string') return withoutDynamicReferences(value);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((each) => this.resolve(each, stack));
    const [[name = '', argument] = [], another] = Object.entries(value);
    if (another === undefined && this.intrinsics[name]) return this.intrinsics[name](argument, stack);
    if (another === undefined && name.startsWith('Fn::')) return UNKNOWN;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.resolve(each, stack)]));
  }

  private pseudoParameter(name: string, stack: DeployedStack): string | undefined {
    const values: Readonly<Record<string, string>> = {
      'AWS::AccountId': this.account,
      'AWS::Region': stack.region,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': stack.name,
    };
    return values[name] ?? (name.startsWith('AWS::') ? UNKNOWN : undefined);
  }

  private physicalId(logicalId: string, stack: DeployedStack): string {
    return stack.resources.find((resource) => resource.logicalId === logicalId)?.physicalId ?? UNKNOWN;
  }

  /** Attributes that follow from the name of a resource, or that its template states. */
  private attribute([logicalId, attribute]: [string, string], stack: DeployedStack): unknown {
    const resource = stack.resources.find((each) => each.logicalId === logicalId);
    if (!resource) return UNKNOWN;
    const { type, physicalId } = resource;
    const arn = (service: string) => `arn:aws:${service}:${stack.region}:${this.account}:`;
    const known: Readonly<Record<string, string>> = {
      'AWS::EC2::SecurityGroup GroupId': physicalId,
      'AWS::Backup::BackupVault BackupVaultName': physicalId,
      'AWS::Backup::BackupVault BackupVaultArn': `${arn('backup')}backup-vault:${physicalId}`,
      'AWS::CloudWatch::Alarm Arn': `${arn('cloudwatch')}alarm:${physicalId}`,
      'AWS::CloudWatch::CompositeAlarm Arn': `${arn('cloudwatch')}alarm:${physicalId}`,
      'AWS::SNS::Topic TopicName': physicalId.split(':').at(-1) ?? '',
    };
    const stated = this.templates[stack.name]?.Resources?.[logicalId]?.Properties?.[attribute];
    return known[`${type} ${attribute}`] ?? (stated === undefined ? UNKNOWN : this.resolve(stated, stack));
  }
}

/** Only CloudFormation resolves dynamic references, and what they stand for may be secret. */
function withoutDynamicReferences(text: string): string {
  return text.replaceAll(/\{\{resolve:[^}]*\}\}/g, UNKNOWN);
}
