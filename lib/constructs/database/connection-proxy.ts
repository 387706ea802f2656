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

/** RDS Proxy before the primary. */
export interface ConnectionProxyProps {
  readonly settings: NonNullable<EnvironmentConfig['proxy']>;
  readonly logRetentionDays: EnvironmentConfig['logRetentionDays'];
  readonly primary: DatabaseInstance;
  /** The user that the proxy logs in, and lets log in. */
  readonly secret: ISecret;
  readonly vpc: IVpc;
  readonly subnets: ISubnet[];
  readonly securityGroup: SecurityGroup;
  readonly logsKey: IKey;
}

/**
 * RDS Proxy in place of PgBouncer, for the primary only: RDS Proxy cannot have a replica of an instance as its target (RDS User
 * Guide, "Using RDS Proxy"). What each setting of PgBouncer became is in the README, "Pooling".
 */
export class ConnectionProxy extends Construct {
  readonly proxy: DatabaseProxy;
  /** What the proxy leads to; registering another server asks for it. */
  readonly targetGroupArn: string;

  constructor(scope: Construct, id: string, props: ConnectionProxyProps) {
    super(scope, id);
    const { settings, primary, secret, vpc, subnets, securityGroup } = props;
    // Known at synthesis, unlike a name that RDS makes up, so that the log group can be made first: RDS's own is never deleted.
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
      // The application holds its connections open for days; an IAM token is good for 15 minutes.
      iamAuth: false,
      // Statements in the log would be customers' messages.
      debugLogging: false,
      borrowTimeout: Duration.seconds(settings.borrowTimeoutSeconds),
      idleClientTimeout: Duration.seconds(settings.idleClientTimeoutSeconds),
      maxConnectionsPercent: settings.maxConnectionsPercent,
      maxIdleConnectionsPercent: settings.maxIdleConnectionsPercent,
    });
    this.proxy.node.addDependency(logs);
    // CDK makes it and keeps it to itself.
    this.targetGroupArn = (this.proxy.node.findChild('ProxyTargetGroup') as CfnDBProxyTargetGroup).attrTargetGroupArn;
    acknowledge(
      this,
      INLINE_POLICY_RULES,
      'the policy is made with the proxy’s role, serves it alone and goes with it',
    );
  }
}
