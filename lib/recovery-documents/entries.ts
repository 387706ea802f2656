import { DATA_KEY_USE, type Permission } from './permissions';

/** What an environment must have for a document to make sense. */
export type Need = 'backups' | 'replicas' | 'standby' | 'proxy' | 'no proxy' | 'drills';

/** The entry of a recovery document: how its file in the folder `documents` is deployed. */
export interface RecoveryDocument {
  /** Name of its file without `.yaml`. */
  readonly file: string;
  /** Its name in Systems Manager is `<environment>-<name>`, with `perReplica` followed by `-replica-1` and so on. */
  readonly name: string;
  /** An environment that does not have all of these does not get the document. */
  readonly needs: readonly Need[];
  /** Whether there is one for each replica, with the placeholders of that replica. Default: one for the environment. */
  readonly perReplica?: boolean;
  /** Alerts of alerts.yml that it helps with: their runbook pages name it. */
  readonly alerts: readonly string[];
  /** What its role may do, in addition to asking for approval and reading the alarms that its steps name. */
  readonly permissions: readonly Permission[];
}

const ONLY_THIS_ENVIRONMENT = { 'aws:ResourceTag/Environment': '${Environment}' };
/** To create an instance, RDS also checks permissions on its subnet group and its option group, the default one of PostgreSQL 15. */
const SUBNET_GROUP = '${Rds}:subgrp:${SubnetGroup}';
const OPTION_GROUP = '${Rds}:og:default:postgres-15';
const RESTORED = '${Rds}:db:${Environment}-restored*';
const REBUILT = '${Rds}:db:${Environment}-${Server}-new';
const PASS_MONITORING_ROLE: Permission = { actions: ['iam:PassRole'], resources: ['${MonitoringRole}'] };

const switchPermissions: readonly Permission[] = [
  { actions: ['rds:DescribeDBInstances'], resources: ['${Rds}:db:*'] },
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

/** All recovery documents. */
export const RECOVERY_DOCUMENTS: readonly RecoveryDocument[] = [
  {
    file: 'promote-replica',
    name: 'promote',
    needs: ['replicas'],
    perReplica: true,
    alerts: ['PostgreSQLDown'],
    permissions: [
      { actions: ['rds:DescribeDBInstances', 'rds:PromoteReadReplica'], resources: ['${Rds}:db:${Replica}'] },
      { actions: ['cloudwatch:GetMetricData'], resources: ['*'] },
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
        // By the replica's resource id, because its identifier changes: such a request covers all servers.
        actions: ['rds:DescribeDBInstances'],
        resources: ['${Rds}:db:*'],
      },
      {
        actions: ['rds:CreateDBInstanceReadReplica'],
        resources: ['${Rds}:db:${Primary}', REBUILT, '${Rds}:pg:${ReplicaParameterGroup}', SUBNET_GROUP, OPTION_GROUP],
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
      },
      {
        actions: ['rds:RestoreDBInstanceToPointInTime'],
        resources: ['${Rds}:db:${Primary}', '${Rds}:pg:${PrimaryParameterGroup}', SUBNET_GROUP],
      },
      { actions: ['rds:RestoreDBInstanceToPointInTime'], resources: [OPTION_GROUP] },
      {
        // The backups of a deleted primary: RDS chooses their id, and the document finds them by the primary's resource id.
        actions: ['rds:RestoreDBInstanceToPointInTime'],
        resources: ['${Rds}:auto-backup:*'],
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
      { actions: ['states:StartExecution'], resources: ['${RecoveryMachine}'] },
      {
        actions: ['states:DescribeExecution', 'states:StopExecution'],
        resources: ['${Executions}:recover-table-*'],
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
      // Registering needs permission on the instance as well; deregistering may (Service Authorization Reference, "Amazon RDS").
      {
        actions: ['rds:RegisterDBProxyTargets'],
        resources: ['${Rds}:db:*'],
        conditions: { StringEquals: ONLY_THIS_ENVIRONMENT },
      },
      // Without a condition: a server that is gone has no tags, and must leave the proxy all the same.
      { actions: ['rds:DeregisterDBProxyTargets'], resources: ['${Rds}:db:*'] },
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
      { actions: ['rds:DescribeEvents'], resources: ['*'] },
    ],
  },
];
