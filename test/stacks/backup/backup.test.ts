import { Match, type Template } from 'aws-cdk-lib/assertions';
import { ENVIRONMENT_NAMES } from '../../../lib/config';
import { IRREVERSIBLE } from '../../../lib/config/schema/backups';
import { parseEnvironment } from '../../../lib/config/parse';
import { production as productionInput } from '../../../lib/config/production';
import { DatabaseStage } from '../../../lib/stage';
import {
  find as findIn,
  onlyOne,
  type Properties,
  synthesize,
  synthesizeProductionWith,
  type Templates,
} from '../../support/synth';
import { testApp } from '../../support/app';
import { EVERYTHING, OTHER_VAULT } from '../../support/monitoring/backups';

interface Rule {
  readonly RuleName: string;
  readonly Lifecycle: object;
  readonly TargetBackupVault: { 'Fn::GetAtt': [string] };
  readonly CopyActions: { DestinationBackupVaultArn: unknown; Lifecycle: object }[];
}

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

test('the plan has point-in-time recovery for as long as the instance, and the owner’s daily, weekly and monthly backups', () => {
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

test('the plan has hourly backups where asked', () => {
  const hourly = rulesOf(everything).find(({ RuleName }) => RuleName === 'hourly');
  expect(hourly).toMatchObject({
    ScheduleExpression: 'cron(0 1,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23 * * ? *)',
    Lifecycle: { DeleteAfterDays: 7 },
    CopyActions: [],
  });
});

test('the plan keeps snapshots apart from the continuous recovery point, whose job would count as a backup', () => {
  const vaultOf = (name: string) =>
    rulesOf(everything).find(({ RuleName }) => RuleName === name)?.TargetBackupVault['Fn::GetAtt'][0];
  expect(vaultOf('continuous')).toMatch(/^BackupsContinuousVault/);
  for (const name of ['hourly', 'daily', 'weekly', 'monthly']) expect(vaultOf(name)).toMatch(/^BackupsVault/);
});

test('the plan never moves a point to cold storage, which RDS does not have', () => {
  expect(JSON.stringify(everything.backup.toJSON())).not.toContain('MoveToColdStorage');
});

test('the plan copies to the recovery region, and to the other account where there is one', () => {
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

test.each(ENVIRONMENT_NAMES)(
  'the plan of %s selects DB instances with a tag that only its own primary carries',
  (name) => {
    const templates = synthesize(name);
    const { BackupSelection } = onlyOne(findIn(templates.backup, 'AWS::Backup::BackupSelection'));
    // Without ListOfTags, which would be an alternative to Resources: every instance of the account, and every resource with the tag.
    expect(BackupSelection).toEqual({
      SelectionName: 'Selection',
      IamRoleArn: expect.anything() as unknown,
      Resources: ['arn:aws:rds:*:*:db:*'],
      Conditions: {
        StringEquals: [{ ConditionKey: 'aws:ResourceTag/whatsapp-saas:backup', ConditionValue: name }],
      },
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

describe('the vaults', () => {
  const vaults = ({ backup, recovery }: Templates) =>
    [backup, recovery].flatMap((template) =>
      Object.values(template.findResources('AWS::Backup::BackupVault') as Record<string, { Properties: Properties }>),
    );

  test('are kept, encrypted, locked for governance, and let nobody delete', () => {
    expect(vaults(production)).toHaveLength(3);
    for (const vault of vaults(production)) {
      expect(vault).toMatchObject({
        DeletionPolicy: 'RetainExceptOnCreate',
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
    const { recovery, backup } = new DatabaseStage(app, parseEnvironment('production', productionInput));
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

test('without backups there is neither a plan nor a recovery region', () => {
  const { backup, recovery } = synthesizeProductionWith({
    backups: {},
    replicas: [],
    drills: { enabled: false, reason: 'there is nothing to restore' },
    database: { ...productionInput.database, backupRetentionDays: 0 },
  });
  expect([backup, recovery].map((template: Template) => template.toJSON())).toEqual([{}, {}]);
});
