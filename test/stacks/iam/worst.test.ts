import { readFileSync } from 'node:fs';
import { EnvironmentIam, type EnvironmentRole } from '../../support/aws/environment-iam';
import { type Context, isAllowed } from '../../support/aws/iam';

const iam = new EnvironmentIam('production');
const roles = iam.roles();
const ACCOUNT = '111111111111';
const everything = iam.arns([
  'app_user',
  'care_user',
  'database_admin',
  'drill_user',
  'metrics_user',
  'readonly_user',
  'recovery_user',
]);
const arns = (text: string) => everything.filter((arn) => arn.includes(text));
const [primary = ''] = arns(':db:production-primary');
const copy = `arn:aws:rds:us-east-1:${ACCOUNT}:db:production-restore-drill-0123456789ab`;

/** The role of each function, by the name that its log and the table give it. */
const FUNCTIONS: Readonly<Record<string, RegExp>> = {
  migrate: /MigrateServiceRole/,
  care: /JobsCareServiceRole/,
  'care-database': /CareDatabaseServiceRole/,
  drift: /JobsDriftServiceRole/,
  collector: /CollectServiceRole/,
  inspector: /InspectorServiceRole/,
  drill: /RestoreDrillServiceRole/,
  'drill-check': /RestoreDrillCheckServiceRole/,
  'table-recovery': /RestoreDrillCopyServiceRole/,
  'restore-validation': /ValidationServiceRole/,
};

function roleOf(pattern: RegExp): EnvironmentRole {
  const [found, another] = roles.filter(({ id }) => pattern.test(id));
  if (!found || another) throw new Error(`production has not one role ${pattern.source}`);
  return found;
}

/** What may be done to resources of production, by the code of a function; under a condition, with values that the code may choose. */
function may(
  { policy, ofFunction }: EnvironmentRole,
  action: string,
  resources: readonly string[],
  context = {},
): string[] {
  const code: Context = ofFunction
    ? { 'lambda:SourceFunctionArn': 'arn:aws:lambda:us-east-1:111111111111:function:f' }
    : {};
  return resources.filter((resource) => isAllowed(policy, { action, resource, context: { ...code, ...context } }));
}

const PAGE = readFileSync('lib/constructs/PERMISSIONS.md', 'utf8');

test.each(Object.entries(FUNCTIONS))('the table names every action of %s', (name, pattern) => {
  const [row] = PAGE.split('\n').filter((line) => line.startsWith(`| \`${name}\` `));
  const written = row?.split('|')[2]?.match(/[\w-]+:\w+/g);
  const { Statement } = roleOf(pattern).policy;
  const actions = Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
  const own = actions.filter(
    (action) => !/^(logs:(CreateLogStream|PutLogEvents)|ec2:(?!DescribeSecurityGroupRules).*)$/.test(action),
  );
  expect(written).toEqual([...new Set(own)].sort());
});

test('every function is in the table', () => {
  const ours = roles.filter(({ id, ofFunction }) => ofFunction && !/CustomResourceProvider/.test(id));
  const known = Object.values(FUNCTIONS).map((pattern) => roleOf(pattern).id);
  expect(ours.map(({ id }) => id).sort()).toEqual(known.sort());
});

test.each(Object.entries(FUNCTIONS))(
  'the code of %s makes no network interface, and writes into one log group',
  (_, pattern) => {
    const role = roleOf(pattern);
    for (const action of ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeSubnets']) {
      expect(may(role, action, [`arn:aws:ec2:us-east-1:${ACCOUNT}:network-interface/eni-1`])).toEqual([]);
    }
    expect(may(role, 'logs:PutLogEvents', arns(':log-group:'))).toHaveLength(1);
  },
);

describe('the drill', () => {
  const drill = roleOf(FUNCTIONS['drill']!);
  // As if somebody had given a server the tag of a drill.
  const tags = {
    'aws:ResourceTag/whatsapp-saas:drill': 'production',
    'aws:RequestTag/whatsapp-saas:drill': 'production',
    'aws:TagKeys': ['whatsapp-saas:drill'],
  };

  test('deletes copies, and no server whatever its tags are', () => {
    expect(may(drill, 'rds:DeleteDBInstance', [copy], tags)).toEqual([copy]);
    expect(may(drill, 'rds:DeleteDBInstance', arns(':db:'), tags)).toEqual([]);
    for (const action of [
      'rds:ModifyDBInstance',
      'rds:RebootDBInstance',
      'rds:StopDBInstance',
      'rds:AddTagsToResource',
    ]) {
      expect(may(drill, action, arns(':db:'), tags)).toEqual([]);
    }
  });

  test('restores from production’s primary alone, into its own subnets and parameters', () => {
    const sources = [...arns(':db:'), `arn:aws:rds:us-east-1:${ACCOUNT}:db:staging-primary-1`];
    expect(may(drill, 'rds:RestoreDBInstanceToPointInTime', sources, tags)).toEqual([primary]);
    expect(may(drill, 'rds:RestoreDBInstanceToPointInTime', arns(':subgrp:'), tags)).toHaveLength(1);
    expect(may(drill, 'rds:RestoreDBInstanceToPointInTime', [copy])).toEqual([]);
  });

  test('connects nowhere', () => expect(may(drill, 'rds-db:connect', arns(':dbuser:'))).toEqual([]));
});

