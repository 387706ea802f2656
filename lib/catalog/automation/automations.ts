import { DATA_KEY_USE, type Permission } from './permissions';

/** What an environment must have for a document to make sense. */
export type Need = 'backups' | 'replicas' | 'standby' | 'proxy' | 'no proxy' | 'drill';

/** One document of this folder and how it is deployed. */
export interface Automation {
  /** Its file without `.yaml`. */
  readonly file: string;
  /** Its name in Systems Manager, behind `<environment>-`; for a replica with the replica's own behind it. */
  readonly name: string;
  readonly needs: readonly Need[];
  /** Whether there is one for each replica, whose facts it uses. Default: one. */
  readonly perReplica?: boolean;
  /** What its role may do besides asking for the approval. Resources are ARNs in the same `${Name}` form as the documents. */
  readonly permissions: readonly Permission[];
}

const ONLY_THIS_ENVIRONMENT = { StringEquals: { 'aws:ResourceTag/Environment': '${Environment}' } };
/** RDS asks for the groups that an instance is made with, the default option group among them. */
const PARTS_OF_AN_INSTANCE = ['${Rds}:og:default*', '${Rds}:subgrp:${SubnetGroup}'];
const PASS_MONITORING_ROLE: Permission = { actions: ['iam:PassRole'], resources: ['${MonitoringRole}'] };

const switchPermissions: readonly Permission[] = [
  { actions: ['rds:DescribeDBInstances'], resources: ['${Rds}:db:*'] },
  { actions: ['secretsmanager:CancelRotateSecret'], resources: ['${MasterSecret}', '${ApplicationSecret}'] },
  { actions: ['rds:ModifyDBInstance'], resources: ['${Rds}:db:*'], conditions: ONLY_THIS_ENVIRONMENT },
  {
    actions: ['rds:AddTagsToResource'],
    resources: ['${Rds}:db:*'],
    conditions: { StringEquals: { ...ONLY_THIS_ENVIRONMENT.StringEquals, 'aws:RequestTag/${BackupTagKey}': '${BackupTagValue}' } }, // prettier-ignore
  },
];

/** The documents that people recover with. */
export const AUTOMATIONS: readonly Automation[] = [
  {
    file: 'promote-replica',
    name: 'promote',
    needs: ['replicas'],
    perReplica: true,
    permissions: [
      { actions: ['rds:DescribeDBInstances', 'rds:PromoteReadReplica'], resources: ['${Rds}:db:${Replica}'] },
      {
        actions: ['cloudwatch:DescribeAlarms'],
        resources: ['PostgreSQLMetricsMissing', 'PostgreSQLDown-primary'].map((name) => `\${Alarms}:\${Environment}-${name}`), // prettier-ignore
      },
      // Knows no resources (Service Authorization Reference, "Amazon CloudWatch").
      { actions: ['cloudwatch:GetMetricData'], resources: ['*'] },
    ],
  },
  {
    file: 'rebuild-replica',
    name: 'rebuild',
    needs: ['replicas'],
    perReplica: true,
    permissions: [
      // A question with filters is a question about all instances.
      { actions: ['rds:DescribeDBInstances'], resources: ['${Rds}:db:*'] },
      {
        actions: ['rds:CreateDBInstanceReadReplica'],
        resources: ['${Rds}:db:${Primary}', '${Rds}:db:${Environment}-${Server}-new', '${Rds}:pg:${ReplicaParameterGroup}', ...PARTS_OF_AN_INSTANCE], // prettier-ignore
      },
      { actions: ['rds:AddTagsToResource'], resources: ['${Rds}:db:${Environment}-${Server}-new'] },
      {
        actions: ['rds:ModifyDBInstance'],
        resources: ['${Rds}:db:${Replica}', '${Rds}:db:${Environment}-${Server}-new'],
      },
      { actions: ['rds:DeleteDBInstance'], resources: ['${Rds}:db:${Replica}'] },
      PASS_MONITORING_ROLE,
      DATA_KEY_USE,
    ],
  },
  {
    file: 'restore-to-point-in-time',
    name: 'restore',
    needs: ['backups'],
    permissions: [
      {
        actions: ['rds:DescribeDBInstances', 'rds:ModifyDBInstance', 'rds:RebootDBInstance', 'rds:AddTagsToResource'],
        resources: ['${Rds}:db:${Environment}-restored*'],
      },
      {
        actions: ['rds:RestoreDBInstanceToPointInTime'],
        resources: ['${Rds}:db:${Primary}', '${Rds}:db:${Environment}-restored*', '${Rds}:auto-backup:*', '${Rds}:pg:${PrimaryParameterGroup}', ...PARTS_OF_AN_INSTANCE], // prettier-ignore
      },
      PASS_MONITORING_ROLE,
      DATA_KEY_USE,
    ],
  },
  {
    file: 'recover-table',
    name: 'recover-table',
    needs: ['drill'],
    permissions: [
      { actions: ['states:StartExecution'], resources: ['${StateMachine}'] },
      { actions: ['states:DescribeExecution'], resources: ['${Executions}:recover-table-*'] },
    ],
  },
  {
    file: 'switch-over',
    name: 'switch-over',
    needs: ['backups', 'proxy'],
    permissions: [
      ...switchPermissions,
      { actions: ['rds:DescribeDBProxyTargets'], resources: ['${TargetGroup}', '${ProxyArn}'] },
      // Registering asks for the instance as well, deregistering may (Service Authorization Reference, "Amazon RDS").
      {
        actions: ['rds:DeregisterDBProxyTargets', 'rds:RegisterDBProxyTargets'],
        resources: ['${TargetGroup}', '${ProxyArn}', '${Rds}:db:*'],
      },
      { actions: ['ssm:PutParameter'], resources: ['${Parameters}${PrimaryParameter}'] },
    ],
  },
  {
    file: 'switch-over-addresses',
    name: 'switch-over',
    needs: ['backups', 'no proxy'],
    permissions: [
      ...switchPermissions,
      {
        actions: ['ssm:PutParameter'],
        resources: ['${Parameters}${WriterParameter}', '${Parameters}${PrimaryParameter}'],
      },
    ],
  },
  {
    file: 'force-failover',
    name: 'force-failover',
    needs: ['standby'],
    permissions: [
      { actions: ['rds:DescribeDBInstances', 'rds:RebootDBInstance'], resources: ['${Rds}:db:${Primary}'] },
      // Knows no resources but event subscriptions (Service Authorization Reference, "Amazon RDS").
      { actions: ['rds:DescribeEvents'], resources: ['*'] },
    ],
  },
];
