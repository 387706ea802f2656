import * as environments from '../../lib/config/environments';
import { IRREVERSIBLE } from '../../lib/config/schema/backups';
import type { EnvironmentInput } from '../../lib/config/schema/environment';

/** A reason for what a variant switches off. */
const reason = 'the review tries this environment without it';
const off = { enabled: false as const, reason };

const backups: EnvironmentInput['backups'] = {
  dailyDays: 14,
  weeklyDays: 60,
  monthlyDays: 730,
  hourlyDays: 2,
  vaultLock: {
    mode: 'compliance',
    minimumDays: 2,
    maximumDays: 1000,
    changeableForDays: 30,
    acknowledged: IRREVERSIBLE,
  },
  recoveryRegion: 'eu-central-1',
  recoveryAccountVaultArn: 'arn:aws:backup:eu-west-1:210987654321:backup-vault:copies',
  crossRegionPointInTime: { retentionDays: 10 },
  audit: true,
  restoreTesting: { instanceClass: 'r6g.large' },
};

const notifications: EnvironmentInput['notifications'] = {
  emails: ['dba@whatsapp-saas.internal', 'ops@whatsapp-saas.internal'],
  pagerDuty: { integrationKeySecretName: 'pager-duty/database' },
  slack: { workspaceId: 'T0123ABCD', channelId: 'C0123ABCD' },
  // As long as they may be: descriptions of alarms repeat them.
  runbookBaseUrl: `https://runbooks.whatsapp-saas.internal/${'x'.repeat(60)}`,
  contacts: [{ role: 'DBA '.repeat(25), name: 'Ada '.repeat(25), reach: '+1 555 0100 '.repeat(8) }],
  escalation: ['call Ada'],
};

const tags = { Team: 'database', 'cost-center': '4711 / Salons', Purpose: 'x'.repeat(128) };
const budget = { monthlyUsd: 5000, anomalyUsd: 250 };
const proxy = {
  maxConnectionsPercent: 80,
  maxIdleConnectionsPercent: 20,
  borrowTimeoutSeconds: 30,
  idleClientTimeoutSeconds: 600,
};
const drills: EnvironmentInput['drills'] = { instanceClass: 'm7g.large', table: 'messages', restoreTimeoutMinutes: 90 };
const recovery = { approvers: ['ada', 'arn:aws:iam::123456789012:role/Approver'], approvals: 2 };

const alerts: EnvironmentInput['alerts'] = {
  overrides: {
    PostgreSQLCpuHigh: { threshold: 70, for: '10m', severity: 'critical' },
    PostgreSQLTableBloat: { threshold: 0.5 },
    AICostSpike: { enabled: off },
  },
};

const allowedChanges: EnvironmentInput['allowedChanges'] = [
  { resource: 'production-Database/DatabaseReplica1', changes: ['deletion'], reason, until: '2026-12-31' },
];

const cache: EnvironmentInput['cache'] = {
  nodeType: 't4g.medium',
  nodes: 2,
  engineVersion: '8.1',
  whenFull: 'noeviction',
  snapshotDays: 3,
  maintenanceWindow: 'Thu:02:00-thu:03:00',
  slowLog: { reason, slowerThanMs: 50 },
};

