import {
  BackupClient,
  DescribeRegionSettingsCommand,
  ListBackupVaultsCommand,
  ListFrameworksCommand,
  ListReportPlansCommand,
  ListRestoreTestingPlansCommand,
} from '@aws-sdk/client-backup';
import {
  CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
} from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeAddressesCommand,
  DescribeAvailabilityZonesCommand,
  DescribeRegionsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  DescribeAccountAttributesCommand,
  DescribeDBEngineVersionsCommand,
  DescribeDBProxiesCommand,
  DescribeOrderableDBInstanceOptionsCommand,
  type OrderableDBInstanceOption,
  RDSClient,
} from '@aws-sdk/client-rds';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { ListSubscriptionsByTopicCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { DescribeParametersCommand, GetParameterCommand, ListDocumentsCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { production } from '../../lib/config/production';
import type { EnvironmentInput } from '../../lib/config/schema/environment';

/** An account id of AWS's documentation. */
export const ACCOUNT = '111122223333';

/** The clients of every service that is asked. A test changes single answers of `goodAccount`. */
export const backup = mockClient(BackupClient);
export const cloudFormation = mockClient(CloudFormationClient);
export const cloudTrail = mockClient(CloudTrailClient);
export const ec2 = mockClient(EC2Client);
export const iam = mockClient(IAMClient);
export const logs = mockClient(CloudWatchLogsClient);
export const rds = mockClient(RDSClient);
export const secretsManager = mockClient(SecretsManagerClient);
export const serviceQuotas = mockClient(ServiceQuotasClient);
export const sns = mockClient(SNSClient);
export const ssm = mockClient(SSMClient);
export const sts = mockClient(STSClient);

/** All of them, by the prefix of their IAM actions. */
export const SERVICES = {
  backup,
  cloudformation: cloudFormation,
  cloudtrail: cloudTrail,
  ec2,
  iam,
  logs,
  rds,
  secretsmanager: secretsManager,
  servicequotas: serviceQuotas,
  sns,
  ssm,
  sts,
};

/** A configuration of production in which nothing is left to fill in, and every channel and the audit are on. */
export const COMPLETE: Partial<EnvironmentInput> = {
  accountId: ACCOUNT,
  backups: { ...production.backups, audit: true },
  notifications: {
    emails: ['oncall@salons.dev'],
    pagerDuty: { integrationKeySecretName: 'pagerduty/key' },
    slack: { workspaceId: 'T0123ABCD', channelId: 'C0123ABCD' },
    contacts: [{ role: 'Primary DBA', name: 'Ada Todorova', reach: '+49 30 1234567' }],
  },
};

/** The integration key in the secret; no report may contain it. */
export const KEY = '0123456789abcdef0123456789abcdef';

const ZONE_IDS: Readonly<Record<string, string>> = {
  a: 'use1-az6',
  b: 'use1-az1',
  c: 'use1-az2',
  d: 'use1-az4',
  e: 'use1-az3',
  f: 'use1-az5',
};

/** What RDS offers of a class in the zones of us-east-1 by letter. */
export function offer(change: Partial<OrderableDBInstanceOption> = {}, letters = 'abcdef'): OrderableDBInstanceOption {
  return {
    Engine: 'postgres',
    DBInstanceClass: 'db.r6g.xlarge',
    StorageType: 'gp3',
    MultiAZCapable: true,
    ReadReplicaCapable: true,
    AvailabilityZones: [...letters].map((letter) => ({ Name: `us-east-1${letter}` })),
    ...change,
  };
}

/** CloudFormation's answer about a stack that does not exist. */
const NO_STACK = new CloudFormationServiceException({
  name: 'ValidationError',
  message: 'Stack with id production-Network does not exist',
  $fault: 'client',
  $metadata: { httpStatusCode: 400 },
});

/** A fresh account, bootstrapped, with everything that a deployment needs. */
export function goodAccount(): void {
  for (const service of Object.values(SERVICES)) service.reset();
  sts
    .on(GetCallerIdentityCommand)
    .resolves({ Account: ACCOUNT, Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Admin/ada` });
  goodNetwork();
  goodServers();
  goodServices();
}

function goodNetwork(): void {
  const regions = ['us-east-1', 'us-west-2', 'eu-central-1'].map((RegionName) => ({
    RegionName,
    OptInStatus: 'opt-in-not-required',
  }));
  ec2
    .on(DescribeRegionsCommand)
    .resolves({ Regions: [...regions, { RegionName: 'eu-south-1', OptInStatus: 'not-opted-in' }] });
  ec2.on(DescribeAvailabilityZonesCommand).resolves({
    AvailabilityZones: Object.entries(ZONE_IDS).map(([letter, ZoneId]) => ({
      ZoneName: `us-east-1${letter}`,
      ZoneId,
      State: 'available',
      OptInStatus: 'opt-in-not-required',
      ZoneType: 'availability-zone',
    })),
  });
  ec2.on(DescribeVpcsCommand).resolves({ Vpcs: [{ VpcId: 'vpc-0123456789abcdef0', IsDefault: true }] });
  ec2.on(DescribeVpcEndpointsCommand).resolves({ VpcEndpoints: [] });
  ec2.on(DescribeAddressesCommand).resolves({ Addresses: [] });
}

function goodServers(): void {
  rds.on(DescribeDBEngineVersionsCommand).resolves({
    DBEngineVersions: Array.from({ length: 20 }, (_, minor) => ({
      Engine: 'postgres',
      EngineVersion: `15.${minor + 7}`,
      Status: 'available',
    })),
  });
  rds
    .on(DescribeOrderableDBInstanceOptionsCommand)
    .resolves({ OrderableDBInstanceOptions: [offer({ StorageType: 'io1' }), offer()] });
  rds.on(DescribeAccountAttributesCommand).resolves({
    AccountQuotas: [
      { AccountQuotaName: 'DBInstances', Used: 0, Max: 40 },
      { AccountQuotaName: 'AllocatedStorage', Used: 0, Max: 100_000 },
      { AccountQuotaName: 'DBParameterGroups', Used: 0, Max: 50 },
      { AccountQuotaName: 'DBSubnetGroups', Used: 0, Max: 50 },
    ],
  });
  rds.on(DescribeDBProxiesCommand).resolves({ DBProxies: [] });
  serviceQuotas.on(GetServiceQuotaCommand).resolves({ Quota: { Value: 20 } });
}

function goodServices(): void {
  cloudFormation.on(DescribeStacksCommand).rejects(NO_STACK);
  cloudFormation.on(DescribeStacksCommand, { StackName: 'CDKToolkit' }).resolves({
    Stacks: [{ StackName: 'CDKToolkit', CreationTime: new Date(0), StackStatus: 'CREATE_COMPLETE' }],
  });
  ssm.on(GetParameterCommand).resolves({ Parameter: { Name: '/cdk-bootstrap/hnb659fds/version', Value: '30' } });
  ssm.on(DescribeParametersCommand).resolves({ Parameters: [] });
  ssm.on(ListDocumentsCommand).resolves({ DocumentIdentifiers: [] });
  backup.on(DescribeRegionSettingsCommand).resolves({ ResourceTypeOptInPreference: { RDS: true, EBS: true } });
  backup.on(ListBackupVaultsCommand).resolves({ BackupVaultList: [{ BackupVaultName: 'Default' }] });
  backup.on(ListRestoreTestingPlansCommand).resolves({ RestoreTestingPlans: [] });
  backup.on(ListFrameworksCommand).resolves({ Frameworks: [] });
  backup.on(ListReportPlansCommand).resolves({ ReportPlans: [] });
  const TrailARN = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/management`;
  cloudTrail
    .on(DescribeTrailsCommand)
    .resolves({ trailList: [{ Name: 'management', TrailARN, IsMultiRegionTrail: true, HomeRegion: 'us-east-1' }] });
  cloudTrail.on(GetTrailStatusCommand).resolves({ IsLogging: true });
  cloudTrail
    .on(GetEventSelectorsCommand)
    .resolves({ TrailARN, EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'All' }] });
  secretsManager.on(GetSecretValueCommand).resolves({ Name: 'pagerduty/key', SecretString: KEY });
  iam.on(GetRoleCommand).callsFake(({ RoleName }: { RoleName: string }) => ({ Role: { RoleName } }));
  logs.on(DescribeLogGroupsCommand).resolves({ logGroups: [] });
  sns.on(ListTopicsCommand).resolves({ Topics: [] });
  sns.on(ListSubscriptionsByTopicCommand).resolves({ Subscriptions: [] });
}
