import { createHash } from 'node:crypto';
import {
  BackupClient,
  type BackupPlan,
  DescribeBackupVaultCommand,
  type DescribeBackupVaultCommandOutput,
  GetBackupPlanCommand,
  GetBackupVaultAccessPolicyCommand,
  ListBackupSelectionsCommand,
} from '@aws-sdk/client-backup';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import {
  CloudWatchClient,
  type CompositeAlarm,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { DescribeSecurityGroupRulesCommand, EC2Client, type SecurityGroupRule } from '@aws-sdk/client-ec2';
import {
  type DBInstance,
  DescribeDBInstancesCommand,
  DescribeDBParametersCommand,
  type Parameter,
  RDSClient,
} from '@aws-sdk/client-rds';
import { ListSubscriptionsByTopicCommand, SNSClient, type Subscription } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { connect } from '../../lib/account/aws';
import type { AssemblyStack, Template } from '../../lib/assembly/environment-assembly';
import { type Drift, drift } from '../../lib/drift/drift';
import { templatesOf } from '../safe-change/states';

/** An account id of AWS's documentation. */
export const ACCOUNT = '111122223333';
export const NOW = new Date('2026-11-26T12:00:00Z');

/** What a region of the account has, by names. Tests change it in place. */
export interface Region {
  alarms: (MetricAlarm & CompositeAlarm)[];
  dashboards: Record<string, string>;
  instances: DBInstance[];
  parameters: Record<string, Parameter[]>;
  rules: SecurityGroupRule[];
  plans: Record<string, BackupPlan>;
  selections: Record<string, string[]>;
  vaults: Record<string, Partial<DescribeBackupVaultCommandOutput> & { policy?: string }>;
  subscriptions: Record<string, Subscription[]>;
}

const templates = templatesOf('production');

/** The stacks of production. */
export const stacks: readonly AssemblyStack[] = Object.keys(templates).map((name) => ({
  name,
  region: /Recovery/.test(name) ? 'us-west-2' : 'us-east-1',
}));

/** A name as AWS would give it. */
export function physicalId(
  stack: string,
  logicalId: string,
  { Type, Properties = {} }: NonNullable<Template['Resources']>[string],
): string {
  const region = stacks.find(({ name }) => name === stack)?.region ?? '';
  const hash = createHash('sha256').update(`${stack}/${logicalId}`).digest('hex').slice(0, 17);
  if (Type === 'AWS::SNS::Topic') return `arn:aws:sns:${region}:${ACCOUNT}:${stack}-${logicalId}`;
  if (Type === 'AWS::EC2::SecurityGroup') return `sg-${hash}`;
  const named = Properties['AlarmName'] ?? Properties['DashboardName'] ?? Properties['BackupVaultName'];
  return typeof named === 'string' ? named : `${stack}-${logicalId}`.toLowerCase();
}

export const cloudFormation = mockClient(CloudFormationClient);
export const cloudWatch = mockClient(CloudWatchClient);
export const rds = mockClient(RDSClient);
export const ec2 = mockClient(EC2Client);
export const backup = mockClient(BackupClient);
export const sns = mockClient(SNSClient);
export const sts = mockClient(STSClient);

const absent = () => Object.assign(new Error('not found'), { name: 'ResourceNotFoundException' });

/** The client that a fake is called on. */
type GetClient = () => { config: { region: () => Promise<string> } };

/** Lets the mocked services answer from the regions. */
export function serve(regions: Readonly<Record<string, Region>>): void {
  for (const service of [cloudFormation, cloudWatch, rds, ec2, backup, sns, sts]) service.reset();
  const answer =
    <Input, Output>(pick: (region: Region, input: Input) => Output) =>
    async (input: Input, getClient: GetClient): Promise<Output> =>
      pick(regions[await getClient().config.region()]!, input);
  const orAbsent = <T>(value: T | undefined): T => {
    if (value === undefined) throw absent();
    return value;
  };

  serveStacks();
  cloudWatch.on(DescribeAlarmsCommand).callsFake(
    answer(({ alarms }, { AlarmNamePrefix = '' }: { AlarmNamePrefix?: string }) => ({
      MetricAlarms: alarms.filter(({ AlarmName, AlarmRule }) => AlarmName?.startsWith(AlarmNamePrefix) && !AlarmRule),
      CompositeAlarms: alarms.filter(({ AlarmName, AlarmRule }) => AlarmName?.startsWith(AlarmNamePrefix) && AlarmRule),
    })),
  );
  cloudWatch.on(GetDashboardCommand).callsFake(
    answer(({ dashboards }, { DashboardName }: { DashboardName: string }) => ({
      DashboardBody: orAbsent(dashboards[DashboardName]),
    })),
  );
  rds.on(DescribeDBInstancesCommand).callsFake(
    answer(({ instances }, { DBInstanceIdentifier = '' }: { DBInstanceIdentifier?: string }) => ({
      DBInstances: instanceNamed(instances, DBInstanceIdentifier.toLowerCase()),
    })),
  );
  rds.on(DescribeDBParametersCommand).callsFake(
    answer(({ parameters }, { DBParameterGroupName }: { DBParameterGroupName: string }) => ({
      Parameters: parameters[DBParameterGroupName],
    })),
  );
  ec2.on(DescribeSecurityGroupRulesCommand).callsFake(answer(({ rules }) => ({ SecurityGroupRules: rules })));
  backup.on(GetBackupPlanCommand).callsFake(
    answer(({ plans }, { BackupPlanId }: { BackupPlanId: string }) => ({
      BackupPlan: orAbsent(plans[BackupPlanId]),
    })),
  );
  backup.on(ListBackupSelectionsCommand).callsFake(
    answer(({ selections }, { BackupPlanId }: { BackupPlanId: string }) => ({
      BackupSelectionsList: selections[BackupPlanId]?.map((SelectionName) => ({ SelectionName })),
    })),
  );
  backup
    .on(DescribeBackupVaultCommand)
    .callsFake(
      answer(({ vaults }, { BackupVaultName }: { BackupVaultName: string }) => orAbsent(vaults[BackupVaultName])),
    );
  backup.on(GetBackupVaultAccessPolicyCommand).callsFake(
    answer(({ vaults }, { BackupVaultName }: { BackupVaultName: string }) => ({
      Policy: orAbsent(vaults[BackupVaultName]?.policy),
    })),
  );
  sns
    .on(ListSubscriptionsByTopicCommand)
    .callsFake(
      answer(({ subscriptions }, { TopicArn }: { TopicArn: string }) => ({ Subscriptions: subscriptions[TopicArn] })),
    );
}

function instanceNamed(instances: readonly DBInstance[], name: string): DBInstance[] {
  const found = instances.filter(({ DBInstanceIdentifier }) => DBInstanceIdentifier === name);
  if (found.length === 0) throw Object.assign(new Error('not found'), { name: 'DBInstanceNotFoundFault' });
  return found;
}

function serveStacks(): void {
  sts.on(GetCallerIdentityCommand).resolves({ Account: ACCOUNT });
  for (const { name: StackName } of stacks) {
    const template = templates[StackName]!;
    const date = new Date(0);
    cloudFormation.on(DescribeStacksCommand, { StackName }).resolves({
      Stacks: [{ StackName, CreationTime: date, StackStatus: 'CREATE_COMPLETE' }],
    });
    cloudFormation.on(GetTemplateCommand, { StackName }).resolves({ TemplateBody: JSON.stringify(template) });
    cloudFormation.on(ListStackResourcesCommand, { StackName }).resolves({
      StackResourceSummaries: Object.entries(template.Resources!).map(
        ([LogicalResourceId, resource]): StackResourceSummary => ({
          ...{ LogicalResourceId, ResourceType: resource.Type, LastUpdatedTimestamp: date },
          ...{
            PhysicalResourceId: physicalId(StackName, LogicalResourceId, resource),
            ResourceStatus: 'CREATE_COMPLETE',
          },
        }),
      ),
    });
  }
}

/** Compares production with the mocked account. */
export function run(now = NOW): Promise<Drift> {
  return drift({ config: { name: 'production', region: 'us-east-1' }, aws: connect(), stacks, now });
}
