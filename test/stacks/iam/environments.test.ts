import { CHECK_ROLES } from '../../../lib/contract/roles';
import { EnvironmentIam, type EnvironmentRole } from '../../support/aws/environment-iam';
import { type Context, isAllowed } from '../../support/aws/iam';

/** What a caller may choose in its request: it claims to be of its own environment, through any service. */
const CHOSEN = {
  'aws:RequestTag/whatsapp-saas:drill': 'staging',
  'aws:RequestTag/whatsapp-saas:recovery': 'staging',
  'cloudwatch:namespace': 'WhatsAppSaaS/PostgreSQL',
};
/** The tags of production's resources. */
const TAGS = {
  'aws:ResourceTag/Environment': 'production',
  'aws:ResourceTag/whatsapp-saas:drill': 'production',
  'aws:ResourceTag/whatsapp-saas:recovery': 'production',
};
const SERVICES = ['rds', 'sns', 'sqs', 'secretsmanager', 'backup'].map((name) => `${name}.us-east-1.amazonaws.com`);

/**
 * What the code with a role may do to resources of another environment: `<logical id> <action> <type of the resource>`. Statements on all
 * resources have actions that act on none (wildcards.test.ts).
 */
function reach(role: EnvironmentRole, resources: readonly string[]): string[] {
  const Statement = role.policy.Statement.filter(({ Effect, Resource }) => Effect === 'Deny' || Resource !== '*');
  const actions = [...new Set(Statement.flatMap(({ Effect, Action }) => (Effect === 'Allow' ? Action : [])))];
  const code: Context = role.ofFunction
    ? { 'lambda:SourceFunctionArn': 'arn:aws:lambda:us-east-1:111111111111:function:f' }
    : {};
  const found = actions.flatMap((action) =>
    resources
      .filter((resource) =>
        SERVICES.some((service) =>
          isAllowed(
            { Statement },
            { action, resource, context: { ...CHOSEN, ...TAGS, ...code, 'kms:ViaService': service } },
          ),
        ),
      )
      .map(
        (resource) => `${role.id.replace(/[0-9A-F]{8}$/, '')} ${action} ${resource.split(':').slice(2, 6).join(':')}`,
      ),
  );
  return [...new Set(found)];
}

const production = new EnvironmentIam('production').arns(CHECK_ROLES);
const staging = new EnvironmentIam('staging').roles();

test('production has resources of every kind that a policy names', () => {
  expect(production.length).toBeGreaterThan(150);
  const kinds = new Set(production.map((arn) => arn.split(':')[2]));
  expect([...kinds]).toEqual(
    expect.arrayContaining(['rds', 'rds-db', 'kms', 'secretsmanager', 'lambda', 'logs', 'sns', 'states']),
  );
});

test('an environment reaches its own resources, or this test would find nothing', () => {
  const own = new EnvironmentIam('staging').arns(CHECK_ROLES);
  const reached = staging.flatMap((role) => reach(role, own)).join('\n');
  for (const action of [
    'secretsmanager:GetSecretValue',
    'rds-db:connect',
    'lambda:InvokeFunction',
    'logs:PutLogEvents',
  ]) {
    expect(reached).toContain(action);
  }
});

// IAM has no condition for rds-db:connect (Service Authorization Reference, "Amazon RDS IAM Authentication": no keys), and the id of a restored
// server is not known before. So the drills' functions of an environment could log in to another environment's servers in the same account,
// if they reached them: no network leads there. Where `ownAccount` is on, no other environment is in the account.
test('in one account the functions of staging can only look at production’s servers, and log in where no network leads', () => {
  const reached = staging.filter(({ ofFunction }) => ofFunction).flatMap((role) => reach(role, production));
  expect(reached.sort()).toEqual([
    'Drills/RestoreDrillCheckServiceRole rds-db:connect rds-db:us-east-1:111111111111:dbuser',
    'Drills/RestoreDrillCopyServiceRole rds-db:connect rds-db:us-east-1:111111111111:dbuser',
    'Drills/RestoreDrillServiceRole rds:DescribeDBInstanceAutomatedBackups rds:us-east-1:111111111111:db',
    'Drills/RestoreDrillServiceRole rds:DescribeDBInstances rds:us-east-1:111111111111:db',
  ]);
});

test('in one account the other roles of staging can look at production’s servers, and remove one from staging’s own proxy', () => {
  const reached = staging.filter(({ ofFunction }) => !ofFunction).flatMap((role) => reach(role, production));
  const actions = new Set(reached.map((line) => line.split(' ')[1]));
  expect([...actions].sort()).toEqual(['rds:DeregisterDBProxyTargets', 'rds:DescribeDBInstances']);
});

test('in separate accounts no role of staging can do anything to production', () => {
  const elsewhere = new EnvironmentIam('production', '222222222222').arns(CHECK_ROLES);
  expect(staging.flatMap((role) => reach(role, elsewhere))).toEqual([]);
});
