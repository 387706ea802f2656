import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Construct } from 'constructs';
import type { RestoreValidationEnv } from '../../../lambda/restore-validation/env';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { acknowledge, packRules, wildcardRules } from '../acknowledge';
import { acknowledgeFunction, functionDefaults, type FunctionLogs } from '../functions/function-defaults';
import type { NotificationTopics } from '../notifications/notification-topics';

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
      onFailure: new SqsDestination(topics.deadLetterQueue),
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
    for (const topic of [topics.byName.info, topics.byName.warning]) topic.grantPublish(validate);
    const restored = this.restoredInstances();
    const statements = [
      { actions: ['rds:DescribeDBInstances'], resources: [restored] },
      // Supports no resources (Service Authorization Reference, "AWS Backup").
      { actions: ['backup:PutRestoreValidationResult'], resources: ['*'] },
      { actions: ['lambda:InvokeFunction'], resources: [check.functionArn] },
      {
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: [logs.logsKey.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `sns.${Stack.of(this).region}.${Aws.URL_SUFFIX}` } },
      },
    ];
    for (const statement of statements) validate.addToRolePolicy(new PolicyStatement(statement));
    this.function = validate;
    this.acknowledgeFindings();
  }

  private acknowledgeFindings(): void {
    acknowledgeFunction(this);
    acknowledge(
      this,
      packRules('LambdaInsideVPC'),
      'the function only calls AWS APIs; inside the VPC it would need four more endpoints',
    );
    acknowledge(
      this,
      [
        'AwsSolutions-IAM5[Resource::*]',
        'AwsSolutions-IAM5[Action::kms:GenerateDataKey*]',
        'AwsSolutions-IAM5[Action::kms:ReEncrypt*]',
        ...wildcardRules(this, [this.restoredInstances()]),
      ],
      'PutRestoreValidationResult supports no resources; AWS Backup names restored test servers with this prefix and a random suffix; the actions of KMS are granted as groups, on the key of the notifications',
    );
  }

  private restoredInstances(): string {
    return Stack.of(this).formatArn({ service: 'rds', resource: `db:${RESTORED_NAMES}` });
  }
}
