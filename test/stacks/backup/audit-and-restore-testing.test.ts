import { Match } from 'aws-cdk-lib/assertions';
import { EVERYTHING } from '../../support/monitoring/backups';
import {
  find,
  onlyOne,
  type Properties,
  reviewProductionWith,
  synthesize,
  synthesizeProductionWith,
  type Templates,
} from '../../support/synth';

let production: Templates;
let everything: Templates;
beforeAll(() => {
  production = synthesize('production');
  everything = synthesizeProductionWith({ backups: EVERYTHING });
});

describe('the audit', () => {
  test('exists only where configured: it needs AWS Config', () => {
    production.backup.resourceCountIs('AWS::Backup::Framework', 0);
    production.backup.resourceCountIs('AWS::Backup::ReportPlan', 0);
  });

  test('controls what the configuration promises, of this environment’s primary', () => {
    const { FrameworkControls, FrameworkName } = onlyOne(find(everything.backup, 'AWS::Backup::Framework'));
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
    const plans = Object.values(find(everything.backup, 'AWS::Backup::ReportPlan'));
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
    everything.backup.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'RetainExceptOnCreate' });
  });
});

test('the review is also clean with every option', () => {
  const result = reviewProductionWith({ backups: EVERYTHING });
  expect(result.environments).toMatchObject([{ findings: [], unused: [], validationErrors: [] }]);
  expect(result.missingContext).toEqual([]);
}, 60_000);

const drills = () => production.drills;

test('restore testing restores the newest snapshot of our vault on the first of each month', () => {
  const plan = onlyOne(find(drills(), 'AWS::Backup::RestoreTestingPlan'));
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

test('restore testing overrides the defaults of RDS; a list is a string of JSON', () => {
  const selection = onlyOne(find(drills(), 'AWS::Backup::RestoreTestingSelection'));
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

test('restore testing validates every test of the plan once, and keeps the call that failed', () => {
  const rule = onlyOne(
    find(drills(), 'AWS::Events::Rule', { EventPattern: { detail: { restoreTestingPlanArn: Match.anyValue() } } }),
  );
  expect(rule['EventPattern']).toMatchObject({
    source: ['aws.backup'],
    'detail-type': ['Restore Job State Change'],
    detail: {
      status: ['COMPLETED'],
      restoreTestingPlanArn: [{ 'Fn::GetAtt': [expect.any(String), 'RestoreTestingPlanArn'] }],
    },
  });
  drills().hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    FunctionName: { Ref: Match.stringLikeRegexp('^RestoreTestingValidation') },
    MaximumRetryAttempts: 0,
    DestinationConfig: { OnFailure: Match.anyValue() },
  });
});

test('the validation may only describe restored test servers, call the check, and report a result', () => {
  const [policy] = Object.entries(find(drills(), 'AWS::IAM::Policy')).flatMap(([id, { PolicyDocument }]) =>
    id.startsWith('RestoreTestingValidation')
      ? [PolicyDocument as { Statement: { Action: unknown; Resource: unknown }[] }]
      : [],
  );
  const resourceOf = (action: string) =>
    policy?.Statement.find(({ Action }) => JSON.stringify(Action).includes(action))?.Resource;
  expect(JSON.stringify(resourceOf('rds:DescribeDBInstances'))).toContain(':db:awsbackup-restore-test-*');
  expect(resourceOf('lambda:InvokeFunction')).toEqual({
    'Fn::GetAtt': [expect.stringMatching(/^RestoreDrillCheck/), 'Arn'],
  });
  expect(resourceOf('backup:PutRestoreValidationResult')).toBe('*');
  expect(JSON.stringify(policy)).not.toMatch(/rds:(Delete|Modify|Restore)/);
});

test('restore testing is left out where it is not configured', () => {
  for (const name of ['dev', 'staging'] as const)
    expect(find(synthesize(name).drills, 'AWS::Backup::RestoreTestingPlan')).toEqual({});
});
