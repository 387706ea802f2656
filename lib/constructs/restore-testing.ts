import { Aws, Duration, Fn, Stack } from 'aws-cdk-lib';
import { CfnRestoreTestingPlan, CfnRestoreTestingSelection, type IBackupVault } from 'aws-cdk-lib/aws-backup';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Construct } from 'constructs';
import type { RestoreValidationEnv } from '../../lambda/restore-validation/env';
import type { EnvironmentConfig } from '../config/schema';
import { acknowledge } from './acknowledge';
import type { Database } from './database';
import { acknowledgeFunction, functionDefaults, type FunctionLogs } from './function-defaults';
import type { NotificationTopics } from './notification-topics';

/** The monthly restore test of one environment. */
export interface RestoreTestingProps {
  readonly config: EnvironmentConfig;
  readonly settings: NonNullable<EnvironmentConfig['backups']['restoreTesting']>;
  readonly database: Database;
  /** Holds the snapshots. */
  readonly vault: IBackupVault;
  /** Logs in to restored servers (lambda/drill-check). */
  readonly check: IFunction;
  /** Of restored servers: the check may come in. */
  readonly securityGroup: ISecurityGroup;
  readonly topics: NotificationTopics;
  readonly logs: FunctionLogs;
}

/** Days within which the newest snapshot must be: longer than a night's interval and the start window (developer guide, "Restore testing"). */
const SELECTION_DAYS = 7;
/** Within which the validation must have given its verdict; AWS Backup deletes the restored server then. */
const VALIDATION_HOURS = 2;
/** How AWS Backup names what it restores for tests (developer guide, "Restore testing inferred metadata"). */
const RESTORED_NAMES = 'awsbackup-restore-test-*';

/**
 * AWS Backup restores the newest snapshot on the first of each month, and a function has it checked and gives the verdict: for the
 * auditor, who finds both with AWS Backup, beside the drills, which measure more. What a test costs beside the server's hours is
 * unconfirmed (AWS Backup pricing: "a cost per restore test").
 */
export class RestoreTesting extends Construct {
  constructor(scope: Construct, id: string, props: RestoreTestingProps) {
    super(scope, id);
    const plan = new CfnRestoreTestingPlan(this, 'Plan', {
      restoreTestingPlanName: `whatsapp_saas_${props.config.name}`,
      scheduleExpression: 'cron(0 6 1 * ? *)',
      startWindowHours: 1,
      recoveryPointSelection: {
        algorithm: 'LATEST_WITHIN_WINDOW',
        includeVaults: [props.vault.backupVaultArn],
        recoveryPointTypes: ['SNAPSHOT'],
        selectionWindowDays: SELECTION_DAYS,
      },
    });
    new CfnRestoreTestingSelection(this, 'Primary', {
      restoreTestingPlanName: plan.ref,
      restoreTestingSelectionName: 'primary',
      iamRoleArn: this.role().roleArn,
      protectedResourceType: 'RDS',
      protectedResourceArns: [props.database.primary.instanceArn],
      restoreMetadataOverrides: overrides(props),
      validationWindowHours: VALIDATION_HOURS,
    });
    const rule = new Rule(this, 'Restored', {
      description: `Restore tests of ${props.config.name} that ended well, to be validated`,
      eventPattern: {
        source: ['aws.backup'],
        detailType: ['Restore Job State Change'],
        detail: { status: ['COMPLETED'], restoreTestingPlanArn: [plan.attrRestoreTestingPlanArn] },
      },
    });
    // Without the dead-letter queue, whose policy would have to name this rule of a later stack.
    rule.addTarget(new FunctionTarget(this.validation(props)));
  }

  private role(): Role {
    const role = new Role(this, 'Role', {
      description: 'Lets AWS Backup restore for tests, and delete what it restored',
      assumedBy: new ServicePrincipal('backup.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSBackupServiceRolePolicyForRestores')],
    });
    acknowledge(
      role,
      [
        'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores]',
      ],
      'AWS Backup documents this managed policy for restore tests; narrower ones break with what a restore learns to do',
    );
    return role;
  }

  private validation({ config, check, topics, logs }: RestoreTestingProps): LambdaFunction {
    const defaults = functionDefaults(this, 'restore-validation', logs);
    const validate = new LambdaFunction(this, 'Validate', {
      ...defaults,
      description: 'Has restored test servers checked and gives AWS Backup the verdict',
      // Waits for the check.
      timeout: Duration.minutes(15),
      memorySize: 256,
      // A verdict is final: what failed is looked into, not tried again.
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
    const restored = Stack.of(this).formatArn({ service: 'rds', resource: `db:${RESTORED_NAMES}` });
    const statements = [
      { actions: ['rds:DescribeDBInstances'], resources: [restored] },
      // Knows no resources (Service Authorization Reference, "AWS Backup").
      { actions: ['backup:PutRestoreValidationResult'], resources: ['*'] },
      { actions: ['lambda:InvokeFunction'], resources: [check.functionArn] },
      {
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: [logs.logsKey.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `sns.${Stack.of(this).region}.${Aws.URL_SUFFIX}` } },
      },
    ];
    for (const statement of statements) validate.addToRolePolicy(new PolicyStatement(statement));
    this.acknowledgeFindings();
    return validate;
  }

  private acknowledgeFindings(): void {
    const { partition, region } = Stack.of(this);
    acknowledgeFunction(this);
    acknowledge(
      this,
      ['NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321'].map((pack) => `${pack}-LambdaInsideVPC`),
      'the function calls APIs of AWS alone; inside the VPC it would need four more endpoints for them',
    );
    acknowledge(
      this,
      [
        'AwsSolutions-IAM5[Resource::*]',
        'AwsSolutions-IAM5[Action::kms:GenerateDataKey*]',
        'AwsSolutions-IAM5[Action::kms:ReEncrypt*]',
        `AwsSolutions-IAM5[Resource::arn:${partition}:rds:${region}:<AWS::AccountId>:db:${RESTORED_NAMES}]`,
      ],
      'a verdict knows no resource; AWS Backup names what it restores for tests by this prefix and a random end; KMS names its actions so, and the key is the notices’',
    );
  }
}

/** What RDS would default badly. Lists are JSON in a text (developer guide, "Restore testing inferred metadata"). */
function overrides({ config, settings, database, securityGroup }: RestoreTestingProps): Record<string, string> {
  const { subnetGroupName, parameterGroupName } = database.restoreGround;
  return {
    dbInstanceClass: `db.${settings.instanceClass ?? config.database.instanceClass}`,
    dbSubnetGroupName: subnetGroupName,
    dbParameterGroupName: parameterGroupName,
    vpcSecurityGroupIds: Fn.join('', ['["', securityGroup.securityGroupId, '"]']),
    enableIamDatabaseAuthentication: 'true',
    multiAz: 'false',
    publiclyAccessible: 'false',
  };
}
