import { App } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { context } from '../../cdk.json';
import { IRREVERSIBLE } from '../../lib/config/backups';
import { parseEnvironment } from '../../lib/config/parse';
import { production as productionInput } from '../../lib/config/production';
import type { EnvironmentInput } from '../../lib/config/schema';
import { review } from '../../lib/review';
import { DatabaseStage } from '../../lib/stage';
import {
  find as findIn,
  onlyOne,
  type Properties,
  synthesize,
  synthesizeProductionWith,
  type Templates,
} from '../support/synth';
import { testApp } from '../support/app';

const OTHER_VAULT = 'arn:aws:backup:eu-west-1:210987654321:backup-vault:copies';

interface Rule {
  readonly RuleName: string;
  readonly Lifecycle: object;
  readonly TargetBackupVault: { 'Fn::GetAtt': [string] };
  readonly CopyActions: { DestinationBackupVaultArn: unknown; Lifecycle: object }[];
}

/** Every option that production leaves out. */
const EVERYTHING: EnvironmentInput['backups'] = {
  ...productionInput.backups,
  hourlyDays: 7,
  audit: true,
  recoveryAccountVaultArn: OTHER_VAULT,
  crossRegionPointInTime: {},
};

let production: Templates;
let everything: Templates;
beforeAll(() => {
  production = synthesize('production');
  everything = synthesizeProductionWith({ backups: EVERYTHING });
});

/** An output of the recovery stack, whose name starts with the resource's. */
function ofRecovery(resource: string): unknown {
  const OutputName: unknown = expect.stringContaining(resource);
  return { 'Fn::GetStackOutput': { StackName: 'production-Recovery', Region: 'us-west-2', OutputName } };
}

/** The rules of the only plan. */
function rulesOf({ backup }: Templates): Rule[] {
  const { BackupPlan } = onlyOne(findIn(backup, 'AWS::Backup::BackupPlan'));
  return (BackupPlan as { BackupPlanRule: Rule[] }).BackupPlanRule;
}

describe('the plan', () => {
  test('has point-in-time recovery for as long as the instance, and the owner’s daily, weekly and monthly backups', () => {
    expect(rulesOf(production)).toMatchObject([
      {
        RuleName: 'continuous',
        EnableContinuousBackup: true,
        ScheduleExpression: 'cron(0 0 * * ? *)',
        Lifecycle: { DeleteAfterDays: 35 },
      },
      { RuleName: 'daily', ScheduleExpression: 'cron(0 2 * * ? *)', Lifecycle: { DeleteAfterDays: 7 } },
      { RuleName: 'weekly', ScheduleExpression: 'cron(0 2 ? * SUN *)', Lifecycle: { DeleteAfterDays: 30 } },
      { RuleName: 'monthly', ScheduleExpression: 'cron(0 2 1 * ? *)', Lifecycle: { DeleteAfterDays: 365 } },
    ]);
    production.database.hasResourceProperties('AWS::RDS::DBInstance', { BackupRetentionPeriod: 35 });
  });

  test('has hourly backups where asked', () => {
    const hourly = rulesOf(everything).find(({ RuleName }) => RuleName === 'hourly');
    expect(hourly).toMatchObject({
      ScheduleExpression: 'cron(0 1,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23 * * ? *)',
      Lifecycle: { DeleteAfterDays: 7 },
      CopyActions: [],
    });
  });

  test('keeps snapshots apart from the continuous recovery point, whose job would count as a backup', () => {
    const vaultOf = (name: string) =>
      rulesOf(everything).find(({ RuleName }) => RuleName === name)?.TargetBackupVault['Fn::GetAtt'][0];
    expect(vaultOf('continuous')).toMatch(/^BackupsContinuousVault/);
    for (const name of ['hourly', 'daily', 'weekly', 'monthly']) expect(vaultOf(name)).toMatch(/^BackupsVault/);
  });

  test('never moves a point to cold storage, which RDS does not have', () => {
    expect(JSON.stringify(everything.backup.toJSON())).not.toContain('MoveToColdStorage');
  });

  test('copies to the recovery region, and to the other account where there is one', () => {
    const copies = ({ RuleName, CopyActions }: Rule) => [
      RuleName,
      ...CopyActions.map(({ DestinationBackupVaultArn, Lifecycle }) => [
        typeof DestinationBackupVaultArn === 'string' ? DestinationBackupVaultArn : 'region',
        Lifecycle,
      ]),
    ];
    const kept = (DeleteAfterDays: number) => ({ DeleteAfterDays });
    expect(rulesOf(production).map(copies)).toEqual([
      ['continuous'],
      ['daily', ['region', kept(7)]],
      ['weekly', ['region', kept(7)]],
      ['monthly', ['region', kept(365)]],
    ]);
    expect(rulesOf(everything).map(copies)).toContainEqual(['daily', ['region', kept(7)], [OTHER_VAULT, kept(7)]]);
    const daily = rulesOf(production).find(({ RuleName }) => RuleName === 'daily');
    expect(daily?.CopyActions[0]?.DestinationBackupVaultArn).toEqual(ofRecovery('RecoveryVault'));
  });

  test.each(['dev', 'staging', 'production'] as const)(
    'of %s selects by a tag that only its own primary carries',
    (name) => {
      const templates = synthesize(name);
      const { BackupSelection } = onlyOne(findIn(templates.backup, 'AWS::Backup::BackupSelection'));
      expect(BackupSelection).toMatchObject({
        ListOfTags: [{ ConditionKey: 'whatsapp-saas:backup', ConditionType: 'STRINGEQUALS', ConditionValue: name }],
      });
      const tagged = Object.values(templates)
        .flatMap((template) =>
          Object.values((template.toJSON() as { Resources?: Record<string, object> }).Resources ?? {}),
        )
        // The recovery document that gives the tag to a server does not carry it.
        .filter((resource) => (resource as { Type?: string }).Type !== 'AWS::SSM::Document')
        .filter((resource) => JSON.stringify(resource).includes('"Key":"whatsapp-saas:backup"'));
      expect(tagged).toHaveLength(1);
      expect(tagged[0]).toMatchObject({
        Type: 'AWS::RDS::DBInstance',
        Properties: { BackupRetentionPeriod: expect.any(Number) as unknown },
      });
    },
  );
});

