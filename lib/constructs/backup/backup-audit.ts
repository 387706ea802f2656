import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnFramework, CfnReportPlan } from 'aws-cdk-lib/aws-backup';
import { ArnPrincipal, type IPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { acknowledge, packRules } from '../acknowledge';
import { backupTag } from './backup-tag';

/** Audit of one environment's backups. */
export interface BackupAuditProps {
  readonly config: EnvironmentConfig;
  /** Encrypts the reports. */
  readonly key: IKey;
}

/** The owner's target for a restore, minutes. */
const MAXIMUM_RESTORE_MINUTES = 60;
/** Hours between two nightly jobs, plus the hour by which one may start late. */
const MAXIMUM_AGE_HOURS = 25;
/** Daily reports on jobs. */
const JOB_REPORTS = ['BACKUP_JOB_REPORT', 'COPY_JOB_REPORT', 'RESTORE_JOB_REPORT'];
/** Daily reports on the controls of the framework. */
const COMPLIANCE_REPORTS = ['CONTROL_COMPLIANCE_REPORT', 'RESOURCE_COMPLIANCE_REPORT'];

/**
 * AWS Backup Audit Manager: controls that check the configured backups, and daily reports into a bucket. It needs the recorder of AWS
 * Config in the account (developer guide, "Turning on resource tracking"), and the service-linked role for reports before the first
 * deployment: `aws iam create-service-linked-role --aws-service-name reports.backup.amazonaws.com`.
 */
export class BackupAudit extends Construct {
  constructor(scope: Construct, id: string, { config, key }: BackupAuditProps) {
    super(scope, id);
    const prefix = `whatsapp_saas_${config.name}`;
    const framework = new CfnFramework(this, 'Framework', {
      frameworkName: `${prefix}_backups`,
      frameworkDescription: `What the configuration promises for the backups of ${config.name}`,
      frameworkControls: controlsOf(config),
    });
    const bucket = this.reportBucket(key);
    for (const reportTemplate of [...JOB_REPORTS, ...COMPLIANCE_REPORTS]) {
      const frameworkArns = COMPLIANCE_REPORTS.includes(reportTemplate) ? [framework.attrFrameworkArn] : undefined;
      new CfnReportPlan(this, reportTemplate, {
        reportPlanName: `${prefix}_${reportTemplate.toLowerCase()}`,
        // CDK passes both on unchanged, so they are spelled as CloudFormation does. So is a control's scope.
        reportDeliveryChannel: { Formats: ['CSV'], S3BucketName: bucket.bucketName },
        reportSetting: { ReportTemplate: reportTemplate, FrameworkArns: frameworkArns },
      });
    }
  }

  private reportBucket(key: IKey): Bucket {
    const bucket = new Bucket(this, 'Reports', {
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      // Where its creation is rolled back it is empty, and is deleted.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const reporter = this.reporter();
    bucket.addToResourcePolicy(
      new PolicyStatement({
        principals: [reporter],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects('*')],
        conditions: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
      }),
    );
    key.addToResourcePolicy(
      new PolicyStatement({ principals: [reporter], actions: ['kms:GenerateDataKey'], resources: ['*'] }),
    );
    acknowledge(bucket, ['AwsSolutions-S1', ...packRules('S3BucketLoggingEnabled', 'S3BucketReplicationEnabled')], {
      fact: 'the reports repeat what AWS Backup keeps, only its role writes them, once a day, and they hold no customer data',
      check: 'the bucket’s policy allows s3:PutObject to the service-linked role alone, and its objects are versioned',
      until: 'backups.audit is switched off',
    });
    return bucket;
  }

  private reporter(): IPrincipal {
    const { partition, account } = Stack.of(this);
    return new ArnPrincipal(
      `arn:${partition}:iam::${account}:role/aws-service-role/reports.backup.amazonaws.com/AWSServiceRoleForBackupReports`,
    );
  }
}

/** Controls by their names in the developer guide, "Controls and remediation". All parameter values are strings. */
function controlsOf({ name, backups }: EnvironmentConfig): CfnFramework.FrameworkControlProperty[] {
  const { key: Key, value: Value } = backupTag(name);
  const ours = { Tags: [{ Key, Value }] };
  const control = (controlName: string, parameters: Record<string, string | number> = {}) => ({
    controlName,
    controlScope: ours,
    controlInputParameters: Object.entries(parameters).map(([parameterName, value]) => ({
      parameterName,
      parameterValue: String(value),
    })),
  });
  const { recoveryRegion, recoveryAccountVaultArn, vaultLock, restoreTesting } = backups;
  return [
    control('BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN'),
    control('BACKUP_LAST_RECOVERY_POINT_CREATED', {
      recoveryPointAgeUnit: 'hours',
      recoveryPointAgeValue: MAXIMUM_AGE_HOURS,
    }),
    ...(vaultLock ? [control('BACKUP_RESOURCES_PROTECTED_BY_BACKUP_VAULT_LOCK')] : []),
    ...(recoveryRegion
      ? [control('BACKUP_RESOURCES_PROTECTED_BY_CROSS_REGION', { crossRegionList: recoveryRegion })]
      : []),
    ...(recoveryAccountVaultArn
      ? [
          control('BACKUP_RESOURCES_PROTECTED_BY_CROSS_ACCOUNT', {
            crossAccountList: recoveryAccountVaultArn.split(':')[4] ?? '',
          }),
        ]
      : []),
    ...(restoreTesting
      ? [control('RESTORE_TIME_FOR_RESOURCES_MEET_TARGET', { maxRestoreTime: MAXIMUM_RESTORE_MINUTES })]
      : []),
  ];
}
