import { DATA_KEY_USE, type Permission } from './permissions';

/** What an environment must have for a document to make sense. */
export type Need = 'backups' | 'replicas' | 'standby' | 'proxy' | 'no proxy' | 'drills';

/** One document of this folder and how it is deployed. */
export interface RecoveryDocument {
  /** Its file without `.yaml`. */
  readonly file: string;
  /** Its name in Systems Manager, behind `<environment>-`; for a replica with the replica's own behind it. */
  readonly name: string;
  readonly needs: readonly Need[];
  /** Whether there is one for each replica, whose facts it uses. Default: one. */
  readonly perReplica?: boolean;
  /** Alerts whose pages name it. */
  readonly alerts: readonly string[];
  /** What its role may do besides asking for the approval. Resources are ARNs in the same `${Name}` form as the documents. */
  readonly permissions: readonly Permission[];
}

const ONLY_THIS_ENVIRONMENT = { 'aws:ResourceTag/Environment': '${Environment}' };
const WHY_ALL = 'the operator names the server; it can be changed only where it carries the tag of this environment';
const WHY_RESTORED = 'the operator chooses how a restored server’s name ends';
const WHY_NO_RESOURCES = 'the operation knows no resources that could be named (Service Authorization Reference)';
/** RDS asks for all that an instance is made with. */
const SUBNET_GROUP = '${Rds}:subgrp:${SubnetGroup}';
const OPTION_GROUP = '${Rds}:og:default*';
const WHY_OPTION_GROUP = 'RDS names the default option group itself, and asks for it when it makes an instance';
const RESTORED = '${Rds}:db:${Environment}-restored*';
const REBUILT = '${Rds}:db:${Environment}-${Server}-new';
const PASS_MONITORING_ROLE: Permission = { actions: ['iam:PassRole'], resources: ['${MonitoringRole}'] };

const switchPermissions: readonly Permission[] = [
  { actions: ['rds:DescribeDBInstances'], resources: ['${Rds}:db:*'], why: WHY_ALL },
  { actions: ['secretsmanager:CancelRotateSecret'], resources: ['${MasterSecret}', '${ApplicationSecret}'] },
  {
    actions: ['rds:ModifyDBInstance'],
    resources: ['${Rds}:db:*'],
    conditions: { StringEquals: ONLY_THIS_ENVIRONMENT },
  },
  {
    actions: ['rds:AddTagsToResource'],
    resources: ['${Rds}:db:*'],
    conditions: { StringEquals: { ...ONLY_THIS_ENVIRONMENT, 'aws:RequestTag/${BackupTagKey}': '${BackupTagValue}' } },
  },
];

/** The documents that people recover with. */
export const RECOVERY_DOCUMENTS: readonly RecoveryDocument[] = [
  {
    file: 'promote-replica',
    name: 'promote',
    needs: ['replicas'],
    perReplica: true,
    alerts: ['PostgreSQLDown'],
    permissions: [
      { actions: ['rds:DescribeDBInstances', 'rds:PromoteReadReplica'], resources: ['${Rds}:db:${Replica}'] },
      { actions: ['cloudwatch:GetMetricData'], resources: ['*'], why: WHY_NO_RESOURCES },
    ],
  },
  {
    file: 'rebuild-replica',
    name: 'rebuild',
    needs: ['replicas'],
    perReplica: true,
    alerts: ['PostgreSQLReplicaBroken', 'PostgreSQLReplicationStopped', 'PostgreSQLReplicationLagCritical'],
    permissions: [
      {
        actions: ['rds:DescribeDBInstances'],
        resources: ['${Rds}:db:*'],
        why: 'a question by resource id, which outlives a change of name, is a question about all instances',
      },
      {
        actions: ['rds:CreateDBInstanceReadReplica'],
        resources: ['${Rds}:db:${Primary}', REBUILT, '${Rds}:pg:${ReplicaParameterGroup}', SUBNET_GROUP, OPTION_GROUP],
        why: WHY_OPTION_GROUP,
      },
      { actions: ['rds:AddTagsToResource'], resources: [REBUILT] },
      { actions: ['rds:ModifyDBInstance'], resources: ['${Rds}:db:${Replica}', REBUILT] },
      { actions: ['rds:DeleteDBInstance'], resources: ['${Rds}:db:${Replica}'] },
      PASS_MONITORING_ROLE,
      DATA_KEY_USE,
    ],
  },
  {
    file: 'restore-to-point-in-time',
    name: 'restore',
    needs: ['backups'],
    alerts: ['PostgreSQLDown'],
    permissions: [
      {
        actions: ['rds:DescribeDBInstances', 'rds:ModifyDBInstance', 'rds:RebootDBInstance', 'rds:AddTagsToResource'],
        resources: [RESTORED],
        why: WHY_RESTORED,
      },
      {
        actions: ['rds:RestoreDBInstanceToPointInTime'],
        resources: ['${Rds}:db:${Primary}', '${Rds}:pg:${PrimaryParameterGroup}', SUBNET_GROUP],
      },
      { actions: ['rds:RestoreDBInstanceToPointInTime'], resources: [OPTION_GROUP], why: WHY_OPTION_GROUP },
      {
        actions: ['rds:RestoreDBInstanceToPointInTime'],
        resources: ['${Rds}:auto-backup:*'],
        why: 'the backups of a deleted primary have an id that RDS gives them; they are chosen by the primary’s resource id',
      },
      { actions: ['rds:RestoreDBInstanceToPointInTime'], resources: [RESTORED] },
      PASS_MONITORING_ROLE,
      DATA_KEY_USE,
    ],
  },
  {
    file: 'recover-table',
    name: 'recover-table',
    needs: ['drills'],
    alerts: [],
    permissions: [
      { actions: ['states:StartExecution'], resources: ['${StateMachine}'] },
      {
        actions: ['states:DescribeExecution'],
        resources: ['${Executions}:recover-table-*'],
        why: 'the name of an execution ends with the id of the document’s run',
      },
    ],
  },
  {
    file: 'switch-over',
    name: 'switch-over',
    needs: ['backups', 'proxy'],
    alerts: ['PostgreSQLDown'],
    permissions: [
      ...switchPermissions,
      {
        actions: ['rds:DescribeDBProxyTargets', 'rds:DeregisterDBProxyTargets', 'rds:RegisterDBProxyTargets'],
        resources: ['${TargetGroup}', '${ProxyArn}'],
      },
      // Registering asks for the instance as well, deregistering may (Service Authorization Reference, "Amazon RDS").
      { actions: ['rds:DeregisterDBProxyTargets', 'rds:RegisterDBProxyTargets'], resources: ['${Rds}:db:*'] },
      { actions: ['ssm:PutParameter'], resources: ['${Parameters}${PrimaryParameter}'] },
    ],
  },
  {
    file: 'switch-over-addresses',
    name: 'switch-over',
    needs: ['backups', 'no proxy'],
    alerts: ['PostgreSQLDown'],
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
    alerts: ['PostgreSQLFailover'],
    permissions: [
      { actions: ['rds:DescribeDBInstances', 'rds:RebootDBInstance'], resources: ['${Rds}:db:${Primary}'] },
      { actions: ['rds:DescribeEvents'], resources: ['*'], why: WHY_NO_RESOURCES },
    ],
  },
];
