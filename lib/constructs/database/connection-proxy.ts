import { Duration, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type IPeer, type ISubnet, type IVpc, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  type CfnDBProxyTargetGroup,
  ClientPasswordAuthType,
  DatabaseInstance,
  DatabaseProxy,
  ProxyTarget,
} from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { followed, identityOf } from '../followed-reference';
import { allowTo } from './database-access';
import { readStatements } from './database-secrets';
import { type DatabaseServer, POSTGRES_PORT } from './database-server';

/** RDS Proxy in front of the primary. */
export interface ConnectionProxyProps {
  readonly settings: NonNullable<EnvironmentConfig['proxy']>;
  readonly logRetentionDays: EnvironmentConfig['logRetentionDays'];
  readonly primary: DatabaseServer;
  /** Login that the proxy uses at the primary and accepts from clients. */
  readonly secret: ISecret;
  readonly vpc: IVpc;
  readonly subnets: ISubnet[];
  /** Where the proxy reads its secret: the endpoint of Secrets Manager. */
  readonly secretsManager: IPeer;
  readonly logsKey: IKey;
}

/**
 * RDS Proxy in place of PgBouncer, for the primary only: RDS Proxy cannot have a replica of an instance as its target (RDS User
 * Guide, "Using RDS Proxy"). What each setting of PgBouncer became: README.md in lib/constructs, "Pooling". CloudFormation waits until
 * the target is available, which it may not be before the proxy can log in: create this after the migrations.
 */
export class ConnectionProxy extends Construct {
  readonly proxy: DatabaseProxy;
  /** For other stacks: a followed reference. */
  readonly proxyName: string;
  /** For other stacks: a followed reference. */
  readonly proxyArn: string;
  /** Target group of the proxy; a recovery registers another server in it. For other stacks: a followed reference. */
  readonly targetGroupArn: string;

  constructor(scope: Construct, id: string, props: ConnectionProxyProps) {
    super(scope, id);
    const { settings, vpc, subnets } = props;
    // RDS makes another proxy for other subnets, while the old one still has its name.
    const identity = identityOf(
      this,
      subnets.map(({ subnetId }) => subnetId),
    );
    // Known at synthesis, so that the log group can be created first: one that RDS creates is never deleted.
    const dbProxyName =
      `${Names.uniqueResourceName(this, { maxLength: 51, separator: '-' })}-${identity}`.toLowerCase();
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/rds/proxy/${dbProxyName}`,
      retention: props.logRetentionDays,
      encryptionKey: props.logsKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const securityGroup = this.securityGroup(props);
    const role = this.role(props.secret);
    this.proxy = new DatabaseProxy(this, 'Resource', {
      dbProxyName,
      proxyTarget: this.target(props.primary),
      secrets: [props.secret],
      // CDK would allow the key outside of Secrets Manager as well.
      role: role.withoutPolicyUpdates(),
      vpc,
      vpcSubnets: { subnets },
      securityGroups: [securityGroup],
      requireTLS: true,
      clientPasswordAuthType: ClientPasswordAuthType.POSTGRES_SCRAM_SHA_256,
      // The application keeps connections open for days; an IAM token is valid for 15 minutes.
      iamAuth: false,
      // Logged statements would contain customers' messages.
      debugLogging: false,
      borrowTimeout: Duration.seconds(settings.borrowTimeoutSeconds),
      idleClientTimeout: Duration.seconds(settings.idleClientTimeoutSeconds),
      maxConnectionsPercent: settings.maxConnectionsPercent,
      maxIdleConnectionsPercent: settings.maxIdleConnectionsPercent,
    });
    // The proxy and its target group wait for the rules too: without them no target becomes available.
    this.proxy.node.addDependency(logs, securityGroup, role);
    // CDK creates it and does not expose it.
    const targetGroup = this.proxy.node.findChild('ProxyTargetGroup') as CfnDBProxyTargetGroup;
    this.proxyName = followed(this.proxy.dbProxyName, 'Proxy', identity);
    this.proxyArn = followed(this.proxy.dbProxyArn, 'Proxy', identity);
    this.targetGroupArn = followed(targetGroup.attrTargetGroupArn, 'Proxy', identity);
  }

  /** Reads the secret, and its key through Secrets Manager alone (RDS User Guide, "Configuring IAM authentication for RDS Proxy"). */
  private role(secret: ISecret): Role {
    const role = new Role(this, 'Role', {
      description: 'Lets the proxy read the password of app_user',
      assumedBy: new ServicePrincipal('rds.amazonaws.com'),
    });
    for (const statement of readStatements(this, secret)) role.addToPolicy(statement);
    return role;
  }

  /** Without security groups: CDK would open the primary's own in the primary's stack, and once more than ours. */
  private target({ instance }: DatabaseServer): ProxyTarget {
    return ProxyTarget.fromInstance(
      DatabaseInstance.fromDatabaseInstanceAttributes(this, 'Target', {
        instanceIdentifier: instance.instanceIdentifier,
        instanceEndpointAddress: instance.dbInstanceEndpointAddress,
        port: POSTGRES_PORT,
        securityGroups: [],
        engine: instance.engine,
      }),
    );
  }

  /**
   * The primary, and Secrets Manager: a proxy that cannot read its secret is said to stay in PENDING_PROXY_CAPACITY. RDS documents no
   * such rule, and reads secrets from its own network as far as we know: unconfirmed, and the rule opens nothing else.
   */
  private securityGroup({ vpc, primary, secretsManager }: ConnectionProxyProps): SecurityGroup {
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: `RDS Proxy of ${Stack.of(this).stackName}`,
      allowAllOutbound: false,
    });
    allowTo({ connections: securityGroup.connections }, [primary.instance]);
    securityGroup.addEgressRule(secretsManager, Port.HTTPS, 'Secrets Manager, for the secret of app_user');
    return securityGroup;
  }
}
