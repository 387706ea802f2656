import { Stack } from 'aws-cdk-lib';
import { type IPeer, type ISubnet, type IVpc, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type IDatabaseInstance, ParameterGroup } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { replicaParameters } from '../../config/postgres-parameters';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { decidedByConfiguration, SERVER_REASONS } from '../reasons';
import { Addresses } from './addresses';
import { grantConnect, grantMigrate, type TokenRole, type Workload } from './database-access';
import { DatabaseSecrets } from './database-secrets';
import { databaseServer, type DatabaseServer, POSTGRES_PORT } from './database-server';
import { ImportAccess } from './import-access';
import { Primary } from './primary';
import { ReadReplica } from './read-replica';
import { rotateSecret, rotationFunctionName, type RotationSettings } from './secret-rotation';
import { postgresEngine, ServerSettings } from './server-settings';

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
  /** Where services of AWS answer: see Network. */
  readonly awsServices: IPeer;
  /** Encrypts the data, the secrets and Database Insights. It must be in the same stack, or secrets and key would need each other's stacks. */
  readonly key: IKey;
  /** Encrypts the log groups of the servers. */
  readonly logsKey: IKey;
  /** Key in the recovery region, for the backups that RDS replicates there. Default: there is none. */
  readonly recoveryKey?: IKey;
}

/**
 * Primary, replicas, secrets and addresses. What logs in as a role that the migrations make comes later, in other stacks: see
 * ApplicationAccess for the proxy and the rotation of the application's secret.
 */
export class Database extends Construct {
  /** The primary first, then the replicas. */
  readonly servers: readonly [DatabaseServer, ...DatabaseServer[]];
  /** The server that takes the writes, for other stacks. */
  readonly primary: IDatabaseInstance;
  /** The primary's id in IAM policies and in replicated backups, for other stacks. */
  readonly primaryResourceId: string;
  readonly secrets: DatabaseSecrets;
  readonly addresses: Addresses;
  /** The primary's own, for instances restored in this region. */
  readonly restoreResources: RestoreResources;
  /** How secrets are rotated. Undefined where the configuration switches it off. */
  readonly rotation?: RotationSettings;
  /** Name of the function that rotates the master's secret. Undefined where the configuration switches it off. */
  readonly masterRotationFunction?: string;

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    const { config, vpc, databaseSubnets: subnets, key } = props;
    const securityGroup = this.securityGroup('ServerSecurityGroup', vpc, 'PostgreSQL servers');
    const settings = new ServerSettings(this, 'Settings', {
      config,
      vpc,
      subnets,
      securityGroup,
      key,
      logsKey: props.logsKey,
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
    if (config.import) new ImportAccess(this, 'Import', { settings: config.import, securityGroup, key });
    this.restoreResources = {
      subnetGroupName: settings.subnetGroup.subnetGroupName,
      parameterGroupName: primary.parameterGroup.bindToInstance({}).parameterGroupName,
      key,
    };
    const replicas = this.replicas(config, settings, primary);
    this.servers = this.serversFor(primary.instance, replicas, securityGroup);
    this.primary = this.servers[0].instance;
    this.primaryResourceId = this.servers[0].resourceId;
    const rotated = this.rotateSecrets(props, primary, securityGroup);
    this.rotation = rotated?.settings;
    this.masterRotationFunction = rotated?.masterFunction;
    this.addresses = new Addresses(this, 'Addresses', {
      environment: config.name,
      vpc,
      zoneName: config.dns.zoneName,
      primary: primary.instance.dbInstanceEndpointAddress,
      replicas: replicas.map(({ dbInstanceEndpointAddress }) => dbInstanceEndpointAddress),
    });
  }

  /** Lets a workload log in as a role; what each role reaches is documented in database-access.ts. */
  grantConnect(workload: Workload, user: TokenRole): void {
    grantConnect(this, workload, user);
  }

  /** Lets a workload run the migrations. */
  grantMigrate(workload: Workload): void {
    grantMigrate(this, workload);
  }

  private replicas(config: EnvironmentConfig, settings: ServerSettings, primary: Primary): IDatabaseInstance[] {
    if (config.replicas.length === 0) return [];
    const parameterGroup = new ParameterGroup(this, 'ReplicaPg15', {
      engine: postgresEngine(config.database.engineVersion),
      description: `PostgreSQL 15 replicas of ${config.name}`,
      parameters: replicaParameters(config),
    });
    return config.replicas.map(
      (replica, index) =>
        new ReadReplica(this, `Replica${index + 1}`, {
          config,
          name: `replica-${index + 1}`,
          replica,
          settings,
          primary: primary.instance,
          parameterGroup,
        }).instance,
    );
  }

  private serversFor(
    primary: IDatabaseInstance,
    replicas: readonly IDatabaseInstance[],
    securityGroup: SecurityGroup,
  ): [DatabaseServer, ...DatabaseServer[]] {
    const source = databaseServer(this, { name: 'primary', instance: primary, securityGroup });
    return [
      source,
      ...replicas.map((instance, index) =>
        databaseServer(this, { name: `replica-${index + 1}`, instance, securityGroup, source }),
      ),
    ];
  }

  /** The master's here, because RDS makes the master; the application's where its role exists. */
  private rotateSecrets(
    { config, vpc, applicationSubnets: subnets, awsServices, logsKey }: DatabaseProps,
    { instance }: Primary,
    servers: SecurityGroup,
  ): { readonly settings: RotationSettings; readonly masterFunction: string } | undefined {
    const rotation = config.secretRotationDays;
    if (!rotation.enabled) {
      this.secrets.acknowledgeNoRotation(decidedByConfiguration(rotation.reason, 'secretRotationDays'));
      return undefined;
    }
    const securityGroup = this.securityGroup('RotationSecurityGroup', vpc, 'Rotation of the database secrets');
    servers.addIngressRule(securityGroup, Port.tcp(POSTGRES_PORT), 'PostgreSQL');
    securityGroup.addEgressRule(servers, Port.tcp(POSTGRES_PORT), 'PostgreSQL');
    securityGroup.addEgressRule(awsServices, Port.HTTPS, 'Secrets Manager');
    const logs = { logsKey, logRetentionDays: config.logRetentionDays };
    const settings = { days: rotation.days, vpc, subnets, securityGroup, logs };
    // The test of a new schedule connects: it needs the server, and the rules of both security groups.
    const master = rotateSecret(this, 'MasterRotation', this.secrets.master, settings);
    master.node.addDependency(instance, servers, securityGroup);
    this.secrets.acknowledgeNoRotation(SERVER_REASONS.rotatedElsewhere, 'Application');
    return { settings, masterFunction: rotationFunctionName(master) };
  }

  private securityGroup(id: string, vpc: IVpc, description: string): SecurityGroup {
    return new SecurityGroup(this, id, {
      vpc,
      description: `${description} of ${Stack.of(this).stackName}`,
      allowAllOutbound: false,
    });
  }
}
