import { createHash } from 'node:crypto';
import type {
  DBInstance,
  DBInstanceAutomatedBackup,
  RestoreWindow,
  RestoreDBInstanceToPointInTimeCommandInput as RestoreInput,
  Tag,
} from '@aws-sdk/client-rds';
import type { PostgresServer } from '../../../local-postgres/server';
import { rdsErrors } from './rds-errors';

/** Start of ARNs; the account does not exist. */
const ARN_PREFIX = 'arn:aws:rds:us-east-1:000000000000';
/** The parameter group that RDS uses where a request names none. */
export const DEFAULT_PARAMETER_GROUP = 'default.postgres15';

/** A server of this machine as RDS describes it. */
export interface LocalInstance {
  readonly server: PostgresServer;
  description: DBInstance;
  /** Resolves when RDS's background work on the instance is done. */
  work: Promise<void>;
}

/** A server that exists before any restore. */
export interface KnownServer {
  /** DB instance identifier. */
  readonly id: string;
  readonly server: PostgresServer;
  /** Default none. */
  readonly tags?: readonly Tag[];
  /** Default true, as production's. */
  readonly deletionProtection?: boolean;
  /** Days. 0: no backups, so it cannot be restored. */
  readonly backupRetentionPeriod: number;
  readonly createdAt: Date;
}

/** Returns the instance of a known server, available. */
export function knownInstance({ id, server, createdAt, ...more }: KnownServer): LocalInstance {
  const description: DBInstance = {
    ...identity(id),
    DBInstanceStatus: 'available',
    DBInstanceClass: 'db.local',
    Endpoint: { Address: server.host, Port: server.port },
    InstanceCreateTime: createdAt,
    BackupRetentionPeriod: more.backupRetentionPeriod,
    DeletionProtection: more.deletionProtection ?? true,
    MultiAZ: false,
    TagList: [...(more.tags ?? [])],
    DBParameterGroups: [{ DBParameterGroupName: DEFAULT_PARAMETER_GROUP, ParameterApplyStatus: 'in-sync' }],
  };
  return { server, description, work: Promise.resolve() };
}

/**
 * Describes a restored instance as RDS does at first: with the values of the request and RDS's defaults for the others. The default of
 * tags, class and retention is the source's value (RDS API Reference, RestoreDBInstanceToPointInTime).
 */
export function restoredDescription(id: string, source: DBInstance, input: RestoreInput, now: Date): DBInstance {
  return {
    ...identity(id),
    DBInstanceStatus: 'creating',
    DBInstanceClass: input.DBInstanceClass ?? source.DBInstanceClass,
    InstanceCreateTime: now,
    BackupRetentionPeriod: input.BackupRetentionPeriod ?? source.BackupRetentionPeriod,
    DeletionProtection: input.DeletionProtection ?? false,
    MultiAZ: input.MultiAZ ?? false,
    PubliclyAccessible: input.PubliclyAccessible ?? false,
    StorageType: input.StorageType,
    CopyTagsToSnapshot: input.CopyTagsToSnapshot ?? false,
    AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade ?? true,
    IAMDatabaseAuthenticationEnabled: input.EnableIAMDatabaseAuthentication ?? false,
    EnabledCloudwatchLogsExports: input.EnableCloudwatchLogsExports,
    CACertificateIdentifier: input.CACertificateIdentifier,
    MaxAllocatedStorage: input.MaxAllocatedStorage,
    TagList: [...(input.Tags ?? source.TagList ?? [])],
    DBParameterGroups: [
      { DBParameterGroupName: input.DBParameterGroupName ?? DEFAULT_PARAMETER_GROUP, ParameterApplyStatus: 'in-sync' },
    ],
    DBSubnetGroup: { DBSubnetGroupName: input.DBSubnetGroupName ?? 'default' },
    VpcSecurityGroups: (input.VpcSecurityGroupIds ?? ['default']).map((group) => ({
      VpcSecurityGroupId: group,
      Status: 'active',
    })),
  };
}

/** ARN of a source's automated backups. */
export function automatedBackupsArn(id: string): string {
  return `${ARN_PREFIX}:auto-backup:ab-${digest(id)}`;
}

/** Describes an instance's automated backups as RDS does. */
export function describedBackups(source: DBInstance, window: RestoreWindow): DBInstanceAutomatedBackup {
  const { DBInstanceIdentifier, DBInstanceArn, DbiResourceId, BackupRetentionPeriod } = source;
  return {
    DBInstanceIdentifier,
    DBInstanceArn,
    DbiResourceId,
    BackupRetentionPeriod,
    DBInstanceAutomatedBackupsArn: automatedBackupsArn(DBInstanceIdentifier ?? ''),
    Status: 'active',
    RestoreWindow: window,
  };
}

/**
 * Returns an identifier as RDS keeps it, in lower case.
 * @throws RDSServiceException InvalidParameterValue where RDS does not allow the identifier
 */
export function checkedIdentifier(id: string | undefined): string {
  const lower = (id ?? '').toLowerCase();
  if (lower.length > 63 || !/^[a-z](-?[a-z0-9])*$/.test(lower)) {
    throw rdsErrors.invalidValue(
      `The identifier "${id}" is not valid; allowed: up to 63 letters, digits and single hyphens, a letter first, no hyphen last.`,
    );
  }
  return lower;
}

function identity(id: string): DBInstance {
  return {
    DBInstanceIdentifier: id,
    DBInstanceArn: `${ARN_PREFIX}:db:${id}`,
    // RDS never reuses a resource id. Here it depends on the identifier only, which no two instances of a run share.
    DbiResourceId: `db-${digest(id).toUpperCase()}`,
    Engine: 'postgres',
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 26);
}
