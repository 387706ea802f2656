import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import { type ISubnet, type IVpc, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnParameterGroup, CfnReplicationGroup, CfnSubnetGroup } from 'aws-cdk-lib/aws-elasticache';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { cacheNodeNames } from '../../config/derived/cache-nodes';
import { CACHE_SNAPSHOT_HOURS, type CacheSettings } from '../../config/schema/cache/cache';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { cacheParameter } from '../../contract/parameter-folder';
import { acknowledge } from '../acknowledge';
import { followed, identityOf } from '../followed-reference';
import { readStatements } from '../database/database-secrets';
import type { Workload } from '../database/database-access';
import { serverIdentifier } from '../database/server-logs';
import { CacheLogs } from './cache-logs';
import { CACHE_REASONS } from './cache-reasons';
import { CacheUsers } from './cache-users';

/** Valkey's own port. Security groups restrict access to it; another number would not. */
const CACHE_PORT = 6379;
/** The rule packs want snapshots for so long. */
const PACKS_SNAPSHOT_DAYS = 15;

/** Properties of the replication group whose change replaces it (resource schema), as far as they are set here. */
export const CACHE_IDENTITY_PROPERTIES = [
  'atRestEncryptionEnabled',
  'cacheSubnetGroupName',
  'engine',
  'kmsKeyId',
  'port',
  'replicationGroupId',
] as const satisfies readonly (keyof CfnReplicationGroup)[];

/** The cache of one environment. */
export interface CacheProps {
  readonly config: Pick<EnvironmentConfig, 'name' | 'logRetentionDays' | 'database'>;
  readonly settings: CacheSettings;
  readonly vpc: IVpc;
  /** Where the nodes run: no route leaves the VPC. */
  readonly subnets: readonly ISubnet[];
  /** Encrypts data, snapshots and the secret. */
  readonly key: IKey;
  readonly logsKey: IKey;
}

