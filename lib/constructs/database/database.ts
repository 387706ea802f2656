import { Stack } from 'aws-cdk-lib';
import { type ISubnet, type IVpc, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type IDatabaseInstance, ParameterGroup } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { replicaParameters } from '../../config/postgres-parameters';
import type { EnvironmentConfig } from '../../config/schema/environment';
import type { DatabaseRole } from '../../contract/roles';
import { Addresses } from './addresses';
import { ConnectionProxy } from './connection-proxy';
import { acknowledgeIngress, allowTo, grantConnect, grantMigrate, type Workload } from './database-access';
import { DatabaseSecrets } from './database-secrets';
import type { DatabaseServer } from './database-server';
import { Primary } from './primary';
import { ReadReplica } from './read-replica';
import { acknowledgeLogRetention, postgresEngine, ServerSettings } from './server-settings';

/** Resources that RDS needs to restore an instance. */
export interface RestoreResources {
  readonly subnetGroupName: string;
  readonly parameterGroupName: string;
  /** Encrypts the backups and every instance restored from them in the same region. */
  readonly key: IKey;
}

/** The database of one environment. */
export interface DatabaseProps {
  readonly config: EnvironmentConfig;
  readonly vpc: IVpc;
  readonly databaseSubnets: ISubnet[];
  /** Where the rotation functions run. */
  readonly applicationSubnets: ISubnet[];
  /** Encrypts the data, the secrets and Database Insights. It must be in the same stack, or secrets and key would need each other's stacks. */
  readonly key: IKey;
  /** Encrypts the log groups. */
  readonly logsKey: IKey;
  /** Key in the recovery region, for the backups that RDS replicates there. Default: there is none. */
  readonly recoveryKey?: IKey;
}

/** Primary, replicas, proxy, secrets and addresses: everything that an application connects to. */
export class Database extends Construct {
  /** The primary first, then the replicas. */
  readonly servers: readonly DatabaseServer[];
  /** The server that takes the writes. */
  readonly primary: IDatabaseInstance;
  readonly secrets: DatabaseSecrets;
  readonly addresses: Addresses;
  /** The primary's own, for instances restored in this region. */
  readonly restoreResources: RestoreResources;
  /** In front of the primary, where the environment has one. */
  readonly proxy?: ConnectionProxy;

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    const { config, vpc, databaseSubnets: subnets, key } = props;
    const securityGroup = this.securityGroup('ServerSecurityGroup', vpc, 'PostgreSQL servers');
    const settings = new ServerSettings(this, 'Settings', { config, vpc, subnets, securityGroup, key });
    this.secrets = new DatabaseSecrets(this, 'Secrets', { key, databaseName: config.database.databaseName });
    const primary = new Primary(this, 'Primary', {
      config,
      settings,
      credentials: this.secrets.masterCredentials,
      key,
      recoveryKey: props.recoveryKey,
    });
    this.primary = primary.instance;
    this.secrets.attach(primary.instance);
    this.restoreResources = {
      subnetGroupName: settings.subnetGroup.subnetGroupName,
      parameterGroupName: primary.parameterGroup.bindToInstance({}).parameterGroupName,
      key,
    };
    const replicas = this.replicas(config, settings, primary);
    this.servers = [{ name: 'primary', instance: primary.instance }, ...replicas];
    this.proxy = config.proxy && this.connectionProxy(config.proxy, props, primary);
    this.rotateSecrets(props, primary);
    acknowledgeIngress(securityGroup);
    acknowledgeLogRetention(Stack.of(this));
    this.addresses = new Addresses(this, 'Addresses', {
      environment: config.name,
      vpc,
      zoneName: config.dns.zoneName,
      writer: this.proxy?.proxy.endpoint ?? primary.instance.dbInstanceEndpointAddress,
      primary: primary.instance.dbInstanceEndpointAddress,
      replicas: replicas.map(({ instance }) => instance.dbInstanceEndpointAddress),
    });
  }

  /** Name of the proxy, where there is one. */
  get proxyName(): string | undefined {
    return this.proxy?.proxy.dbProxyName;
  }

  /** Lets a workload log in as a role; what each role reaches is documented in database-access.ts. */
  grantConnect(workload: Workload, user: DatabaseRole): void {
    grantConnect(this, workload, user);
  }

  /** Lets a workload run the migrations. */
  grantMigrate(workload: Workload): void {
    grantMigrate(this, workload);
  }

  private replicas(config: EnvironmentConfig, settings: ServerSettings, primary: Primary): DatabaseServer[] {
    if (config.replicas.length === 0) return [];
    const parameterGroup = new ParameterGroup(this, 'ReplicaPg15', {
      engine: postgresEngine(config.database.engineVersion),
      description: `PostgreSQL 15 replicas of ${config.name}`,
      parameters: replicaParameters(config),
    });
    return config.replicas.map((replica, index) => ({
      name: `replica-${index + 1}`,
      instance: new ReadReplica(this, `Replica${index + 1}`, {
        config,
        replica,
        settings,
        primary: primary.instance,
        parameterGroup,
      }).instance,
    }));
  }

  private connectionProxy(
    settings: NonNullable<EnvironmentConfig['proxy']>,
    props: DatabaseProps,
    primary: Primary,
  ): ConnectionProxy {
    const securityGroup = this.securityGroup('ProxySecurityGroup', props.vpc, 'RDS Proxy');
    allowTo({ connections: securityGroup.connections }, [primary.instance]);
    return new ConnectionProxy(this, 'Proxy', {
      settings,
      logRetentionDays: props.config.logRetentionDays,
      primary: primary.instance,
      secret: this.secrets.application,
      vpc: props.vpc,
      subnets: props.databaseSubnets,
      securityGroup,
      logsKey: props.logsKey,
    });
  }

  private rotateSecrets({ config, vpc, applicationSubnets }: DatabaseProps, primary: Primary): void {
    const rotation = config.secretRotationDays;
    if (!rotation.enabled) {
      this.secrets.acknowledgeNoRotation(rotation.reason);
      return;
    }
    const securityGroup = this.securityGroup('RotationSecurityGroup', vpc, 'Rotation of the database secrets', true);
    this.secrets.rotate(primary.instance, { days: rotation.days, vpc, subnets: applicationSubnets, securityGroup });
  }

  private securityGroup(id: string, vpc: IVpc, description: string, allowAllOutbound = false): SecurityGroup {
    return new SecurityGroup(this, id, {
      vpc,
      description: `${description} of ${Stack.of(this).stackName}`,
      allowAllOutbound,
    });
  }
}