describe('the vaults', () => {
  const vaults = ({ backup, recovery }: Templates) =>
    [backup, recovery].flatMap((template) =>
      Object.values(template.findResources('AWS::Backup::BackupVault') as Record<string, { Properties: Properties }>),
    );

  test('are kept, encrypted, locked for governance, and let nobody delete', () => {
    expect(vaults(production)).toHaveLength(3);
    for (const vault of vaults(production)) {
      expect(vault).toMatchObject({
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: {
          EncryptionKeyArn: { 'Fn::GetAtt': [expect.any(String) as unknown, 'Arn'] },
          LockConfiguration: { MinRetentionDays: 7, MaxRetentionDays: 365 },
          AccessPolicy: {
            Statement: [
              {
                Effect: 'Deny',
                Principal: { AWS: '*' },
                Resource: '*',
                Action: [
                  'backup:DeleteRecoveryPoint',
                  'backup:DisassociateRecoveryPoint',
                  'backup:UpdateRecoveryPointLifecycle',
                ],
              },
            ],
          },
        },
      });
      expect(vault.Properties['LockConfiguration']).not.toHaveProperty('ChangeableForDays');
    }
  });

  test('are locked for good only where the configuration says so in words', () => {
    const compliance = synthesizeProductionWith({
      backups: {
        ...productionInput.backups,
        vaultLock: {
          mode: 'compliance',
          minimumDays: 7,
          maximumDays: 365,
          changeableForDays: 14,
          acknowledged: IRREVERSIBLE,
        },
      },
    });
    expect(vaults(compliance).map(({ Properties }) => Properties['LockConfiguration'])).toEqual(
      Array.from({ length: 3 }, () => ({ MinRetentionDays: 7, MaxRetentionDays: 365, ChangeableForDays: 14 })),
    );
  });

  test('of an environment that is made and deleted at will bind nobody', () => {
    for (const { Properties } of vaults(synthesize('dev'))) {
      expect(Properties).not.toHaveProperty('LockConfiguration');
      expect(Properties).not.toHaveProperty('AccessPolicy');
    }
  });
});

