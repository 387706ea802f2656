import type { TemplateResource } from '../assembly/environment-assembly';
import * as guards from './guards';

/** A kind of resource that holds data, or that others with data depend on. */
export interface StatefulKind {
  /** What is lost when it is replaced or deleted. */
  readonly lost: string;
  /** The safe way for a change of a property; `default` for every other one, and for a removal. */
  readonly wayOut: Readonly<Record<string, string>> & { readonly default: string };
  /**
   * Properties that the resource schema calls conditional create-only, and the template reference documents as updates in place
   * (AWS::RDS::DBInstance, "Update requires: No interruption" or "Some interruptions"). Not seen on AWS yet.
   */
  readonly inPlace?: readonly string[];
  /** Properties whose change is an update in place and may still lose something. */
  readonly guards?: Readonly<Record<string, guards.Guard>>;
}

/** The name `deletion`, by which `allowedChanges` lets the removal of a resource through. */
export const DELETION = 'deletion';

const MOVE =
  'keep the id of its construct and of its stack, or move it without touching it: npx cdk refactor --unstable=refactor';
const BESIDE =
  'create a second one beside it, move the data and those who use it, then remove this one with an entry in allowedChanges';

const SERVER: StatefulKind = {
  // Template reference, AWS::RDS::DBInstance: "If a DB instance is deleted or replaced during an update, AWS CloudFormation deletes all
  // automated snapshots."
  lost: 'the data of the server, its automated backups and its address',
  inPlace: [
    'AutoMinorVersionUpgrade',
    'BackupRetentionPeriod',
    'DBParameterGroupName',
    'MultiAZ',
    'PerformanceInsightsKMSKeyId',
    'PreferredMaintenanceWindow',
    'StorageType',
  ],
  guards: {
    BackupRetentionPeriod: guards.lowered((days) =>
      days === 0 ? 'RDS deletes every automated backup' : `automated backups older than ${days} days are deleted`,
    ),
    DeleteAutomatedBackups: guards.keeps(false, 'automated backups are deleted together with the server'),
    DeletionProtection: guards.keeps(true, 'nothing stops a deletion of the server any more'),
    EngineVersion: guards.keepsMajorVersion,
  },
  wayOut: {
    AvailabilityZone: BESIDE,
    BackupRetentionPeriod: 'keep the retention, or copy what you need with AWS Backup first',
    DBInstanceIdentifier: 'keep the name; applications find the server by its address in the zone, not by this name',
    DBName: 'keep database.databaseName; it only names what RDS creates first, and SQL creates another database',
    DBSubnetGroupName: 'add subnets to the group that is there; for another VPC restore a recovery point beside it',
    DeletionProtection: 'keep it; who deletes the server switches it off by hand, right before',
    Engine: `only PostgreSQL is possible here; for another engine ${BESIDE}`,
    EngineVersion: 'upgrade by a blue/green deployment or logical replication to a second server, rehearsed before',
    KmsKeyId: 'copy a recovery point with the other key, restore it beside this server, move the applications',
    MasterUsername: 'keep the name, and create another role in a migration (lambda/migrations)',
    StorageEncrypted: 'copy a recovery point with a key, restore it beside this server, move the applications',
    default: MOVE,
  },
};

const REPLICA: StatefulKind = {
  ...SERVER,
  lost: 'the address of the replica, and its reads until another one has caught up',
  wayOut: {
    ...SERVER.wayOut,
    AvailabilityZone: 'add a replica in the other zone, deploy, then remove this one with an entry in allowedChanges',
    // The same reference: without this property CloudFormation deletes the replica and creates an empty server.
    SourceDBInstanceIdentifier: 'to promote it, follow lib/runbooks; the template keeps the replica as it is',
    default: `${MOVE}; to have fewer replicas, move their readers first, then add an entry to allowedChanges`,
  },
};

