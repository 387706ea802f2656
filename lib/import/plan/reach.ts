import { isIP } from 'node:net';
import type { Target } from '../../shared/connection/target';
import { type Obstacle, remark, when } from './obstacle';

/** Address of a server as the other server reaches it. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/**
 * Whether one server can reach the other. Nothing short of CREATE SUBSCRIPTION makes a server connect to another one, so the plan judges
 * the address and says what to open; `start` makes the attempt and undoes it where it fails.
 */
export function reachObstacles(source: HostPort, to: Target, wayBack: boolean): Obstacle[] {
  const isLocal =
    ['localhost', '::1'].includes(source.host) || /^127\./.test(source.host) || source.host.startsWith('/');
  const targetIsLocal = to.host === 'localhost' || /^127\./.test(to.host);
  const isPrivate = isIP(source.host) === 4 && /^(10|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(source.host);
  const where = `${source.host}:${source.port}`;
  return [
    ...when(isLocal && !targetIsLocal, () =>
      remark(
        'reach-local',
        `${where} means this machine, and the target would look for the source on its own`,
        'give the address at which the target reaches the source with --source-address <host:port>',
      ),
    ),
    ...when(isPrivate, () =>
      remark(
        'reach-private',
        `${where} is a private address`,
        'connect both networks first (VPC peering, transit gateway or VPN), or go by a bucket: see lib/import/README.md',
      ),
    ),
    ...when(!isLocal, () =>
      remark(
        'reach',
        `the target itself must reach ${where}${wayBack ? `, and for the way back the source must reach ${to.host}:${to.port}` : ''}`,
        `let the target's security group out to ${where}/TCP and the source's firewall and pg_hba.conf in from the target's NAT or private address; start tries it before it changes anything`,
      ),
    ),
  ];
}
