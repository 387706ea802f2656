import type { EnvironmentName } from '../../../lib/config';
import { StackGraph, type Resource } from '../stack-graph';
import type { PolicyDocument, Statement } from './iam';

/** A role of an environment. */
export interface EnvironmentRole {
  /** `<stack>/<logical id>`. */
  readonly id: string;
  readonly trust: readonly TrustStatement[];
  /** All its policies in one, except managed policies. */
  readonly policy: PolicyDocument;
  /** ARNs of managed policies. */
  readonly managed: readonly string[];
  /** Properties of the role. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Whether a function has it. */
  readonly ofFunction: boolean;
}

/** A statement of a trust policy, or of the policy of a resource. */
export interface TrustStatement extends Omit<Statement, 'Resource'> {
  readonly Resource?: Statement['Resource'];
  readonly Principal: string | Readonly<Record<string, string | readonly string[]>>;
}

/** A policy that a resource has itself. */
export interface ResourcePolicy {
  readonly id: string;
  readonly type: string;
  readonly statements: readonly TrustStatement[];
}

/** The ARN of a resource by its type, from its name; `Ref` of some types is the ARN. */
const ARNS: Readonly<Record<string, (name: string, region: string, account: string) => string>> = {
  'AWS::Backup::BackupVault': (name, region, account) => `arn:aws:backup:${region}:${account}:backup-vault:${name}`,
  'AWS::CloudWatch::Alarm': (name, region, account) => `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`,
  'AWS::EC2::SecurityGroup': (name, region, account) => `arn:aws:ec2:${region}:${account}:security-group/${name}`,
  'AWS::Events::Rule': (name, region, account) => `arn:aws:events:${region}:${account}:rule/${name}`,
  'AWS::IAM::Role': (name, _, account) => `arn:aws:iam::${account}:role/${name}`,
  'AWS::KMS::Key': (name, region, account) => `arn:aws:kms:${region}:${account}:key/${name}`,
  'AWS::Lambda::Function': (name, region, account) => `arn:aws:lambda:${region}:${account}:function:${name}`,
  'AWS::Logs::LogGroup': (name, region, account) => `arn:aws:logs:${region}:${account}:log-group:${name}:*`,
  'AWS::RDS::DBInstance': (name, region, account) => `arn:aws:rds:${region}:${account}:db:${name}`,
  'AWS::RDS::DBParameterGroup': (name, region, account) => `arn:aws:rds:${region}:${account}:pg:${name}`,
  'AWS::RDS::DBProxy': (name, region, account) => `arn:aws:rds:${region}:${account}:db-proxy:${name}`,
  'AWS::RDS::DBProxyTargetGroup': (name, region, account) => `arn:aws:rds:${region}:${account}:target-group:${name}`,
  'AWS::RDS::DBSubnetGroup': (name, region, account) => `arn:aws:rds:${region}:${account}:subgrp:${name}`,
  'AWS::S3::Bucket': (name) => `arn:aws:s3:::${name}`,
  'AWS::Scheduler::Schedule': (name, region, account) =>
    `arn:aws:scheduler:${region}:${account}:schedule/default/${name}`,
  'AWS::SNS::Topic': (name, region, account) => `arn:aws:sns:${region}:${account}:${name}`,
  'AWS::SQS::Queue': (name, region, account) => `arn:aws:sqs:${region}:${account}:${name}`,
  'AWS::SSM::Document': (name, region, account) => `arn:aws:ssm:${region}:${account}:document/${name}`,
  'AWS::SSM::Parameter': (name, region, account) => `arn:aws:ssm:${region}:${account}:parameter${name}`,
  'AWS::SecretsManager::Secret': (name, region, account) =>
    `arn:aws:secretsmanager:${region}:${account}:secret:${name}`,
  'AWS::StepFunctions::StateMachine': (name, region, account) =>
    `arn:aws:states:${region}:${account}:stateMachine:${name}`,
};
const REF_IS_ARN = ['AWS::SNS::Topic', 'AWS::SecretsManager::Secret', 'AWS::StepFunctions::StateMachine'];
/** The property with a resource's name, where its template states one. */
const NAMES =
  /^(DBInstanceIdentifier|BackupVaultName|LogGroupName|TopicName|StateMachineName|DBProxyName|AlarmName|Name)$/;

/** Roles, policies and ARNs of an environment, as they would be after a deployment into an account. */
export class EnvironmentIam {
  private readonly graph: StackGraph;

  constructor(
    readonly environment: EnvironmentName,
    readonly account = '111111111111',
  ) {
    this.graph = new StackGraph(environment);
  }

  roles(): EnvironmentRole[] {
    const functions = this.graph.ofType('AWS::Lambda::Function');
    return this.graph.ofType('AWS::IAM::Role').map((role) => {
      const inline = (
        this.resolve(role.stack, role.properties['Policies'] ?? []) as { PolicyDocument: PolicyDocument }[]
      ).flatMap(({ PolicyDocument: { Statement } }) => Statement);
      const attached = this.graph
        .ofType('AWS::IAM::Policy')
        .filter(({ stack, properties }) => this.graph.referred(stack, properties['Roles']).includes(role))
        .flatMap(
          ({ stack, properties }) => (this.resolve(stack, properties['PolicyDocument']) as PolicyDocument).Statement,
        );
      const trust = this.resolve(role.stack, role.properties['AssumeRolePolicyDocument']) as {
        Statement: TrustStatement[];
      };
      return {
        id: role.id,
        trust: trust.Statement,
        policy: { Statement: [...inline, ...attached] },
        managed: this.resolve(role.stack, role.properties['ManagedPolicyArns'] ?? []) as string[],
        properties: role.properties,
        ofFunction: functions.some(({ stack, properties }) =>
          this.graph.referred(stack, properties['Role']).includes(role),
        ),
      };
    });
  }