/** Almost everything that can be switched on or moved, in another region. */
const everything = (environment: EnvironmentInput): EnvironmentInput => ({
  ...environment,
  accountId: '123456789012',
  ownAccount: true,
  permissionsBoundary: 'arn:aws:iam::123456789012:policy/teams/boundary',
  region: 'eu-west-1',
  network: {
    kind: 'create',
    cidr: '172.20.0.0/20',
    availabilityZones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
    publicSubnets: true,
    natGateways: 2,
    endpointZones: 3,
  },
  database: {
    ...environment.database,
    engineVersion: '15.16',
    instanceClass: 'm7g.xlarge',
    allocatedStorageGiB: 1000,
    maxAllocatedStorageGiB: 2000,
    iops: 16000,
    throughputMiBps: 2000,
    databaseName: 'salons',
    maxConnections: 700,
    backupRetentionDays: 14,
    maintenanceWindow: 'Wed:23:30-Thu:00:30',
    databaseInsights: 'advanced',
    enhancedMonitoringSeconds: 15,
    diagnosticLog: { reason, slowStatementsMs: 500, slowPlansMs: 1000, errors: true },
    extendedSupport: true,
  },
  backups,
  replicas: [
    {
      availabilityZone: 'eu-west-1c',
      instanceClass: 'm7g.2xlarge',
      maxAllocatedStorageGiB: 3000,
      engineVersion: '15.17',
    },
    { availabilityZone: 'eu-west-1a' },
  ],
  proxy,
  cache,
  import: { sourceCidrs: ['203.0.113.7/32', '10.9.8.0/24'], sourcePort: 5433 },
  drills,
  secretRotationDays: 7,
  logRetentionDays: 731,
  dns: { zoneName: 'database.whatsapp-saas.internal' },
  notifications,
  budget,
  recovery,
  access: { people: ['arn:aws:iam::123456789012:user/ada', 'arn:aws:iam::123456789012:role/Engineers'] },
  delivery: { repository: 'octo-org@1/salons@2', branch: 'release/next', createProvider: false },
  alerts,
  allowedChanges,
  tags,
});

/** As little as possible, in a network that exists. */
const little = (environment: EnvironmentInput): EnvironmentInput => {
  const file = { ...environment };
  delete file.proxy;
  delete file.cache;
  return {
    ...file,
    accountId: '123456789012',
    permissionsBoundary: 'boundary',
    recovery: {
      approverPrincipals: ['arn:aws:iam::123456789012:user/ada'],
      operatorPrincipals: ['arn:aws:iam::123456789012:role/ops'],
      mfa: off,
    },
    network: {
      kind: 'import',
      vpcId: 'vpc-0123456789abcdef0',
      cidr: '10.9.0.0/20',
      availabilityZones: ['us-east-1b', 'us-east-1d'],
      applicationSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
      databaseSubnetIds: ['subnet-0123456789abcdef2', 'subnet-0123456789abcdef3'],
      endpointZones: 0,
    },
    database: {
      ...environment.database,
      instanceClass: 't4g.small',
      multiAz: !environment.database.multiAz,
      backupRetentionDays: 3,
      deletionProtection: off,
      enhancedMonitoringSeconds: 0,
    },
    backups: {
      dailyDays: 5,
      weeklyDays: 0,
      monthlyDays: 0,
      vaultLock: { mode: 'governance', minimumDays: 1, maximumDays: 50 },
      recoveryAccountVaultArn: 'arn:aws:backup:us-east-1:210987654321:backup-vault:copies',
    },
    replicas: [{ availabilityZone: 'us-east-1d' }],
    drills: off,
    secretRotationDays: off,
    access: { people: ['arn:aws:iam::123456789012:role/Engineers'], mfa: off },
    delivery: { repository: 'octo-org/salons' },
    notifications: {
      emails: ['ops@whatsapp-saas.internal'],
      slack: { workspaceId: 'T0123ABCD', channelId: 'C0123ABCD' },
    },
  };
};

/** Without backups, and so without anything that needs them. */
const withoutBackups = (environment: EnvironmentInput): EnvironmentInput => ({
  ...environment,
  network: {
    kind: 'create',
    cidr: '192.168.4.0/24',
    availabilityZones: ['us-east-1a', 'us-east-1f'],
    endpointZones: 1,
  },
  database: { ...environment.database, backupRetentionDays: 0 },
  backups: {},
  replicas: [],
  drills: off,
  notifications: {
    emails: ['ops@whatsapp-saas.internal'],
    pagerDuty: { integrationKeySecretName: 'pager-duty' },
    runbookBaseUrl: 'https://runbooks.whatsapp-saas.internal/',
  },
});

const change = { everything, little, withoutBackups };

/** A way to configure an environment that its file does not show. */
export type Variant = keyof typeof change;
/** All variants; together they set every field of the schema to another value than its default. */
export const VARIANTS = Object.keys(change) as Variant[];

/** The files of all environments in one variant. */
export function variantInputs(variant: Variant): Record<string, EnvironmentInput> {
  return Object.fromEntries(Object.entries(environments).map(([name, file]) => [name, change[variant](file)]));
}
