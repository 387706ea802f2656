import {
  paginateListBackupVaults,
  paginateListFrameworks,
  paginateListReportPlans,
  paginateListRestoreTestingPlans,
} from '@aws-sdk/client-backup';
import { paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import {
  paginateDescribeDBInstances,
  paginateDescribeDBParameterGroups,
  paginateDescribeDBProxies,
  paginateDescribeDBSubnetGroups,
} from '@aws-sdk/client-rds';
import { paginateListSecrets } from '@aws-sdk/client-secrets-manager';
import { paginateListTopics } from '@aws-sdk/client-sns';
import { paginateDescribeParameters, paginateListDocuments } from '@aws-sdk/client-ssm';
import { askAll } from '../account/ask';
import type { Services } from '../account/aws';

/** Resources of a type that may have a fixed name, of which a region has one at most. */
export interface NamedType {
  /** Such as `backup vaults`. */
  readonly plural: string;
  readonly type: string;
  /** Property of the template that has the name. */
  readonly property: string;
  /** The names that exist in the region; at least those among `wanted`. */
  readonly existing: (services: Services, wanted: readonly string[]) => Promise<(string | undefined)[]>;
  /** The command that frees a name, with `{name}` for the name. */
  readonly remove: string;
  /** What comes before it. */
  readonly before?: string;
}

const BACKUP: readonly NamedType[] = [
  {
    plural: 'backup vaults',
    type: 'AWS::Backup::BackupVault',
    property: 'BackupVaultName',
    existing: ({ backup: client }) =>
      askAll('backup:ListBackupVaults', paginateListBackupVaults({ client }, {}), ({ BackupVaultList }) =>
        BackupVaultList?.map((vault) => vault.BackupVaultName),
      ),
    remove: 'aws backup delete-backup-vault --backup-vault-name {name}',
    before: 'delete its recovery points',
  },
  {
    plural: 'restore testing plans',
    type: 'AWS::Backup::RestoreTestingPlan',
    property: 'RestoreTestingPlanName',
    existing: ({ backup: client }) =>
      askAll('backup:ListRestoreTestingPlans', paginateListRestoreTestingPlans({ client }, {}), (page) =>
        page.RestoreTestingPlans?.map((plan) => plan.RestoreTestingPlanName),
      ),
    remove: 'aws backup delete-restore-testing-plan --restore-testing-plan-name {name}',
  },
  {
    plural: 'backup frameworks',
    type: 'AWS::Backup::Framework',
    property: 'FrameworkName',
    existing: ({ backup: client }) =>
      askAll('backup:ListFrameworks', paginateListFrameworks({ client }, {}), ({ Frameworks }) =>
        Frameworks?.map((framework) => framework.FrameworkName),
      ),
    remove: 'aws backup delete-framework --framework-name {name}',
  },
  {
    plural: 'backup report plans',
    type: 'AWS::Backup::ReportPlan',
    property: 'ReportPlanName',
    existing: ({ backup: client }) =>
      askAll('backup:ListReportPlans', paginateListReportPlans({ client }, {}), ({ ReportPlans }) =>
        ReportPlans?.map((plan) => plan.ReportPlanName),
      ),
    remove: 'aws backup delete-report-plan --report-plan-name {name}',
  },
];

const RDS: readonly NamedType[] = [
  {
    plural: 'DB instances',
    type: 'AWS::RDS::DBInstance',
    property: 'DBInstanceIdentifier',
    existing: ({ rds: client }) =>
      askAll('rds:DescribeDBInstances', paginateDescribeDBInstances({ client }, {}), ({ DBInstances }) =>
        DBInstances?.map((instance) => instance.DBInstanceIdentifier),
      ),
    remove: 'aws rds delete-db-instance --db-instance-identifier {name}',
    before: 'see whether somebody needs its data',
  },
  {
    plural: 'RDS proxies',
    type: 'AWS::RDS::DBProxy',
    property: 'DBProxyName',
    existing: ({ rds: client }) =>
      askAll('rds:DescribeDBProxies', paginateDescribeDBProxies({ client }, {}), ({ DBProxies }) =>
        DBProxies?.map((proxy) => proxy.DBProxyName),
      ),
    remove: 'aws rds delete-db-proxy --db-proxy-name {name}',
  },
  {
    plural: 'DB subnet groups',
    type: 'AWS::RDS::DBSubnetGroup',
    property: 'DBSubnetGroupName',
    existing: ({ rds: client }) =>
      askAll('rds:DescribeDBSubnetGroups', paginateDescribeDBSubnetGroups({ client }, {}), ({ DBSubnetGroups }) =>
        DBSubnetGroups?.map((group) => group.DBSubnetGroupName),
      ),
    remove: 'aws rds delete-db-subnet-group --db-subnet-group-name {name}',
  },
  {
    plural: 'DB parameter groups',
    type: 'AWS::RDS::DBParameterGroup',
    property: 'DBParameterGroupName',
    existing: ({ rds: client }) =>
      askAll('rds:DescribeDBParameterGroups', paginateDescribeDBParameterGroups({ client }, {}), (page) =>
        page.DBParameterGroups?.map((group) => group.DBParameterGroupName),
      ),
    remove: 'aws rds delete-db-parameter-group --db-parameter-group-name {name}',
  },
];

const OTHERS: readonly NamedType[] = [
  {
    plural: 'secrets',
    type: 'AWS::SecretsManager::Secret',
    property: 'Name',
    existing: ({ secretsManager: client }, wanted) => {
      // The name of a deleted secret stays taken until its recovery window has passed.
      const input = { IncludePlannedDeletion: true, Filters: [{ Key: 'name' as const, Values: [...wanted] }] };
      return askAll('secretsmanager:ListSecrets', paginateListSecrets({ client }, input), ({ SecretList }) =>
        SecretList?.map((secret) => secret.Name),
      );
    },
    remove: 'aws secretsmanager delete-secret --force-delete-without-recovery --secret-id {name}',
  },
  {
    plural: 'SSM parameters',
    type: 'AWS::SSM::Parameter',
    property: 'Name',
    existing: ({ ssm: client }, wanted) => {
      const input = { ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values: [...wanted] }] };
      return askAll('ssm:DescribeParameters', paginateDescribeParameters({ client }, input), ({ Parameters }) =>
        Parameters?.map((parameter) => parameter.Name),
      );
    },
    remove: 'aws ssm delete-parameter --name {name}',
  },
  {
    plural: 'SSM documents',
    type: 'AWS::SSM::Document',
    property: 'Name',
    existing: ({ ssm: client }) => {
      const input = { Filters: [{ Key: 'Owner', Values: ['Self'] }] };
      return askAll('ssm:ListDocuments', paginateListDocuments({ client }, input), ({ DocumentIdentifiers }) =>
        DocumentIdentifiers?.map((document) => document.Name),
      );
    },
    remove: 'aws ssm delete-document --name {name}',
  },
  {
    plural: 'log groups',
    type: 'AWS::Logs::LogGroup',
    property: 'LogGroupName',
    existing: async ({ logs: client }, wanted) => {
      // By name: an account may have thousands.
      const found = await Promise.all(
        wanted.map((logGroupNamePrefix) =>
          askAll('logs:DescribeLogGroups', paginateDescribeLogGroups({ client }, { logGroupNamePrefix }), (page) =>
            page.logGroups?.map((group) => group.logGroupName),
          ),
        ),
      );
      return found.flat();
    },
    remove: 'aws logs delete-log-group --log-group-name {name}',
    before: 'see whether somebody needs its logs',
  },
  {
    plural: 'SNS topics',
    type: 'AWS::SNS::Topic',
    property: 'TopicName',
    existing: ({ sns: client }) =>
      askAll('sns:ListTopics', paginateListTopics({ client }, {}), ({ Topics }) =>
        Topics?.map((topic) => topic.TopicArn?.split(':').at(-1)),
      ),
    remove: 'aws sns delete-topic --topic-arn <ARN of {name}>',
  },
];

/** Every type of resource whose names the account can be asked for. */
export const NAMED_TYPES: readonly NamedType[] = [...BACKUP, ...RDS, ...OTHERS];
