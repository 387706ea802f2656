import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { PublishCommand } from '@aws-sdk/client-sns';
import { createHandler } from '../../../lambda/drift';
import { connect } from '../../../lib/account/aws';
import { ACCOUNT, backup, cloudFormation, cloudWatch, ec2, NOW, rds, sns, stacks, sts } from '../../drift/account';
import { serveChanged } from '../../drift/seeds';
import { EnvironmentIam } from '../../support/aws/environment-iam';
import { type Context, isAllowed } from '../../support/aws/iam';

const HOME = 'us-east-1';
const iam = new EnvironmentIam('production', ACCOUNT);
const { policy } = iam.roles().find(({ id }) => id.includes('JobsDriftServiceRole'))!;
const TOPIC = iam.arns([]).find((arn) => arn.includes(':production-Monitoring-TopicsInfo'))!;

type Input = Readonly<Record<string, string>>;

/** A call of the function as IAM sees it. */
interface Call {
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
}

/** The resource that a call needs (Service Authorization Reference); `*` where IAM has none, or a request names none. */
const RESOURCES: Readonly<Record<string, (input: Input, region: string) => string>> = {
  'cloudformation:DescribeStacks': stackArn,
  'cloudformation:GetTemplate': stackArn,
  'cloudformation:ListStackResources': stackArn,
  'cloudwatch:DescribeAlarms': () => '*',
  'cloudwatch:GetDashboard': ({ DashboardName }) => `arn:aws:cloudwatch::${ACCOUNT}:dashboard/${DashboardName}`,
  'cloudwatch:PutMetricData': () => '*',
  'ec2:DescribeSecurityGroupRules': () => '*',
  'rds:DescribeDBInstances': ({ DBInstanceIdentifier }, region) =>
    `arn:aws:rds:${region}:${ACCOUNT}:db:${DBInstanceIdentifier ?? ''}`,
  'rds:DescribeDBParameters': ({ DBParameterGroupName }, region) =>
    `arn:aws:rds:${region}:${ACCOUNT}:pg:${DBParameterGroupName}`,
  'backup:GetBackupPlan': planArn,
  'backup:ListBackupSelections': planArn,
  'backup:DescribeBackupVault': vaultArn,
  'backup:GetBackupVaultAccessPolicy': vaultArn,
  'sns:ListSubscriptionsByTopic': ({ TopicArn }) => TopicArn ?? '',
  'sns:Publish': ({ TopicArn }) => TopicArn ?? '',
};

function stackArn({ StackName }: Input, region: string): string {
  return `arn:aws:cloudformation:${region}:${ACCOUNT}:stack/${StackName}/0a1b2c3d`;
}

function planArn({ BackupPlanId }: Input, region: string): string {
  return `arn:aws:backup:${region}:${ACCOUNT}:backup-plan:${BackupPlanId}`;
}

function vaultArn({ BackupVaultName }: Input, region: string): string {
  return `arn:aws:backup:${region}:${ACCOUNT}:backup-vault:${BackupVaultName}`;
}

/** What a mocked client recorded. */
interface Recorded {
  readonly thisValue: { readonly config: { readonly region: () => Promise<string> } };
  readonly args: readonly [{ readonly input: Input; readonly constructor: { readonly name: string } }];
}

/** What the function calls in a run. GetCallerIdentity needs no permission (STS API Reference). */
async function callsOfRun(): Promise<Call[]> {
  serveChanged(() => undefined);
  sns.on(PublishCommand).resolves({});
  cloudWatch.on(PutMetricDataCommand).resolves({});
  const settings = { environment: 'production', region: HOME, stacks, topic: TOPIC };
  await createHandler({ settings, aws: connect(), now: () => NOW })();
  const services = { backup, cloudformation: cloudFormation, cloudwatch: cloudWatch, ec2, rds, sns };
  const recorded = Object.entries(services).flatMap(([service, client]) =>
    (client.calls() as unknown as Recorded[]).map((call) => ({ service, call })),
  );
  expect(sts.calls()).toHaveLength(1);
  return Promise.all(
    recorded.map(async ({ service, call: { thisValue, args } }) => {
      const [{ input, constructor }] = args;
      const action = `${service}:${constructor.name.replace(/Command$/, '')}`;
      const resource = RESOURCES[action]?.(input, await thisValue.config.region());
      if (resource === undefined) throw new Error(`${action} is called; add what it needs to RESOURCES`);
      const context: Context =
        action === 'cloudwatch:PutMetricData' ? { 'cloudwatch:namespace': input['Namespace'] ?? '' } : {};
      return { action, resource, context };
    }),
  );
}

let calls: Call[];
beforeAll(async () => {
  calls = await callsOfRun();
});

test('the role of the weekly comparison allows every call that a run makes, in both regions', () => {
  expect(calls.length).toBeGreaterThan(50);
  expect(calls.filter(({ resource }) => resource.includes(':us-west-2:')).length).toBeGreaterThan(3);
  expect(calls.filter((call) => !isAllowed(policy, call))).toEqual([]);
});

test('it allows nothing that no run calls; the topic’s key only through SNS', () => {
  const called = new Set([...calls.map(({ action }) => action), 'kms:Decrypt', 'kms:GenerateDataKey']);
  const allowed = policy.Statement.flatMap(({ Action }) => Action).filter((action) => !action.startsWith('logs:'));
  expect([...new Set(allowed)].sort()).toEqual([...called].sort());
  const [key = ''] = [policy.Statement.find(({ Action }) => [Action].flat().includes('kms:Decrypt'))!.Resource].flat();
  const through = (service: string) => ({ 'kms:ViaService': `${service}.${HOME}.amazonaws.com` });
  for (const action of ['kms:Decrypt', 'kms:GenerateDataKey']) {
    expect(isAllowed(policy, { action, resource: key, context: through('sns') })).toBe(true);
    expect(isAllowed(policy, { action, resource: key, context: through('secretsmanager') })).toBe(false);
    expect(isAllowed(policy, { action, resource: key })).toBe(false);
  }
});

test('the same calls on another environment’s resources are refused, where IAM knows a resource with a name', () => {
  const others = calls
    .filter(({ resource }) => /production/.test(resource))
    .map((call) => ({ ...call, resource: call.resource.replace(/production/, 'staging') }));
  expect(new Set(others.map(({ action }) => action)).size).toBeGreaterThan(8);
  // The id of a plan is not known before it is made.
  const named = others.filter(({ resource }) => !resource.includes(':backup-plan:'));
  expect(named.filter((call) => isAllowed(policy, call))).toEqual([]);
});
