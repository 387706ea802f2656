import { Duration, Names, RemovalPolicy } from 'aws-cdk-lib';
import { type ISubnet, type IVpc, type SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  type CfnDBProxyTargetGroup,
  ClientPasswordAuthType,
  type DatabaseInstance,
  DatabaseProxy,
  ProxyTarget,
} from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { acknowledge, INLINE_POLICY_RULES } from '../acknowledge';

/** RDS Proxy in front of the primary. */
export interface ConnectionProxyProps {
  readonly settings: NonNullable<EnvironmentConfig['proxy']>;
  readonly logRetentionDays: EnvironmentConfig['logRetentionDays'];
  readonly primary: DatabaseInstance;
  /** Login that the proxy uses at the primary and accepts from clients. */
  readonly secret: ISecret;
  readonly vpc: IVpc;
  readonly subnets: ISubnet[];
  readonly securityGroup: SecurityGroup;
  readonly logsKey: IKey;
}

/**
 * RDS Proxy in place of PgBouncer, for the primary only: RDS Proxy cannot have a replica of an instance as its target (RDS User
 * Guide, "Using RDS Proxy"). What each setting of PgBouncer became: README.md in lib/constructs, "Pooling".
 */
export class ConnectionProxy extends Construct {
  readonly proxy: DatabaseProxy;
  /** Target group of the proxy; a recovery registers another server in it. */
  readonly targetGroupArn: string;

  constructor(scope: Construct, id: string, props: ConnectionProxyProps) {
    super(scope, id);
    const { settings, primary, secret, vpc, subnets, securityGroup } = props;
    // Known at synthesis, so that the log group can be created first: one that RDS creates is never deleted.
    const dbProxyName = Names.uniqueResourceName(this, { maxLength: 60, separator: '-' }).toLowerCase();
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/rds/proxy/${dbProxyName}`,
      retention: props.logRetentionDays,
      encryptionKey: props.logsKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.proxy = new DatabaseProxy(this, 'Resource', {
      dbProxyName,
      proxyTarget: ProxyTarget.fromInstance(primary),
      secrets: [secret],
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
    this.proxy.node.addDependency(logs);
    // CDK creates it and does not expose it.
    this.targetGroupArn = (this.proxy.node.findChild('ProxyTargetGroup') as CfnDBProxyTargetGroup).attrTargetGroupArn;
    acknowledge(
      this,
      INLINE_POLICY_RULES,
      'the policy is made with the proxy’s role, serves it alone and goes with it',
    );
  }
}
