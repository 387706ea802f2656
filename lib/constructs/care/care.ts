import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { CaredEnvironment, CareEnv } from '../../../lambda/care/env';
import type { CareDatabaseEnv } from '../../../lambda/care-database/env';
import { salonLimits } from '../../config/derived/capacity';
import { maintenanceWindow } from '../../config/derived/care-hour';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { CARE_USER } from '../../contract/roles';
import { compileContext } from '../../monitoring/context';
import { countedErrors } from '../../monitoring/counted-errors';
import { acknowledge, acknowledgeWildcards, packRules } from '../acknowledge';
import type { Database } from '../database/database';
import { POSTGRES_PORT } from '../database/database-server';
import { DatabaseFunction, type FunctionPlacement } from '../functions/database-function';
import { acknowledgeFunction, functionDefaults } from '../functions/function-defaults';
import { budgetName } from '../notifications/cost-alerts';
import { publishStatements } from '../notifications/publish-statements';
import { FUNCTION_REASONS } from '../reasons';

/** The care of one environment. */
export interface CareProps {
  readonly config: EnvironmentConfig;
  readonly database: Database;
  readonly placement: FunctionPlacement;
  /** Gets the notifications. */
  readonly topic: ITopic;
  /** Encrypts the topic. */
  readonly key: IKey;
}

/**
 * Does the owner's daily, weekly, monthly and quarterly work. Two functions: one asks AWS and sends the notifications, outside of the VPC, where
 * all services answer; it calls the other, which alone reaches the database.
 */
export class Care extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: CareProps) {
    super(scope, id);
    const { config, placement, topic, key } = props;
    const worker = this.databaseFunction(props);
    const defaults = functionDefaults(this, 'care', placement);
    const care = new LambdaFunction(this, 'Care', {
      ...defaults,
      description: 'Looks after the environment each day, week, month and quarter, and sends what it found',
      // Longer than the function that it waits for.
      timeout: Duration.minutes(13),
      memorySize: 256,
      environment: {
        ...defaults.environment,
        ...({
          ENVIRONMENT: config.name,
          DATABASE_FUNCTION: worker.function.functionName,
          TOPIC: topic.topicArn,
          CARE: Stack.of(this).toJsonString(caredEnvironment(props)),
        } satisfies CareEnv),
      },
    });
    for (const statement of [...this.statements(props, worker), ...publishStatements(this, [topic], key)]) {
      care.addToRolePolicy(statement);
    }
    acknowledgeFunction(this);
    acknowledge(care, packRules('LambdaInsideVPC'), FUNCTION_REASONS.outsideVpc);
    if (care.role) acknowledgeWildcards(care.role, ['*']);
    this.function = care;
  }

  private databaseFunction({ config, database, placement }: CareProps): DatabaseFunction {
    const worker = new DatabaseFunction(this, 'Database', {
      placement,
      name: 'care-database',
      description: 'The work of the care function on the database servers',
      timeout: Duration.minutes(12),
      environment: {
        DATABASE_NAME: config.database.databaseName,
        SERVERS: Stack.of(this).toJsonString(
          database.servers.map(({ name, instance }) => ({
            name,
            host: instance.dbInstanceEndpointAddress,
            port: POSTGRES_PORT,
          })),
        ),
        LIMITS: JSON.stringify(salonLimits(config)),
      } satisfies CareDatabaseEnv,
    });
    database.grantConnect(worker, CARE_USER);
    return worker;
  }

  private statements({ config, database }: CareProps, worker: DatabaseFunction): PolicyStatement[] {
    const { rotation } = database;
    return [
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [worker.function.functionArn] }),
      new PolicyStatement({
        sid: 'Look',
        actions: [
          'backup:ListBackupJobs',
          'backup:ListRestoreJobs',
          'cloudwatch:DescribeAlarmHistory',
          'cloudwatch:DescribeAlarms',
          'cloudwatch:GetMetricData',
        ],
        resources: ['*'],
      }),
      ...(rotation
        ? [
            // When a secret was rotated; not what it holds.
            new PolicyStatement({
              actions: ['secretsmanager:DescribeSecret'],
              resources: secretsOf(database).map(({ arn }) => arn),
            }),
          ]
        : []),
      ...(config.budget
        ? [
            new PolicyStatement({
              actions: ['budgets:ViewBudget'],
              resources: [`arn:${Aws.PARTITION}:budgets::${Aws.ACCOUNT_ID}:budget/${budgetName(config.name)}`],
            }),
          ]
        : []),
    ];
  }
}

function secretsOf({ secrets }: Database): { readonly name: string; readonly arn: string }[] {
  return [
    { name: 'master', arn: secrets.master.secretArn },
    { name: 'application', arn: secrets.application.secretArn },
  ];
}

function caredEnvironment({ config, database }: CareProps): CaredEnvironment {
  const { budget, drills } = config;
  const { backupRetentionDays } = config.database;
  const ceilings = new Map(compileContext(config).servers.map((server) => [server.name, server.storageCeilingBytes]));
  return {
    servers: database.servers.map(({ name, instance }) => ({
      name,
      instanceId: instance.instanceIdentifier,
      storageCeilingBytes: ceilings.get(name)!,
    })),
    maintenance: maintenanceWindow(config),
    ...(backupRetentionDays > 0 && { backedUp: database.primary.instanceArn }),
    ...(database.rotation && { rotation: { days: database.rotation.days, secrets: secretsOf(database) } }),
    drills: drills !== undefined,
    ...(budget && { budget: budgetName(config.name) }),
    errors: countedErrors(config.name),
  };
}
