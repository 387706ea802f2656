import type { BackupPlan } from '@aws-sdk/client-backup';
import type { SecurityGroupRule } from '@aws-sdk/client-ec2';
import { DeployedEnvironment, type ExpectedResource } from '../../lib/drift/deployed-environment';
import { UNKNOWN } from '../../lib/drift/matches';
import { templatesOf } from '../safe-change/states';
import { ACCOUNT, physicalId, type Region, stacks } from './account';

type Properties = Readonly<Record<string, unknown>>;

const templates = templatesOf('production');
const environment = new DeployedEnvironment(
  'production',
  ACCOUNT,
  stacks.map(({ name, region }) => ({
    name,
    region,
    status: 'CREATE_COMPLETE',
    protected: true,
    resources: Object.entries(templates[name]!.Resources!).map(([logicalId, resource]) => ({
      logicalId,
      type: resource.Type,
      physicalId: physicalId(name, logicalId, resource),
    })),
  })),
  templates,
);

/** What AWS fills in where a template leaves something to it. */
function filledIn<T>(value: T): T {
  return JSON.parse(JSON.stringify(value).replaceAll(UNKNOWN, 'made-by-aws')) as T;
}

/** The resources of a type as AWS has them right after the deployment. */
export function resources(type: string, region: string): ExpectedResource[] {
  return filledIn(environment.resources(type, region));
}

/** A region right after the deployment, in the shapes of the SDK, with the defaults that AWS adds. */
export function regionAsDeployed(region: string): Region {
  const named = <T>(type: string, value: (resource: ExpectedResource) => T): Record<string, T> =>
    Object.fromEntries(resources(type, region).map((each) => [each.name, value(each)]));
  return {
    alarms: ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'].flatMap((type) =>
      resources(type, region).map(({ name, properties }) => ({
        ...{ AlarmActions: [], OKActions: [], InsufficientDataActions: [], ActionsEnabled: true },
        ...properties,
        ...{ AlarmName: name, AlarmArn: `arn:aws:cloudwatch:${region}:${ACCOUNT}:alarm:${name}`, Tags: undefined },
        ...{ StateValue: 'OK', StateTransitionedTimestamp: new Date('2026-11-01T00:00:00Z') },
      })),
    ),
    dashboards: named('AWS::CloudWatch::Dashboard', ({ properties }) => String(properties['DashboardBody'] as string)),
    instances: resources('AWS::RDS::DBInstance', region).map(({ name, properties }) => ({
      ...properties,
      DBInstanceIdentifier: name,
      AllocatedStorage: 160,
      IAMDatabaseAuthenticationEnabled: true,
      DBParameterGroups: [
        { DBParameterGroupName: String(properties['DBParameterGroupName'] as string), ParameterApplyStatus: 'in-sync' },
      ],
      VpcSecurityGroups: (properties['VPCSecurityGroups'] as string[]).map((VpcSecurityGroupId) => ({
        ...{ VpcSecurityGroupId, Status: 'active' },
      })),
    })),
    parameters: named('AWS::RDS::DBParameterGroup', ({ properties }) =>
      Object.entries(properties['Parameters'] as Record<string, string>).map(([ParameterName, ParameterValue]) => ({
        ...{ ParameterName, ParameterValue, Source: 'user' },
      })),
    ),
    rules: rulesOf(region),
    plans: named('AWS::Backup::BackupPlan', ({ properties }) => planOf(properties['BackupPlan'] as Properties)),
    selections: named('AWS::Backup::BackupPlan', () => ['Selection']),
    vaults: named('AWS::Backup::BackupVault', ({ name, properties }) => ({
      BackupVaultName: name,
      ...(properties['LockConfiguration'] as Properties | undefined),
      Locked: properties['LockConfiguration'] !== undefined,
      policy: JSON.stringify(properties['AccessPolicy']),
    })),
    subscriptions: named('AWS::SNS::Topic', ({ name }) =>
      resources('AWS::SNS::Subscription', region)
        .filter(({ properties }) => properties['TopicArn'] === name)
        .map(({ properties }, index) => ({
          ...{ Protocol: String(properties['Protocol'] as string), Endpoint: String(properties['Endpoint'] as string) },
          ...{ TopicArn: name, SubscriptionArn: `${name}:${index}` },
        })),
    ),
  };
}

function planOf({ BackupPlanName, BackupPlanRule }: Properties): BackupPlan {
  return {
    BackupPlanName: BackupPlanName as string,
    Rules: (BackupPlanRule as Properties[]).map(({ TargetBackupVault, ...rule }) => ({
      ...rule,
      ...{ RuleId: 'made-by-aws', ScheduleExpressionTimezone: 'Etc/UTC' },
      TargetBackupVaultName: TargetBackupVault,
    })) as unknown as BackupPlan['Rules'],
  };
}

function rulesOf(region: string): SecurityGroupRule[] {
  const rule = (GroupId: unknown, IsEgress: boolean, each: Properties): SecurityGroupRule => {
    const peer = each['SourceSecurityGroupId'] ?? each['DestinationSecurityGroupId'];
    return {
      ...{ GroupId: GroupId as string, IsEgress, IpProtocol: each['IpProtocol'] as string },
      FromPort: (each['FromPort'] ?? -1) as number,
      ToPort: (each['ToPort'] ?? -1) as number,
      ...(each['CidrIp'] !== undefined && { CidrIpv4: each['CidrIp'] as string }),
      ...(peer !== undefined && { ReferencedGroupInfo: { GroupId: peer as string } }),
    };
  };
  const own = [
    ...resources('AWS::EC2::SecurityGroupIngress', region).map(({ properties }) =>
      rule(properties['GroupId'], false, properties),
    ),
    ...resources('AWS::EC2::SecurityGroupEgress', region).map(({ properties }) =>
      rule(properties['GroupId'], true, properties),
    ),
  ];
  const groups = resources('AWS::EC2::SecurityGroup', region);
  const inline = groups.flatMap(({ name, properties }) => [
    ...((properties['SecurityGroupIngress'] ?? []) as Properties[]).map((each) => rule(name, false, each)),
    ...((properties['SecurityGroupEgress'] ?? []) as Properties[]).map((each) => rule(name, true, each)),
  ]);
  return [...own, ...inline];
}