describe('the recovery region', () => {
  test('is another, deployed before the plan that copies to it, and asks no account while synthesizing', () => {
    const app = testApp();
    const { recovery, backup } = new DatabaseStage(app, parseEnvironment(productionInput));
    expect([recovery?.region, backup?.region]).toEqual(['us-west-2', 'us-east-1']);
    expect(app.synth().manifest.missing ?? []).toEqual([]);
    expect(backup?.dependencies).toContain(recovery);
  });

  test('has an isolated network that costs nothing, and what a restore must not leave to RDS’s defaults', () => {
    const { recovery } = production;
    for (const type of ['NatGateway', 'InternetGateway', 'VPCEndpoint'])
      recovery.resourceCountIs(`AWS::EC2::${type}`, 0);
    recovery.resourceCountIs('AWS::EC2::Subnet', 4);
    recovery.resourceCountIs('AWS::EC2::Route', 0);
    recovery.hasResourceProperties('AWS::RDS::DBSubnetGroup', { SubnetIds: Match.anyValue() });
    recovery.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.absent() });
    const { Parameters: recovered } = onlyOne(findIn(recovery, 'AWS::RDS::DBParameterGroup'));
    const { Parameters: primary } = onlyOne(
      findIn(production.database, 'AWS::RDS::DBParameterGroup', { Description: 'PostgreSQL 15 primary of production' }),
    );
    expect(recovered).toEqual(primary);
    for (const output of ['KeyArn', 'SubnetGroup', 'ParameterGroup', 'SecurityGroup'])
      recovery.hasOutput(`Recovery${output}`, {});
  });

  test('gets snapshots and WAL of RDS itself only where asked', () => {
    const primaryOf = ({ database }: Templates) => onlyOne(findIn(database, 'AWS::RDS::DBInstance', { MultiAZ: true }));
    expect(primaryOf(production)).not.toHaveProperty('AutomaticBackupReplicationRegion');
    expect(primaryOf(everything)).toMatchObject({
      AutomaticBackupReplicationRegion: 'us-west-2',
      AutomaticBackupReplicationKmsKeyId: ofRecovery('RecoveryKey'),
      AutomaticBackupReplicationRetentionPeriod: 7,
    });
  });
});

test('another account may read the data’s key to copy, and only where it gets copies', () => {
  const statements = ({ database }: Templates) =>
    (onlyOne(findIn(database, 'AWS::KMS::Key'))['KeyPolicy'] as { Statement: object[] }).Statement.filter((statement) =>
      JSON.stringify(statement).includes('210987654321'),
    );
  expect(statements(production)).toEqual([]);
  expect(statements(everything)).toMatchObject([
    { Effect: 'Allow', Action: expect.not.arrayContaining(['kms:CreateGrant']) as unknown },
    { Effect: 'Allow', Action: 'kms:CreateGrant', Condition: { Bool: { 'kms:GrantIsForAWSResource': true } } },
  ]);
});

describe('the evidence', () => {
  test('is there only where asked: it needs AWS Config', () => {
    production.backup.resourceCountIs('AWS::Backup::Framework', 0);
    production.backup.resourceCountIs('AWS::Backup::ReportPlan', 0);
  });

  test('controls what the configuration promises, of this environment’s primary', () => {
    const { FrameworkControls, FrameworkName } = onlyOne(findIn(everything.backup, 'AWS::Backup::Framework'));
    expect(FrameworkName).toBe('whatsapp_saas_production_backups');
    const controls = FrameworkControls as { ControlName: string; ControlScope: object }[];
    expect(controls.map(({ ControlName }) => ControlName)).toEqual([
      'BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN',
      'BACKUP_LAST_RECOVERY_POINT_CREATED',
      'BACKUP_RESOURCES_PROTECTED_BY_BACKUP_VAULT_LOCK',
      'BACKUP_RESOURCES_PROTECTED_BY_CROSS_REGION',
      'BACKUP_RESOURCES_PROTECTED_BY_CROSS_ACCOUNT',
      'RESTORE_TIME_FOR_RESOURCES_MEET_TARGET',
    ]);
    for (const { ControlScope } of controls)
      expect(ControlScope).toEqual({ Tags: [{ Key: 'whatsapp-saas:backup', Value: 'production' }] });
    expect(controls.at(-1)).toMatchObject({
      ControlInputParameters: [{ ParameterName: 'maxRestoreTime', ParameterValue: '60' }],
    });
  });

  test('is reported daily into a bucket that only AWS Backup’s reports may write', () => {
    const plans = Object.values(findIn(everything.backup, 'AWS::Backup::ReportPlan'));
    expect(plans.map(({ ReportSetting }) => (ReportSetting as { ReportTemplate: string }).ReportTemplate)).toEqual([
      'BACKUP_JOB_REPORT',
      'COPY_JOB_REPORT',
      'RESTORE_JOB_REPORT',
      'CONTROL_COMPLIANCE_REPORT',
      'RESOURCE_COMPLIANCE_REPORT',
    ]);
    everything.backup.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 's3:PutObject',
            Principal: {
              AWS: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('AWSServiceRoleForBackupReports')])] },
            },
          }),
        ]),
      },
    });
    everything.backup.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
  });
});

