import { Stack, Token } from 'aws-cdk-lib';
import {
  CfnSecurityGroupIngress,
  type IConnectable,
  type ISubnet,
  type IVpc,
  Port,
  SecurityGroup,
} from 'aws-cdk-lib/aws-ec2';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type IDatabaseInstance, ParameterGroup } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { parameterFolder } from '../../contract/parameter-folder';
import type { DatabaseRole } from '../../contract/roles';
import { acknowledge, INLINE_POLICY_RULES, LAMBDA_POLICY_RULES } from '../acknowledge';
import { Addresses } from './addresses';
import { ConnectionProxy } from './connection-proxy';
import { DatabaseSecrets } from './database-secrets';
import { replicaParameters } from '../../config/postgres-parameters';
import { Primary } from './primary';
import { ReadReplica } from './read-replica';
import { postgresEngine, ServerSettings } from './server-settings';

/** The port of every server and of the proxy; a security group, not another number, keeps strangers out. */
export const POSTGRES_PORT = 5432;

/** A database server and its name in metrics, alarms and runbooks. */
export interface DatabaseServer {
  /** `primary`, `replica-1`, `replica-2` … */
  readonly name: string;
  readonly instance: IDatabaseInstance;
}

/** What a copy is restored with. */
export interface RestoreResources {
  readonly subnetGroupName: string;
  readonly parameterGroupName: string;
  /** Encrypts the source and, in the same region, every copy. */
  readonly key: IKey;
}

/** The database of one environment. */
export interface DatabaseProps {
  readonly config: EnvironmentConfig;
  readonly vpc: IVpc;
  readonly databaseSubnets: ISubnet[];
  /** Where the rotations run. */
  readonly applicationSubnets: ISubnet[];
  /** Encrypts the data, the secrets and Database Insights. In this stack, or secrets and key would depend on each other's stacks. */
  readonly key: IKey;
  /** Encrypts the log groups. */
  readonly logsKey: IKey;
  /** Of the recovery region, for what RDS replicates there. Default: there is none. */
  readonly recoveryKey?: IKey;
}