  /** Policies of keys, topics, queues, vaults, buckets, secrets, endpoints, and the permissions of functions. */
  resourcePolicies(): ResourcePolicy[] {
    return this.graph.resources.flatMap(({ id, stack, type, properties }) => {
      if (type === 'AWS::IAM::Policy' || type === 'AWS::IAM::Role') return [];
      if (type === 'AWS::Lambda::Permission') {
        const { Action, Principal, SourceArn, SourceAccount } = this.resolve(stack, properties) as Record<
          string,
          string
        >;
        const conditions = { 'aws:SourceArn': SourceArn, 'aws:SourceAccount': SourceAccount };
        const Condition = { ArnLike: Object.fromEntries(Object.entries(conditions).filter(([, value]) => value)) };
        const statement = { Effect: 'Allow', Action, Principal: { Service: Principal }, Condition };
        return [{ id, type, statements: [statement as TrustStatement] }];
      }
      return Object.values(properties).flatMap((value) => {
        const document = this.resolve(stack, value) as { Statement?: TrustStatement[] } | null;
        const statements = document?.Statement;
        return Array.isArray(statements) && statements.every(({ Effect }) => Effect) ? [{ id, type, statements }] : [];
      });
    });
  }

  /** Ids of the resources of a type. */
  ofType(type: string): string[] {
    return this.graph.ofType(type).map(({ id }) => id);
  }

  /** ARNs of every resource whose ARN is known, and of every database role of every server. */
  arns(databaseRoles: readonly string[]): string[] {
    const known = this.graph.resources.flatMap((resource) => {
      const arn = this.arnOf(resource);
      return arn === undefined ? [] : [arn];
    });
    const users = this.graph
      .ofType('AWS::RDS::DBInstance')
      .flatMap((server) =>
        databaseRoles.map(
          (role) =>
            `arn:aws:rds-db:${this.regionOf(server)}:${this.account}:dbuser:${this.physical(server)}-id/${role}`,
        ),
      );
    return [...known, ...users];
  }

  /** A value of a template as it is after the deployment. */
  resolve(stack: string, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.resolve(stack, each));
    if (typeof value !== 'object' || value === null) return value;
    const [[name, argument] = ['', undefined], ...more] = Object.entries(value) as [string, unknown][];
    if (more.length > 0 || !/^(Ref|Fn::\w+)$/.test(name)) {
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.resolve(stack, each)]));
    }
    return this.intrinsic(stack, name, argument, value);
  }

  private intrinsic(stack: string, name: string, argument: unknown, value: unknown): unknown {
    switch (name) {
      case 'Ref':
        return this.reference(stack, String(argument));
      case 'Fn::GetAtt': {
        const [, attribute = ''] = argument as string[];
        return this.attribute(this.graph.referred(stack, value)[0], attribute);
      }
      case 'Fn::Join': {
        const [separator, parts] = argument as [string, unknown[]];
        return parts.map((part) => String(this.resolve(stack, part))).join(separator);
      }
      case 'Fn::Sub': {
        const [text, variables] = (Array.isArray(argument) ? argument : [argument, {}]) as [
          string,
          Record<string, unknown>,
        ];
        return text.replace(/\$\{([^}]+)\}/g, (_, key: string) =>
          String(key in variables ? this.resolve(stack, variables[key]) : this.reference(stack, key)),
        );
      }
      case 'Fn::GetStackOutput': {
        const { StackName = '', OutputName = '' } = argument as Record<string, string>;
        const producer = StackName.split('-')[1] ?? '';
        return this.resolve(producer, this.graph.output(producer, OutputName));
      }
      case 'Fn::Select':
      case 'Fn::Split':
        return this.environment;
      default:
        return name;
    }
  }

  private reference(stack: string, id: string): string {
    const pseudo: Record<string, string> = {
      'AWS::AccountId': this.account,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::Region': 'us-east-1',
    };
    const known = pseudo[id];
    if (known !== undefined) return known;
    const [resource] = this.graph.referred(stack, { Ref: id });
    if (!resource) return id;
    // The attachment of a secret to a server stands for the secret.
    if ('SecretId' in resource.properties) return String(this.resolve(stack, resource.properties['SecretId']));
    return (REF_IS_ARN.includes(resource.type) ? this.arnOf(resource) : undefined) ?? this.physical(resource);
  }

  private attribute(resource: Resource | undefined, attribute: string): string {
    if (!resource) return attribute;
    if (/Arn$/.test(attribute)) return this.arnOf(resource) ?? `${this.physical(resource)}-arn`;
    return attribute === 'DbiResourceId' ? `${this.physical(resource)}-id` : `${this.physical(resource)}.${attribute}`;
  }

  private arnOf(resource: Resource): string | undefined {
    return ARNS[resource.type]?.(this.physical(resource), this.regionOf(resource), this.account);
  }

  /** Name of a resource: its own, or one as CloudFormation makes it. */
  private physical({ stack, id, properties }: Resource): string {
    const [, name] = Object.entries(properties).find(([key]) => NAMES.test(key)) ?? [];
    return name === undefined ? `${this.environment}-${id.replace('/', '-')}` : String(this.resolve(stack, name));
  }

  private regionOf({ stack }: Resource): string {
    return stack.startsWith('Recovery') ? 'us-west-2' : 'us-east-1';
  }
}
