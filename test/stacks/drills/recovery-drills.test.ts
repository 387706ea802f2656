import { type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { parseEnvironment } from '../../../lib/config/parse';
import { production } from '../../../lib/config/production';
import type { EnvironmentInput } from '../../../lib/config/schema/environment';
import { DatabaseStage } from '../../../lib/stage';
import { filledIn } from '../../support/aws/filled-in';
import { isAllowed, type PolicyDocument } from '../../support/aws/iam';
import { find, onlyOne, type Properties } from '../../support/synth';
import { testApp } from '../../support/app';

const REPLICATED: Partial<EnvironmentInput> = { backups: { ...production.backups, crossRegionPointInTime: {} } };
const ADDRESSES = ['ada@yourdomain.com', 'ops@yourdomain.com'];

function stageWith(change: Partial<EnvironmentInput>): DatabaseStage {
  const app = testApp();
  return new DatabaseStage(app, parseEnvironment('production', { ...production, ...change }));
}

/** When a stack's drills start, and with what. */
function schedulesOf(stack: Stack | undefined): [unknown, unknown][] {
  return Object.values(find(Template.fromStack(stack!), 'AWS::Scheduler::Schedule')).map(
    ({ ScheduleExpression, Target }) => [ScheduleExpression, JSON.parse((Target as { Input: string }).Input)],
  );
}

const stage = stageWith({ ...REPLICATED, notifications: { ...production.notifications, emails: ADDRESSES } });
const template = Template.fromStack(stage.recoveryDrills!);

/** Variables of a function, with a word where CloudFormation fills in a name. */
function variablesOf(service: string): Record<string, string> {
  const properties = { Environment: { Variables: { POWERTOOLS_SERVICE_NAME: service } } };
  const { Environment } = onlyOne(find(template, 'AWS::Lambda::Function', properties));
  return filledIn<{ Variables: Record<string, string> }>(Environment).Variables;
}

function policyOf(roleId: string): PolicyDocument {
  const policies = Object.entries(find(template, 'AWS::IAM::Policy')).filter(([id]) => id.startsWith(roleId));
  return filledIn(onlyOne(Object.fromEntries(policies))['PolicyDocument']);
}

test('is in the recovery region, after the database whose backups come there', () => {
  expect(stage.recoveryDrills!.region).toBe('us-west-2');
  expect(stage.recoveryDrills!.dependencies).toEqual(expect.arrayContaining([stage.recovery, stage.database]));
});

test('the quarterly drill starts there and not at home, and copies no table', () => {
  expect(schedulesOf(stage.recoveryDrills)).toEqual([['cron(0 12 3 1,4,7,10 ? *)', { drill: 'full' }]]);
  expect(schedulesOf(stage.drills)).toEqual([
    ['cron(0 3 ? * SUN *)', { drill: 'verification' }],
    ['cron(0 7 2 * ? *)', { drill: 'pointInTime' }],
  ]);
});

test('copies come from the primary’s replicated backups, in the recovery network, and their metrics go home', () => {
  const { METRICS_REGION, SOURCE, RESTORE } = variablesOf('drill');
  expect(METRICS_REGION).toBe('us-east-1');
  expect(JSON.parse(SOURCE!)).toEqual({
    resourceId: expect.stringMatching(/FnGetAttDatabasePrimary.*DbiResourceId/) as unknown,
  });
  expect(JSON.parse(RESTORE!)).toMatchObject({
    fullInstanceClass: 'db.r6g.xlarge',
    subnetGroup: expect.stringContaining('RecoveryNetworkSubnetGroup') as unknown,
    parameterGroup: expect.stringContaining('RecoveryNetworkPg15') as unknown,
  });
});

test('the primary’s resource id is read from the home region', () => {
  const { Environment } = onlyOne(
    find(template, 'AWS::Lambda::Function', { Environment: { Variables: { POWERTOOLS_SERVICE_NAME: 'drill' } } }),
  );
  const { SOURCE } = (Environment as { Variables: Record<string, unknown> }).Variables;
  const output = 'PublishOutputFnGetAttDatabasePrimary\\w+DbiResourceId\\w+';
  expect(JSON.stringify(SOURCE)).toMatch(
    new RegExp(`"StackName":"production-Database","Region":"us-east-1","OutputName":"${output}"`),
  );
});

test('copies prove themselves alone', () => {
  expect(variablesOf('drill-check')['SOURCE']).toBe('none');
});

describe('the function that restores and deletes', () => {
  const policy = policyOf('RestoreDrillServiceRole');
  const copy = 'arn:aws:rds:us-west-2:111111111111:db:production-restore-drill-0123456789ab';
  const backups = 'arn:aws:rds:us-west-2:111111111111:auto-backup:ab-0123456789';
  const requested = { 'aws:RequestTag/whatsapp-saas:drill': 'production' };
  const tagged = { 'aws:ResourceTag/whatsapp-saas:drill': 'production' };
  const may = (action: string, resource: string, tags: Record<string, string> = {}) =>
    isAllowed(policy, { action, resource, context: tags });

  test('restores replicated backups into copies of its region', () => {
    for (const resource of [copy, backups])
      expect(may('rds:RestoreDBInstanceToPointInTime', resource, requested)).toBe(true);
    expect(may('rds:RestoreDBInstanceToPointInTime', copy.replace('us-west-2', 'us-east-1'), requested)).toBe(false);
  });

  test.each([
    ['a copy', copy, tagged, true],
    ['a copy without the tag', copy, {}, false],
    ['a server that somebody restored', copy.replace('-restore-drill-', '-restored-'), tagged, false],
    ['a copy in the home region', copy.replace('us-west-2', 'us-east-1'), tagged, false],
  ])('deletion of %s: only with prefix, tag and region', (_, resource, tags, allowed) => {
    expect(may('rds:DeleteDBInstance', resource, tags)).toBe(allowed);
  });

  test('may use the recovery key through RDS alone', () => {
    const grant = policy.Statement.find(({ Action }) => [Action].flat().includes('kms:CreateGrant'))!;
    expect(grant).toMatchObject({
      Resource: expect.stringContaining('RecoveryKey') as unknown,
      Condition: { StringEquals: { 'kms:ViaService': 'rds.us-west-2.amazonaws.com' } },
    });
  });
});

test('success and failure are sent to the addresses, by a topic with the key of the region', () => {
  const [[id, topic]] = Object.entries(find(template, 'AWS::SNS::Topic')) as [[string, Properties]];
  expect(JSON.stringify(topic['KmsMasterKeyId'])).toContain('RecoveryKey');
  const subscriptions = Object.values(find(template, 'AWS::SNS::Subscription'));
  expect(subscriptions).toEqual(ADDRESSES.map((Endpoint) => ({ Endpoint, Protocol: 'email', TopicArn: { Ref: id } })));
  const { DefinitionString } = onlyOne(find(template, 'AWS::StepFunctions::StateMachine'));
  const { States } = JSON.parse(filledIn<string>(DefinitionString)) as {
    States: Record<string, { Parameters?: { TopicArn?: string } }>;
  };
  for (const state of ['TellSuccess', 'TellFailure']) expect(States[state]?.Parameters?.TopicArn).toBe(id);
  const publish = policyOf('RestoreDrillMachine').Statement;
  expect(publish).toContainEqual({ Effect: 'Allow', Action: 'sns:Publish', Resource: id });
});

test('logs are encrypted with the region’s own key', () => {
  const groups = Object.values(find(template, 'AWS::Logs::LogGroup'));
  expect(groups).toHaveLength(3);
  for (const { KmsKeyId } of groups) expect(JSON.stringify(KmsKeyId)).toContain('RecoveryKey');
});

test('without replicated backups all drills are at home', () => {
  const { recoveryDrills, drills } = stageWith({});
  expect(recoveryDrills).toBeUndefined();
  expect(schedulesOf(drills)).toContainEqual(['cron(0 12 3 1,4,7,10 ? *)', { drill: 'full' }]);
});

test('without drills replicated backups bring none', () => {
  const { recoveryDrills, drills } = stageWith({
    drills: { enabled: false, reason: 'somebody restores by hand' },
    backups: { recoveryRegion: 'us-west-2', crossRegionPointInTime: {} },
  });
  expect([recoveryDrills, drills]).toEqual([undefined, undefined]);
});

test('a run that is stopped or times out there notifies people there', () => {
  const rule = onlyOne(find(template, 'AWS::Events::Rule'));
  const [machine] = Object.keys(find(template, 'AWS::StepFunctions::StateMachine'));
  expect(rule['EventPattern']).toEqual({
    source: ['aws.states'],
    'detail-type': ['Step Functions Execution Status Change'],
    detail: { stateMachineArn: [{ Ref: machine }], status: ['TIMED_OUT', 'ABORTED'] },
  });
  const [target, other] = rule['Targets'] as { Arn: { Ref: string }; RoleArn: object; InputTransformer: object }[];
  expect(other).toBeUndefined();
  expect(Object.keys(find(template, 'AWS::SNS::Topic'))).toEqual([target!.Arn.Ref]);
  expect(JSON.stringify(target!.InputTransformer)).toContain('did not come to its end');
  const policy = policyOf('InterruptedRole');
  const topic = { action: 'sns:Publish', resource: filledIn<string>(target!.Arn) };
  expect(isAllowed(policy, topic)).toBe(true);
  expect(isAllowed(policy, { ...topic, resource: 'arn:aws:sns:us-west-2:123456789012:another' })).toBe(false);
});
