import { Fn } from 'aws-cdk-lib';
import { CfnRestoreTestingPlan, CfnRestoreTestingSelection, type IBackupVault } from 'aws-cdk-lib/aws-backup';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { RESTORE_TEST_SELECTION_DAYS } from '../../contract/drill/kinds';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { acknowledge, servicePolicyRules } from '../acknowledge';
import { PERMISSION_REASONS } from '../reasons';
import type { Database } from '../database/database';
import { RestoreValidation, type RestoreValidationProps } from './restore-validation';

/** The monthly restore test of one environment. */
export interface RestoreTestingProps extends RestoreValidationProps {
  readonly settings: NonNullable<EnvironmentConfig['backups']['restoreTesting']>;
  readonly database: Database;
  /** Holds the snapshots. */
  readonly vault: IBackupVault;
  /** Security group of restored servers; the check may connect to them. */
  readonly securityGroup: ISecurityGroup;
}

/** Time for the validation to report its result, hours; AWS Backup deletes the restored server then. */
const VALIDATION_HOURS = 2;

/**
 * AWS Backup restores the newest snapshot on the first of each month, and a function has it checked and reports the result to AWS
 * Backup, where an auditor looks. The restore drills measure more. What a test costs in addition to the server's hours is unconfirmed
 * (AWS Backup pricing: "a cost per restore test").
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
        selectionWindowDays: RESTORE_TEST_SELECTION_DAYS,
      },
    });
    new CfnRestoreTestingSelection(this, 'Primary', {
      restoreTestingPlanName: plan.ref,
      restoreTestingSelectionName: 'primary',
      iamRoleArn: this.role().roleArn,
      protectedResourceType: 'RDS',
      protectedResourceArns: [props.database.primary.instanceArn],
      restoreMetadataOverrides: metadataOverrides(props),
      validationWindowHours: VALIDATION_HOURS,
    });
    const rule = new Rule(this, 'Restored', {
      description: `Completed restore tests of ${props.config.name}, to be validated`,
      eventPattern: {
        source: ['aws.backup'],
        detailType: ['Restore Job State Change'],
        detail: { status: ['COMPLETED'], restoreTestingPlanArn: [plan.attrRestoreTestingPlanArn] },
      },
    });
    // No dead-letter queue: its policy would have to name this rule, which is in a later stack.
    rule.addTarget(new FunctionTarget(new RestoreValidation(this, 'Validation', props).function));
  }

  private role(): Role {
    const role = new Role(this, 'Role', {
      description: 'Lets AWS Backup restore for tests, and delete what it restored',
      assumedBy: new ServicePrincipal('backup.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSBackupServiceRolePolicyForRestores')],
    });
    acknowledge(role, servicePolicyRules('AWSBackupServiceRolePolicyForRestores'), PERMISSION_REASONS.servicePolicy);
    return role;
  }
}

/** Settings whose defaults do not fit. A list is a string of JSON (developer guide, "Restore testing inferred metadata"). */
function metadataOverrides({ config, settings, database, securityGroup }: RestoreTestingProps): Record<string, string> {
  const { subnetGroupName, parameterGroupName } = database.restoreResources;
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