/** Primary, replicas, proxy, secrets and addresses: everything an application connects to. */
export class Database extends Construct {
  /** The primary first, then the replicas. */
  readonly servers: readonly DatabaseServer[];
  readonly secrets: DatabaseSecrets;
  /** Where applications write. */
  readonly writerHost: string;
  readonly addresses: Addresses;
  /** What a restored copy shares with the primary. */
  readonly restoreResources: RestoreResources;
  /** Before the primary, where the environment has one. */
  readonly proxy?: ConnectionProxy;

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    const { config, vpc, databaseSubnets, key } = props;
    const securityGroup = this.securityGroup('ServerSecurityGroup', vpc, 'PostgreSQL servers');
    const settings = new ServerSettings(this, 'Settings', {
      config,
      vpc,
      subnets: databaseSubnets,
      securityGroup,
      key,
    });
    this.secrets = new DatabaseSecrets(this, 'Secrets', { key, databaseName: config.database.databaseName });
    const primary = new Primary(this, 'Primary', {
      config,
      settings,
      credentials: this.secrets.masterCredentials,
      key,
      recoveryKey: props.recoveryKey,
    });
    this.secrets.attach(primary.instance);
    this.restoreResources = {
      subnetGroupName: settings.subnetGroup.subnetGroupName,
      parameterGroupName: primary.parameterGroup.bindToInstance({}).parameterGroupName,
      key,
    };
    this.servers = [{ name: 'primary', instance: primary.instance }, ...this.replicas(config, settings, primary)];
    this.proxy = config.proxy && this.connectionProxy(config.proxy, props, primary);
    this.writerHost = this.proxy?.proxy.endpoint ?? primary.instance.dbInstanceEndpointAddress;
    this.rotateSecrets(props, primary);
    this.acknowledgeFindings(securityGroup);
    this.addresses = new Addresses(this, 'Addresses', {
      vpc,
      zoneName: config.dns.zoneName,
      parameterFolder: parameterFolder(config.name),
      writer: this.writerHost,
      primary: primary.instance.dbInstanceEndpointAddress,
      replicas: this.servers.slice(1).map(({ instance }) => instance.dbInstanceEndpointAddress),
    });
  }

  /** The server that takes the writes. */
  get primary(): IDatabaseInstance {
    return this.server('primary').instance;
  }

  /** Name of the proxy, where there is one. */
  get proxyName(): string | undefined {
    return this.proxy?.proxy.dbProxyName;
  }

  /**
   * Everything a workload needs to log in as `user`, in one call: the way through the security groups, and either the secret or
   * the permission to log in with an IAM token.
   *  - `app_user` reads its secret; writes through the proxy, reads from the replicas.
   *  - `readonly_user` logs in with a token, to the replicas (where there are none, to the primary).
   *  - `metrics_user` and `drill_user` log in with a token, to every server; `recovery_user` to the primary, which it writes on.
   */
  grantConnect(workload: IGrantable & IConnectable, user: DatabaseRole): void {
    if (user === 'app_user') {
      const replicas = this.servers.slice(1);
      this.secrets.grantRead('Application', workload);
      this.open(
        workload,
        this.proxy ? [this.proxy.proxy, ...replicas.map(({ instance }) => instance)] : [this.primary],
      );
      return;
    }
    const servers = this.serversOf(user);
    for (const { instance } of servers) instance.grantConnect(workload, user);
    this.open(
      workload,
      servers.map(({ instance }) => instance),
    );
  }

  /** What the migrations need: the master's and the application's secret, and the way to the primary (never through the proxy). */
  grantMigrate(workload: IGrantable & IConnectable): void {
    this.secrets.grantRead('Master', workload);
    this.secrets.grantRead('Application', workload);
    this.open(workload, [this.primary]);
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
    this.open({ connections: securityGroup.connections }, [primary.instance]);
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
    if (!config.secretRotationDays.enabled) {
      this.secrets.acknowledgeNoRotation(config.secretRotationDays.reason);
      return;
    }
    const securityGroup = this.securityGroup('RotationSecurityGroup', vpc, 'Rotation of the database secrets', true);
    this.secrets.rotate(primary.instance, {
      days: config.secretRotationDays.days,
      vpc,
      subnets: applicationSubnets,
      securityGroup,
    });
  }

  private acknowledgeFindings(serverSecurityGroup: SecurityGroup): void {
    // CDK opens the servers to the proxy and the rotations itself, at a port that it reads from the instance.
    const unreadable = serverSecurityGroup.node.children.filter(
      (child) => child instanceof CfnSecurityGroupIngress && Token.isUnresolved(child.fromPort),
    );
    for (const ingress of unreadable) {
      acknowledge(
        ingress,
        ['NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321'].flatMap((pack) => [
          `${pack}-EC2RestrictedCommonPorts`,
          `${pack}-EC2RestrictedSSH`,
        ]),
        'the rules cannot read the port, which is the database’s own; the ingress names one security group of this VPC',
      );
    }
    // CDK keeps one function for the retention of all of RDS's log groups, which RDS makes itself, directly below the stack.
    const logRetention = Stack.of(this).node.children.find(({ node }) => node.id.startsWith('LogRetention'));
    if (logRetention) {
      acknowledge(
        logRetention,
        [LAMBDA_POLICY_RULES.logs, 'AwsSolutions-IAM5[Resource::*]', ...INLINE_POLICY_RULES],
        'CDK’s function sets the retention of log groups that RDS names when the servers exist; it may do nothing else',
      );
    }
  }

  private securityGroup(id: string, vpc: IVpc, description: string, allowAllOutbound = false): SecurityGroup {
    return new SecurityGroup(this, id, {
      vpc,
      description: `${description} of ${Stack.of(this).stackName}`,
      allowAllOutbound,
    });
  }

  /** From the workload's side, so that the rules live in its stack and this one never depends on it. */
  private open(workload: IConnectable, targets: readonly IConnectable[]): void {
    for (const target of targets) workload.connections.allowTo(target, Port.tcp(POSTGRES_PORT), 'PostgreSQL');
  }

  /** The servers that a role logs in to with a token. */
  private serversOf(user: Exclude<DatabaseRole, 'app_user'>): readonly DatabaseServer[] {
    if (user === 'recovery_user') return [this.server('primary')];
    const replicas = this.servers.slice(1);
    return user === 'readonly_user' && replicas.length > 0 ? replicas : this.servers;
  }

  private server(name: string): DatabaseServer {
    const server = this.servers.find((candidate) => candidate.name === name);
    if (!server)
      throw new Error(`there is no server ${name}; known: ${this.servers.map((each) => each.name).join(', ')}`);
    return server;
  }
}
