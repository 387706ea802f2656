import type { IPeer, ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { publishAddress } from './addresses';
import { ConnectionProxy } from './connection-proxy';
import type { Database } from './database';
import { allowTo, type Workload } from './database-access';
import { rotateSecret, rotationFunctionName } from './secret-rotation';

/** The application's access to the database of one environment. */
export interface ApplicationAccessProps {
  readonly config: EnvironmentConfig;
  readonly database: Database;
  readonly vpc: IVpc;
  /** Where the proxy runs. */
  readonly databaseSubnets: ISubnet[];
  /** The endpoint of Secrets Manager. */
  readonly secretsManager: IPeer;
  /** Encrypts the proxy's log group. */
  readonly logsKey: IKey;
}

/**
 * What logs in as app_user, and where the application writes: the proxy, the rotation of the application's secret, the writer's
 * address. Create it after the migrations, which make app_user: CloudFormation waits until the proxy's target is available, and RDS
 * lists failing logins among the reasons why it is not (RDS User Guide, "Troubleshooting for RDS Proxy"); a new rotation schedule is
 * tested by a login.
 */
export class ApplicationAccess extends Construct {
  /** In front of the primary, where the environment has one. */
  readonly proxy?: ConnectionProxy;
  /** Name of the function that rotates the application's secret. Undefined where the configuration switches it off. */
  readonly rotationFunction?: string;
  private readonly database: Database;

  constructor(scope: Construct, id: string, props: ApplicationAccessProps) {
    super(scope, id);
    const { config, database } = props;
    this.database = database;
    const secret = database.secrets.applicationFor(this, 'Secret');
    if (config.proxy) {
      this.proxy = new ConnectionProxy(this, 'Proxy', {
        settings: config.proxy,
        logRetentionDays: config.logRetentionDays,
        primary: database.servers[0],
        secret,
        vpc: props.vpc,
        subnets: props.databaseSubnets,
        secretsManager: props.secretsManager,
        logsKey: props.logsKey,
      });
    }
    if (database.rotation) {
      this.rotationFunction = rotationFunctionName(rotateSecret(this, 'Rotation', secret, database.rotation));
    }
    publishAddress(this, {
      environment: config.name,
      name: 'writer',
      host: this.proxy?.proxy.endpoint ?? database.primary.dbInstanceEndpointAddress,
      description: 'where applications write',
    });
  }

  /**
   * Lets a workload log in as app_user: it may read the secret, and reaches the proxy and the replicas; without a proxy the primary and
   * the replicas.
   */
  grantConnect(workload: Workload): void {
    const { secrets, servers } = this.database;
    const [{ instance: primary }, ...others] = servers;
    const replicas = others.map(({ instance }) => instance);
    secrets.grantRead('Application', workload);
    allowTo(workload, [this.proxy?.proxy ?? primary, ...replicas]);
  }
}
