import { Token } from 'aws-cdk-lib';
import { CfnSecurityGroupIngress, type IConnectable, Port, type SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { APP_USER, type DatabaseRole, READONLY_USER, RECOVERY_USER } from '../../contract/roles';
import { acknowledge, packRules } from '../acknowledge';
import type { ConnectionProxy } from './connection-proxy';
import type { DatabaseSecrets } from './database-secrets';
import { type DatabaseServer, POSTGRES_PORT } from './database-server';

/** A function, or another principal with a security group, that connects to the database. */
export type Workload = IGrantable & IConnectable;

/** What workloads connect to. */
interface Endpoints {
  /** The primary first, then the replicas. */
  readonly servers: readonly DatabaseServer[];
  readonly secrets: DatabaseSecrets;
  readonly proxy?: ConnectionProxy;
}

/**
 * Lets a workload log in as `user`: opens the security groups, and grants either the secret or IAM authentication.
 *  - `app_user` reads its secret. It writes through the proxy and reads from the replicas; without a proxy it connects to the primary.
 *  - `readonly_user` uses a token and connects to the replicas, where there are none to the primary.
 *  - `metrics_user` and `drill_user` use a token and connect to every server.
 *  - `recovery_user` uses a token and connects to the primary, where it writes.
 */
export function grantConnect({ servers, secrets, proxy }: Endpoints, workload: Workload, user: DatabaseRole): void {
  const [primary, ...replicas] = servers;
  if (user === APP_USER) {
    secrets.grantRead('Application', workload);
    allowTo(workload, proxy ? [proxy.proxy, ...instancesOf(replicas)] : instancesOf([primary]));
    return;
  }
  const reached =
    user === RECOVERY_USER ? [primary] : user === READONLY_USER && replicas.length > 0 ? replicas : servers;
  for (const instance of instancesOf(reached)) instance.grantConnect(workload, user);
  allowTo(workload, instancesOf(reached));
}

/** Lets the migrations read both secrets and connect to the primary, never through the proxy. */
export function grantMigrate({ servers: [primary], secrets }: Endpoints, workload: Workload): void {
  secrets.grantRead('Master', workload);
  secrets.grantRead('Application', workload);
  allowTo(workload, instancesOf([primary]));
}

/** Opens the port of the targets. The rules are made in the workload's stack, so that the database's stack does not depend on it. */
export function allowTo(workload: IConnectable, targets: readonly IConnectable[]): void {
  for (const target of targets) workload.connections.allowTo(target, Port.tcp(POSTGRES_PORT), 'PostgreSQL');
}

/** Accepts the rules that CDK itself adds to the servers' security group, for the proxy and the rotations. */
export function acknowledgeIngress(serverSecurityGroup: SecurityGroup): void {
  // CDK reads their port from the instance, so it is a token here and in the packs.
  const rules = serverSecurityGroup.node.children.filter(
    (child) => child instanceof CfnSecurityGroupIngress && Token.isUnresolved(child.fromPort),
  );
  for (const rule of rules) {
    acknowledge(
      rule,
      packRules('EC2RestrictedCommonPorts', 'EC2RestrictedSSH'),
      'the rules cannot read the port, which is the database’s own; the ingress names one security group of this VPC',
    );
  }
}

function instancesOf(servers: readonly (DatabaseServer | undefined)[]): DatabaseServer['instance'][] {
  return servers.flatMap((server) => server?.instance ?? []);
}