/** Stateful resources by type. Complete: test/safe-change/stateful.test.ts counts what the templates retain. */
const KINDS: Readonly<Record<string, StatefulKind>> = {
  'AWS::RDS::DBInstance': SERVER,
  'AWS::KMS::Key': {
    lost: 'everything that is encrypted with the key',
    guards: {
      KeyPolicy: guards.keepsGrants,
      Enabled: guards.refuses(false, 'nothing that is encrypted with the key can be read'),
    },
    wayOut: {
      KeyPolicy:
        'add statements and leave those that are there until nothing that they serve is encrypted with the key',
      Enabled: 'keep it enabled while anything is encrypted with it',
      default: MOVE,
    },
  },
  'AWS::SecretsManager::Secret': {
    lost: 'the password in the secret, and the ARN by which functions and applications find it',
    guards: {
      // Template reference: "When you make a change to this property, a new secret version is created."
      GenerateSecretString: guards.stays('a new password is generated, and the server still has the old one'),
      SecretString: guards.stays('another text replaces the password, and the server still has the old one'),
    },
    wayOut: {
      GenerateSecretString: 'leave it; for another password start a rotation: aws secretsmanager rotate-secret',
      default: MOVE,
    },
  },
  'AWS::Backup::BackupVault': {
    lost: 'the recovery points stay in the old vault, which no plan, drill or alarm knows any more',
    guards: { AccessPolicy: guards.keepsDenials, LockConfiguration: guards.keepsLock },
    wayOut: {
      BackupVaultName: 'keep the name; a second vault can be created beside it',
      EncryptionKeyArn: 'create a second vault with the other key, and copy the recovery points there',
      AccessPolicy: 'keep what it denies',
      LockConfiguration: 'keep the lock; lengthening it is fine',
      default: MOVE,
    },
  },
  'AWS::RDS::DBSubnetGroup': {
    lost: 'the place of the servers in the network: they are replaced with it',
    wayOut: { default: MOVE },
  },
  'AWS::RDS::DBParameterGroup': {
    lost: 'the parameters of the servers, which restart with those of another group',
    wayOut: {
      Family: 'make a group for the other family beside this one (its id names the major version)',
      default: `${MOVE}; or create the new group, let the servers use it, and remove this one with an entry in allowedChanges`,
    },
  },
  'AWS::ElastiCache::ReplicationGroup': {
    lost: 'what the cache holds, such as sessions and jobs, and its address',
    guards: {
      SnapshotRetentionLimit: guards.lowered((days) =>
        days === 0 ? 'ElastiCache makes no snapshot any more' : `snapshots older than ${days} days are deleted`,
      ),
    },
    wayOut: {
      KmsKeyId: 'restore a snapshot with the other key into a second cache, and move the applications',
      ReplicationGroupId: 'keep the name; applications find the cache by the parameter with its address',
      SnapshotRetentionLimit: 'keep the days, or copy the snapshots first: aws elasticache copy-snapshot',
      default: `${MOVE}; or let the applications do without it, then add an entry to allowedChanges`,
    },
  },
  'AWS::EC2::VPC': {
    lost: 'the network of the servers: they are replaced with it',
    wayOut: {
      CidrBlock: 'keep network.cidr; connect another network by peering, or restore into a new one',
      default: MOVE,
    },
  },
  'AWS::Route53::HostedZone': {
    lost: 'the names by which applications find the servers',
    wayOut: { Name: 'keep dns.zoneName; add a zone beside it and move those who use the old names', default: MOVE },
  },
  'AWS::Logs::LogGroup': {
    lost: 'the log, which is evidence after an incident',
    guards: { RetentionInDays: guards.lowered((days) => `log events older than ${days} days are deleted`) },
    wayOut: {
      RetentionInDays: 'keep the retention, or export the log first: aws logs create-export-task',
      default: `${MOVE}; or export the log (aws logs create-export-task), then add an entry to allowedChanges`,
    },
  },
  'AWS::SQS::Queue': {
    lost: 'the notifications that wait in the queue',
    wayOut: { default: `${MOVE}; or read what waits in it, then add an entry to allowedChanges` },
  },
  'AWS::S3::Bucket': {
    lost: 'the objects in the bucket',
    wayOut: { default: MOVE },
  },
};

/** Attributes beside the properties that protect every stateful resource. */
const ATTRIBUTES: Readonly<Record<string, guards.Guard>> = {
  DeletionPolicy: guards.keepsPolicy,
  UpdateReplacePolicy: guards.keepsPolicy,
};

/** What a resource holds; undefined where it can be made again from the template. */
export function kindOf(resource: TemplateResource): StatefulKind | undefined {
  if (isReplica(resource)) return REPLICA;
  return KINDS[resource.Type];
}

/** The guard of a property or attribute of a kind. */
export function guardOf(kind: StatefulKind, property: string): guards.Guard | undefined {
  return kind.guards?.[property] ?? ATTRIBUTES[property];
}

/** Whether a resource is a database server that is protected against deletion. */
export function isProtectedServer({ Type, Properties }: TemplateResource): boolean {
  return Type === 'AWS::RDS::DBInstance' && Properties?.['DeletionProtection'] === true;
}

function isReplica({ Type, Properties = {} }: TemplateResource): boolean {
  return Type === 'AWS::RDS::DBInstance' && Properties['SourceDBInstanceIdentifier'] !== undefined;
}
