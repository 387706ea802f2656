import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { RestoreValidationEnv } from '../../../lambda/restore-validation/env';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { acknowledge, acknowledgeWildcards, packRules } from '../acknowledge';
import { FUNCTION_REASONS } from '../reasons';
import { acknowledgeFunction, functionDefaults, type FunctionLogs } from '../functions/function-defaults';
import type { NotificationTopics } from '../notifications/notification-topics';
import { publishStatements } from '../notifications/publish-statements';

/** The validation of restore tests. */
export interface RestoreValidationProps {
  readonly config: EnvironmentConfig;
  /** Logs in to restored servers (lambda/drill-check). */
  readonly check: IFunction;
  readonly topics: NotificationTopics;
  readonly logs: FunctionLogs;
}

/** How AWS Backup names the instances that it restores for tests (developer guide, "Restore testing inferred metadata"). */
const RESTORED_NAMES = 'awsbackup-restore-test-*';

/** Has each restored test server checked, reports the result to AWS Backup and notifies people. */
export class RestoreValidation extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, { config, check, topics, logs }: RestoreValidationProps) {
    super(scope, id);
    const defaults = functionDefaults(this, 'restore-validation', logs);
    const validate = new LambdaFunction(this, 'Resource', {
      ...defaults,
      description: 'Has restored test servers checked and reports the result to AWS Backup',
      // Waits for the check.
      timeout: Duration.minutes(15),
      memorySize: 256,
      // A reported result is final: a person investigates a failure, nothing is retried.
      retryAttempts: 0,
      // CDK's own destination would grant the key with wildcards.
      onFailure: { bind: () => ({ destination: topics.deadLetterQueue.queueArn }) },
      environment: {
        ...defaults.environment,
        ...({
          ENVIRONMENT: config.name,
          CHECK_FUNCTION: check.functionName,
          PASSED_TOPIC_ARN: topics.byName.info.topicArn,
          FAILED_TOPIC_ARN: topics.byName.warning.topicArn,
        } satisfies RestoreValidationEnv),
      },
    });
    const restored = this.restoredInstances();
    const statements = [
      { actions: ['rds:DescribeDBInstances'], resources: [restored] },
      // Supports no resources (Service Authorization Reference, "AWS Backup").
      { actions: ['backup:PutRestoreValidationResult'], resources: ['*'] },
      { actions: ['lambda:InvokeFunction'], resources: [check.functionArn] },
      { actions: ['sqs:SendMessage'], resources: [topics.deadLetterQueue.queueArn] },
      {
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [logs.logsKey.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `sqs.${Stack.of(this).region}.${Aws.URL_SUFFIX}` } },
      },
    ].map((statement) => new PolicyStatement(statement));
    const publish = publishStatements(this, [topics.byName.info, topics.byName.warning], logs.logsKey);
    for (const statement of [...statements, ...publish]) validate.addToRolePolicy(statement);
    this.function = validate;
    this.acknowledgeFindings();
  }

  private acknowledgeFindings(): void {
    acknowledgeFunction(this);
    acknowledge(this, packRules('LambdaInsideVPC'), FUNCTION_REASONS.outsideVpc);
    acknowledgeWildcards(this, ['*', this.restoredInstances()]);
  }

  private restoredInstances(): string {
    return Stack.of(this).formatArn({ service: 'rds', resource: `db:${RESTORED_NAMES}` });
  }
}
