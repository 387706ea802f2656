import { Match } from 'aws-cdk-lib/assertions';
import { BACKUP_TAG_KEY } from '../../../lib/constructs/backup/backup-tag';
import { filledIn } from '../../support/aws/filled-in';
import { isAllowed, type PolicyDocument } from '../../support/aws/iam';
import { find, onlyOne, synthesize } from '../../support/synth';

const { drills, database } = synthesize('production');
const ARN = 'arn:aws:rds:us-east-1:111111111111';
const DRILL_TAG = 'whatsapp-saas:drill';

function policyOf(roleId: string): PolicyDocument {
  const [policy] = Object.entries(find(drills, 'AWS::IAM::Policy')).filter(([id]) => id.startsWith(roleId));
  if (!policy) throw new Error(`no policy ${roleId}`);
  return filledIn(policy[1]['PolicyDocument']);
}

const policy = policyOf('RestoreDrillServiceRole');
const [primary] = Object.keys(find(database, 'AWS::RDS::DBInstance')).filter((id) => id.includes('Primary'));
const tagged = { [`aws:ResourceTag/${DRILL_TAG}`]: 'production' };
const requested = {
  [`aws:RequestTag/${DRILL_TAG}`]: 'production',
  'aws:TagKeys': [DRILL_TAG, `${DRILL_TAG}-started`],
};
const copy = `${ARN}:db:production-restore-drill-0123456789ab`;
const may = (action: string, resource: string, tags: Record<string, string | string[]> = {}) =>
  isAllowed(policy, { action, resource, context: tags });

test('the drill function may delete a copy with prefix and tag', () => {
  expect(may('rds:DeleteDBInstance', copy, tagged)).toBe(true);
});

test.each<[string, string, Record<string, string>]>([
  ['a copy without the tag', copy, {}],
  ['a copy of another environment’s tag', copy, { [`aws:ResourceTag/${DRILL_TAG}`]: 'staging' }],
  ['an instance with the tag of a request alone', copy, { [`aws:RequestTag/${DRILL_TAG}`]: 'production' }],
  ['somebody’s instance that carries the tag', `${ARN}:db:somebodys`, tagged],
  ['another environment’s copy', `${ARN}:db:staging-restore-drill-0123456789ab`, tagged],
  ['the source', `${ARN}:db:${primary}`, {}],
  ['the source, should somebody tag it', `${ARN}:db:${primary}`, tagged],
  ['a copy in another region', copy.replace('us-east-1', 'us-west-2'), tagged],
])('the drill function may not delete %s', (_, resource, tags) => {
  expect(may('rds:DeleteDBInstance', resource, tags)).toBe(false);
});

test('the drill function may not delete a server even if it had the prefix of copies', () => {
  const deny = policy.Statement.find(({ Effect }) => Effect === 'Deny')!;
  // The primary and both replicas, by the references to them.
  expect(deny.Resource).toHaveLength(3);
  for (const server of deny.Resource) expect(may('rds:DeleteDBInstance', server, tagged)).toBe(false);
  const named = { Statement: [...policy.Statement, { ...deny, Resource: copy }] };
  expect(isAllowed(named, { action: 'rds:DeleteDBInstance', resource: copy, context: tagged })).toBe(false);
});

test('the drill function restores only what carries the tag of drills', () => {
  for (const resource of [copy, `${ARN}:db:${primary}`]) {
    expect(may('rds:RestoreDBInstanceToPointInTime', resource, requested)).toBe(true);
    expect(may('rds:RestoreDBInstanceToPointInTime', resource)).toBe(false);
  }
  expect(may('rds:RestoreDBInstanceToPointInTime', `${ARN}:db:somebodys`, requested)).toBe(false);
});

test('the drill function tags only copies, and never as backups select', () => {
  expect(may('rds:AddTagsToResource', copy, requested)).toBe(true);
  expect(may('rds:AddTagsToResource', `${ARN}:db:${primary}`, requested)).toBe(false);
  expect(may('rds:AddTagsToResource', copy, { ...requested, 'aws:TagKeys': [DRILL_TAG, BACKUP_TAG_KEY] })).toBe(false);
});

test.each([
  'rds:ModifyDBInstance',
  'rds:RebootDBInstance',
  'rds:DeleteDBSnapshot',
  'rds:RestoreDBInstanceFromDBSnapshot',
  'iam:PassRole',
  'lambda:InvokeFunction',
])('the drill function may not %s', (action) => expect(may(action, copy, { ...tagged, ...requested })).toBe(false));