test('with every option the review is clean, too', () => {
  const result = review((outdir) => {
    const app = new App({ outdir, context: { ...context, 'aws:cdk:bundling-stacks': [] } });
    new DatabaseStage(app, parseEnvironment({ ...productionInput, backups: EVERYTHING }));
    return app;
  });
  expect(result.environments).toMatchObject([{ findings: [], unused: [], validationErrors: [] }]);
  expect(result.missingContext).toEqual([]);
}, 60_000);

test('without backups there is neither a plan nor a recovery region', () => {
  const { backup, recovery } = synthesizeProductionWith({
    backups: {},
    replicas: [],
    drills: { enabled: false, reason: 'there is nothing to restore' },
    database: { ...productionInput.database, backupRetentionDays: 0 },
  });
  expect([backup, recovery].map((template: Template) => template.toJSON())).toEqual([{}, {}]);
});

describe('restore testing', () => {
  const drills = () => production.drills;

  test('restores the newest snapshot on the first of each month, of our vault alone', () => {
    const plan = onlyOne(findIn(drills(), 'AWS::Backup::RestoreTestingPlan'));
    expect(plan).toMatchObject({
      RestoreTestingPlanName: 'whatsapp_saas_production',
      ScheduleExpression: 'cron(0 6 1 * ? *)',
      StartWindowHours: 1,
      RecoveryPointSelection: {
        Algorithm: 'LATEST_WITHIN_WINDOW',
        RecoveryPointTypes: ['SNAPSHOT'],
        SelectionWindowDays: 7,
        IncludeVaults: [expect.objectContaining({ 'Fn::GetStackOutput': expect.anything() as unknown })],
      },
    });
  });

  test('leaves nothing to RDS’s defaults: lists are JSON in a text', () => {
    const selection = onlyOne(findIn(drills(), 'AWS::Backup::RestoreTestingSelection'));
    expect(selection).toMatchObject({ ProtectedResourceType: 'RDS', ValidationWindowHours: 2 });
    expect(selection['ProtectedResourceArns']).toHaveLength(1);
    const { vpcSecurityGroupIds, ...overrides } = selection['RestoreMetadataOverrides'] as Properties;
    expect(overrides).toEqual({
      dbInstanceClass: 'db.r6g.xlarge',
      dbSubnetGroupName: expect.anything() as unknown,
      dbParameterGroupName: expect.anything() as unknown,
      enableIamDatabaseAuthentication: 'true',
      multiAz: 'false',
      publiclyAccessible: 'false',
    });
    const [glue, parts] = (vpcSecurityGroupIds as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
    expect(parts.map((part) => (typeof part === 'string' ? part : 'sg-1')).join(glue)).toBe('["sg-1"]');
  });

  test('has every test of the plan validated, once, and keeps the call that failed', () => {
    const rule = onlyOne(
      findIn(drills(), 'AWS::Events::Rule', { Description: Match.stringLikeRegexp('^Restore tests') }),
    );
    expect(rule['EventPattern']).toMatchObject({
      source: ['aws.backup'],
      'detail-type': ['Restore Job State Change'],
      detail: { status: ['COMPLETED'], restoreTestingPlanArn: [{ 'Fn::GetAtt': [expect.any(String), 'RestoreTestingPlanArn'] }] }, // prettier-ignore
    });
    drills().hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: Match.stringLikeRegexp('^RestoreTestingValidation') },
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: Match.anyValue() },
    });
  });

  test('may describe only what AWS Backup restores for tests, call the check, and give a verdict', () => {
    const [policy] = Object.entries(findIn(drills(), 'AWS::IAM::Policy')).flatMap(([id, { PolicyDocument }]) =>
      id.startsWith('RestoreTestingValidation') ? [PolicyDocument as { Statement: { Action: unknown; Resource: unknown }[] }] : [],
    ); // prettier-ignore
    const resourceOf = (action: string) =>
      policy?.Statement.find(({ Action }) => JSON.stringify(Action).includes(action))?.Resource;
    expect(JSON.stringify(resourceOf('rds:DescribeDBInstances'))).toContain(':db:awsbackup-restore-test-*');
    expect(resourceOf('lambda:InvokeFunction')).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^RestoreDrillCheck/), 'Arn'] }); // prettier-ignore
    expect(resourceOf('backup:PutRestoreValidationResult')).toBe('*');
    expect(JSON.stringify(policy)).not.toMatch(/rds:(Delete|Modify|Restore)/);
  });

  test('is left out where nobody asked for it', () => {
    for (const name of ['dev', 'staging'] as const)
      expect(findIn(synthesize(name).drills, 'AWS::Backup::RestoreTestingPlan')).toEqual({});
  });
});
