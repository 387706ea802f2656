import { type IConnectable, Port } from 'aws-cdk-lib/aws-ec2';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { type APP_USER, type DatabaseRole, READONLY_USER, RECOVERY_USER } from '../../contract/roles';
import type { DatabaseSecrets } from './database-secrets';
import { type DatabaseServer, POSTGRES_PORT } from './database-server';

/** A function, or another principal with a security group, that connects to the database. */
export type Workload = IGrantable & IConnectable;

/** What workloads connect to. */
interface Endpoints {
  /** The primary first, then the replicas. */
  readonly servers: readonly DatabaseServer[];
  readonly secrets: DatabaseSecrets;
}

/** Roles that log in with IAM tokens. */
export type TokenRole = Exclude<DatabaseRole, typeof APP_USER>;

/**
 * Lets a workload log in as `user` with IAM tokens: opens the security groups and grants the authentication. For `app_user`, which
 * has a secret, see ApplicationAccess.
 *  - `readonly_user` uses a token and connects to the replicas, where there are none to the primary.
 *  - `metrics_user`, `drill_user` and `dba_user` use a token and connect to every server.
 *  - `recovery_user` uses a token and connects to the primary, where it writes.
 */
export function grantConnect({ servers }: Pick<Endpoints, 'servers'>, workload: Workload, user: TokenRole): void {
  const [primary, ...replicas] = servers;
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

function instancesOf(servers: readonly (DatabaseServer | undefined)[]): DatabaseServer['instance'][] {
  return servers.flatMap((server) => server?.instance ?? []);
}