/** The application's cache: what is decided about it is in README.md beside this file. */
export class Cache extends Construct {
  /** Ids of the nodes, by the name that alarms have for them: `001`, `002` … For other stacks: followed references. */
  readonly nodes: ReadonlyMap<string, string>;
  private readonly users: CacheUsers;
  private readonly key: IKey;
  /** Who has it reaches the cache. */
  private readonly clients: SecurityGroup;
  private readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, props: CacheProps) {
    super(scope, id);
    const { config, settings, vpc, key } = props;
    this.key = key;
    const group = (name: string, description: string) =>
      new SecurityGroup(this, name, { vpc, description, allowAllOutbound: false });
    this.securityGroup = group('SecurityGroup', `Cache of ${config.name}`);
    this.clients = group('ClientSecurityGroup', `Clients of the cache of ${config.name}`);
    this.clients.connections.allowTo(this.securityGroup, Port.tcp(CACHE_PORT), 'Valkey');

    // Of a stack that was deleted nothing has the name that the next one needs.
    const cacheId = serverIdentifier(config.name, 'cache');
    this.users = new CacheUsers(this, 'Users', { environment: config.name, key });
    const cache = this.replicationGroup(cacheId, props);
    // ElastiCache numbers the nodes of a group in this way (ElastiCache User Guide, "Creating a replication group from scratch").
    const followedId = followed(
      cache.ref,
      'Cache',
      identityOf(
        this,
        CACHE_IDENTITY_PROPERTIES.map((property) => cache[property]),
      ),
    );
    this.nodes = new Map(cacheNodeNames(settings).map((name) => [name, `${followedId}-${name}`]));
    this.publish(config.name, {
      primary: [cache.attrPrimaryEndPointAddress, 'Host name: the cache, for reads and writes'],
      ...(settings.nodes > 1 && { reader: [cache.attrReaderEndPointAddress, 'Host name: the replicas of the cache'] }),
      secret: [this.users.secret.secretArn, 'ARN of the secret with user and password of the cache'],
      'client-security-group': [this.clients.securityGroupId, 'Security group whose members reach the cache'],
    });
  }

  /** Lets a workload use the cache: it may read the secret, and reaches the nodes. */
  grantConnect(workload: Workload): void {
    for (const statement of readStatements(this, this.users.secret, this.key)) {
      workload.grantPrincipal.addToPrincipalPolicy(statement);
    }
    workload.connections.allowTo(this.securityGroup, Port.tcp(CACHE_PORT), 'Valkey');
  }

  private replicationGroup(cacheId: string, { config, settings, subnets, key, logsKey }: CacheProps) {
    const hours = [CACHE_SNAPSHOT_HOURS.start, CACHE_SNAPSHOT_HOURS.end];
    const severalNodes = settings.nodes > 1;
    const logs = new CacheLogs(this, 'Logs', {
      cacheId,
      retention: config.logRetentionDays,
      key: logsKey,
      slow: settings.slowLog !== undefined,
    });
    const cache = new CfnReplicationGroup(this, 'Resource', {
      replicationGroupId: cacheId,
      replicationGroupDescription: `Cache of the application, ${config.name}`,
      engine: 'valkey',
      engineVersion: settings.engineVersion,
      autoMinorVersionUpgrade: false,
      cacheNodeType: `cache.${settings.nodeType}`,
      numCacheClusters: settings.nodes,
      automaticFailoverEnabled: severalNodes,
      multiAzEnabled: severalNodes,
      port: CACHE_PORT,
      cacheSubnetGroupName: new CfnSubnetGroup(this, 'Subnets', {
        description: `Cache of ${config.name}`,
        subnetIds: subnets.map(({ subnetId }) => subnetId),
      }).ref,
      cacheParameterGroupName: this.parameterGroup(config.name, settings).ref,
      securityGroupIds: [this.securityGroup.securityGroupId],
      atRestEncryptionEnabled: true,
      kmsKeyId: key.keyArn,
      transitEncryptionEnabled: true,
      transitEncryptionMode: 'required',
      userGroupIds: [this.users.userGroupId],
      preferredMaintenanceWindow: settings.maintenanceWindow.toLowerCase(),
      snapshotRetentionLimit: settings.snapshotDays,
      ...(settings.snapshotDays > 0 && {
        snapshotWindow: hours.map((hour) => `${String(hour).padStart(2, '0')}:00`).join('-'),
      }),
      logDeliveryConfigurations: logs.deliveries,
    });
    cache.node.addDependency(logs);
    cache.applyRemovalPolicy(
      config.database.deletionProtection.enabled ? RemovalPolicy.SNAPSHOT : RemovalPolicy.DESTROY,
    );
    acknowledge(cache, ['AwsSolutions-AEC6'], CACHE_REASONS.users);
    if (!severalNodes) acknowledge(cache, ['AwsSolutions-AEC4'], CACHE_REASONS.oneNode);
    if (settings.snapshotDays < PACKS_SNAPSHOT_DAYS) {
      const packs = ['NIST.800.53.R5', 'HIPAA.Security'];
      const rules = packs.map((pack) => `${pack}-ElastiCacheRedisClusterAutomaticBackup`);
      acknowledge(cache, rules, CACHE_REASONS.shortSnapshots);
    }
    return cache;
  }

  private parameterGroup(environment: string, { whenFull, slowLog, engineVersion }: CacheSettings): CfnParameterGroup {
    return new CfnParameterGroup(this, 'Parameters', {
      cacheParameterGroupFamily: `valkey${engineVersion.split('.')[0]}`,
      description: `Cache of ${environment}`,
      properties: {
        'maxmemory-policy': whenFull,
        // Microseconds.
        ...(slowLog && { 'slowlog-log-slower-than': String(slowLog.slowerThanMs * 1000) }),
      },
    });
  }

  private publish(environment: string, values: Readonly<Record<string, readonly [value: string, text: string]>>): void {
    for (const [name, [stringValue, description]] of Object.entries(values)) {
      const parameterName = cacheParameter(environment, name);
      new StringParameter(this, `${name}-parameter`, { parameterName, stringValue, description });
      const output = new CfnOutput(this, `${name}-output`, {
        value: stringValue,
        description: `${description} (also ${parameterName})`,
      });
      output.overrideLogicalId(
        `Cache${name.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase())}`,
      );
    }
  }
}
