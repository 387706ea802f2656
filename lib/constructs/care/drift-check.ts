import { Aws, Duration, Lazy, Stack, Stage } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { DriftEnv } from '../../../lambda/drift/env';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { acknowledge, acknowledgeWildcards, packRules } from '../acknowledge';
import { acknowledgeFunction, functionDefaults, type FunctionLogs } from '../functions/function-defaults';
import { publishStatements } from '../notifications/publish-statements';
import { FUNCTION_REASONS } from '../reasons';

/** The weekly comparison of one environment with its deployment. */
export interface DriftCheckProps {
  readonly config: EnvironmentConfig;
  readonly logs: FunctionLogs;
  /** Gets the notifications. */
  readonly topic: ITopic;
  /** Encrypts the topic. */
  readonly key: IKey;
}

/** Compares each Monday what the account has with the deployed templates of all stacks of the environment, in every region. It only reads. */
export class DriftCheck extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, { config, logs, topic, key }: DriftCheckProps) {
    super(scope, id);
    const defaults = functionDefaults(this, 'drift', logs);
    const check = new LambdaFunction(this, 'Check', {
      ...defaults,
      description: 'Compares the account with the deployed templates, and sends what differs',
      timeout: Duration.minutes(5),
      memorySize: 512,
      environment: {
        ...defaults.environment,
        ...({ ENVIRONMENT: config.name, STACKS: this.stacks(), TOPIC: topic.topicArn } satisfies DriftEnv),
      },
    });
    const statements = this.statements(config.name);
    for (const statement of [...statements, ...publishStatements(this, [topic], key)]) check.addToRolePolicy(statement);
    acknowledgeFunction(this);
    acknowledge(this, packRules('LambdaInsideVPC'), FUNCTION_REASONS.outsideVpc);
    acknowledgeWildcards(
      this,
      statements.flatMap(({ resources }) => resources),
    );
    this.function = check;
  }

  /** When the app is synthesized all stacks of the environment are there, those that are made after this one too. */
  private stacks(): string {
    return Lazy.string({
      produce: () =>
        JSON.stringify(
          Stage.of(this)!
            .node.findAll()
            .filter((construct) => Stack.isStack(construct))
            .map(({ stackName, region }) => ({ name: stackName, region })),
        ),
    });
  }

  /** The actions of lib/drift. Names of an environment's resources begin with its name, which has no hyphen. */
  private statements(environment: string): PolicyStatement[] {
    const arn = (service: string, resource: string, region = '*') =>
      `arn:${Aws.PARTITION}:${service}:${region}:${Aws.ACCOUNT_ID}:${resource}`;
    const allow = (actions: string[], ...resources: string[]) => new PolicyStatement({ actions, resources });
    return [
      allow(
        ['cloudformation:DescribeStacks', 'cloudformation:GetTemplate', 'cloudformation:ListStackResources'],
        arn('cloudformation', `stack/${environment}-*`),
      ),
      allow(['cloudwatch:GetDashboard'], arn('cloudwatch', `dashboard/${environment}-*`, '')),
      allow(['rds:DescribeDBInstances'], arn('rds', `db:${environment}-*`)),
      allow(['rds:DescribeDBParameters'], arn('rds', `pg:${environment}-*`)),
      allow(['backup:GetBackupPlan', 'backup:ListBackupSelections'], arn('backup', 'backup-plan:*')),
      allow(
        ['backup:DescribeBackupVault', 'backup:GetBackupVaultAccessPolicy'],
        // CDK makes their names of the paths of their constructs.
        ...['Backup', 'Recovery'].map((stack) => arn('backup', `backup-vault:${environment}${stack}*`)),
      ),
      allow(['sns:ListSubscriptionsByTopic'], arn('sns', `${environment}-*`)),
      allow(['cloudwatch:DescribeAlarms', 'ec2:DescribeSecurityGroupRules'], '*'),
    ];
  }
}