test('the checks log in as the roles of the drill, and read no secret', () => {
  const policy = policyOf('RestoreDrillCheck');
  const user = (name: string) => ({
    action: 'rds-db:connect',
    resource: `arn:aws:rds-db:us-east-1:111111111111:dbuser:db-ABC/${name}`,
  });
  for (const name of ['drill_user', 'readonly_user', 'metrics_user', 'recovery_user']) {
    expect(isAllowed(policy, user(name))).toBe(true);
  }
  expect(isAllowed(policy, user('app_user'))).toBe(false);
  expect(isAllowed(policy, user('database_admin'))).toBe(false);
  expect(JSON.stringify(policy)).not.toContain('secretsmanager');
});

test('the function that keeps copies logs in as recovery_user alone', () => {
  const policy = policyOf('RestoreDrillCopy');
  const users = policy.Statement.filter(({ Action }) => Action === 'rds-db:connect').flatMap(
    ({ Resource }) => Resource,
  );
  expect(users.length).toBeGreaterThan(1);
  expect(users.filter((user) => !user.endsWith('/recovery_user'))).toEqual([]);
});

test('only the functions of the drills reach a copy, and they reach nothing else but the primary and AWS', () => {
  const rules = find(drills, 'AWS::EC2::SecurityGroupIngress');
  // The check and the function that keeps copies, each to a copy and to the primary.
  expect(Object.keys(rules)).toHaveLength(4);
  const groups = find(drills, 'AWS::EC2::SecurityGroup');
  expect(Object.values(groups).filter(({ SecurityGroupIngress }) => SecurityGroupIngress)).toEqual([]);
  // And to the endpoints of AWS.
  expect(Object.keys(find(drills, 'AWS::EC2::SecurityGroupEgress'))).toHaveLength(6);
});

test('the machine logs everything, encrypted, and is traced', () => {
  drills.hasResourceProperties('AWS::StepFunctions::StateMachine', {
    StateMachineName: 'production-restore-drill',
    LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: true },
    TracingConfiguration: { Enabled: true },
  });
  drills.hasResourceProperties('AWS::Logs::LogGroup', {
    LogGroupName: '/aws/vendedlogs/states/production-restore-drill',
    KmsKeyId: Match.anyValue(),
    RetentionInDays: 365,
  });
});

test('drills start weekly, monthly and quarterly, each with its input', () => {
  const schedules = Object.values(find(drills, 'AWS::Scheduler::Schedule')).map(({ ScheduleExpression, Target }) => [
    ScheduleExpression,
    JSON.parse((Target as { Input: string }).Input) as unknown,
  ]);
  expect(schedules).toEqual([
    ['cron(0 3 ? * SUN *)', { drill: 'verification' }],
    ['cron(0 7 2 * ? *)', { drill: 'pointInTime' }],
    ['cron(0 12 3 1,4,7,10 ? *)', { drill: 'full' }],
  ]);
});

describe('the definition', () => {
  const { DefinitionString } = onlyOne(
    find(drills, 'AWS::StepFunctions::StateMachine', { StateMachineName: 'production-restore-drill' }),
  );
  const { States, TimeoutSeconds } = JSON.parse(filledIn<string>(DefinitionString)) as {
    TimeoutSeconds: number;
    States: Record<
      string,
      {
        Type: string;
        Seconds?: number;
        TimeoutSeconds?: number;
        Catch?: { ErrorEquals: string[]; Next: string }[];
        Retry?: unknown[];
      }
    >;
  };
  const tasks = Object.entries(States).filter(([, { Type }]) => Type === 'Task');

  test('every task has a time-out, retries, and a way out of every error', () => {
    expect(tasks.length).toBe(14);
    for (const [name, task] of tasks) {
      expect([name, task.TimeoutSeconds]).toEqual([name, expect.any(Number)]);
      expect([name, task.Retry?.length]).not.toEqual([name, 0]);
      if (name !== 'Summarize') expect([name, task.Catch?.[0]?.ErrorEquals]).toEqual([name, ['States.ALL']]);
    }
  });

  test('everything from the target to the measurements leads to the deletion', () => {
    for (const name of [
      'ChooseTarget',
      'Restore',
      'DescribeInstance',
      'Connect',
      'Validate',
      'SweepCopies',
      'RecoverTable',
      'Measure',
    ]) {
      expect([name, States[name]!.Catch!.map(({ Next }) => Next)]).toEqual([name, ['Delete']]);
    }
  });

  test('ends by itself before a copy counts as a leftover', () => {
    expect(TimeoutSeconds).toBe(36_000);
  });
});

test('dev runs no drills', () => {
  expect(synthesize('dev').drills.toJSON()).toEqual({});
});