test.each(['drill-check', 'table-recovery'])(
  '%s logs in as roles of the drill, not as the application or the master',
  (name) => {
    const users = may(roleOf(FUNCTIONS[name]!), 'rds-db:connect', arns(':dbuser:')).map((arn) => arn.split('/').at(-1));
    expect(users.length).toBeGreaterThan(0);
    expect(users).not.toContain('app_user');
    expect(users).not.toContain('database_admin');
    if (name === 'table-recovery') expect(new Set(users)).toEqual(new Set(['recovery_user']));
  },
);

test('the care function calls one function, reads when secrets were rotated and no secret, and connects nowhere', () => {
  const care = roleOf(FUNCTIONS['care']!);
  expect(may(care, 'lambda:InvokeFunction', arns(':function:'))).toHaveLength(1);
  expect(may(care, 'secretsmanager:DescribeSecret', everything)).toHaveLength(2);
  expect(may(care, 'secretsmanager:GetSecretValue', everything)).toEqual([]);
  expect(may(care, 'sns:Publish', everything)).toHaveLength(1);
  expect(may(care, 'rds-db:connect', everything)).toEqual([]);
  const worker = roleOf(FUNCTIONS['care-database']!);
  const users = may(worker, 'rds-db:connect', arns(':dbuser:')).map((arn) => arn.split('/').at(-1));
  expect(users).toEqual(['care_user', 'care_user', 'care_user']);
});

test('the drift check reads the templates of its own environment, and changes nothing', () => {
  const drift = roleOf(FUNCTIONS['drift']!);
  const stack = (region: string, name: string) => `arn:aws:cloudformation:${region}:${ACCOUNT}:stack/${name}/0123`;
  const ours = [stack('us-east-1', 'production-Database'), stack('us-west-2', 'production-Recovery')];
  const read = ['cloudformation:DescribeStacks', 'cloudformation:GetTemplate', 'cloudformation:ListStackResources'];
  for (const action of read) {
    expect(may(drift, action, [...ours, stack('us-east-1', 'staging-Database')])).toEqual(ours);
  }
  expect(may(drift, 'rds:DescribeDBInstances', arns(':db:'))).toHaveLength(3);
  for (const action of [
    'secretsmanager:GetSecretValue',
    'rds:ModifyDBInstance',
    'rds-db:connect',
    'lambda:InvokeFunction',
  ])
    expect(may(drift, action, everything)).toEqual([]);
});

test('the migrations read the two secrets, through Secrets Manager, and nothing else', () => {
  const migrate = roleOf(FUNCTIONS['migrate']!);
  expect(may(migrate, 'secretsmanager:GetSecretValue', everything)).toHaveLength(2);
  expect(may(migrate, 'secretsmanager:PutSecretValue', everything)).toEqual([]);
  const via = (service: string) => ({ 'kms:ViaService': `${service}.us-east-1.amazonaws.com` });
  expect(may(migrate, 'kms:Decrypt', everything, via('secretsmanager'))).toHaveLength(1);
  expect(may(migrate, 'kms:Decrypt', everything, via('rds'))).toEqual([]);
  for (const action of [
    'rds:DeleteDBInstance',
    'rds:ModifyDBInstance',
    'backup:DeleteRecoveryPoint',
    'kms:ScheduleKeyDeletion',
  ]) {
    expect(may(migrate, action, everything)).toEqual([]);
  }
});

test('of all roles only the rebuilding of a replica deletes a server: that replica', () => {
  const tags = { 'aws:ResourceTag/Environment': 'production' };
  const deleting = roles.flatMap((role) =>
    may(role, 'rds:DeleteDBInstance', arns(':db:'), tags).map(
      (arn) => `${role.id.match(/rebuildreplica\d/)?.[0]} ${arn.split(':').at(-1)}`,
    ),
  );
  expect(deleting.sort()).toEqual([
    'rebuildreplica1 production-replica-1-us-east-1b-production',
    'rebuildreplica2 production-replica-2-us-east-1c-production',
  ]);
});

test('no role deletes a backup, a key, a secret or a log, or changes a policy', () => {
  const actions = [
    'backup:DeleteRecoveryPoint',
    'backup:DeleteBackupVaultLockConfiguration',
    'kms:ScheduleKeyDeletion',
    'kms:PutKeyPolicy',
    'secretsmanager:DeleteSecret',
    'logs:DeleteLogGroup',
    'logs:PutRetentionPolicy',
    'iam:PutRolePolicy',
    'iam:AttachRolePolicy',
    'rds:DeleteDBSnapshot',
    'rds:ModifyDBSnapshotAttribute',
  ];
  const found = roles.flatMap((role) => actions.filter((action) => may(role, action, everything).length > 0));
  expect(found).toEqual([]);
});
