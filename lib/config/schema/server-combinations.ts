import { CONNECTION_LIMITS } from '../../contract/roles';
import { instanceClassOf } from '../aws/instance-classes';
import { parseCidr } from '../derived/ipv4';
import { parseWeeklyWindow, touchesDaily } from '../derived/weekly-window';
import { CACHE_SNAPSHOT_HOURS } from './cache/cache';
import type { Combination } from './combination';
import type { EnvironmentConfig } from './environment';

/** RDS's default of max_connections, LEAST({DBInstanceClassMemory/9531392},5000) (RDS User Guide, "Quotas", connections). */
const BYTES_PER_CONNECTION = 9_531_392;
const MOST_CONNECTIONS = 5000;
/** Largest prefix of a VPC with public subnets of 256 addresses, by its number of zones; without them the schema's /24 will do. */
const LARGEST_PREFIX: Readonly<Record<number, number>> = { 2: 22, 3: 21 };

/** Sessions of the master user, which runs the migrations, and of people who log in as it. */
const MASTER_CONNECTIONS = 10;
/** superuser_reserved_connections and rds.rds_superuser_reserved_connections with their defaults, 3 and 2. */
const RESERVED_CONNECTIONS = 5;

/** Combinations of servers with their memory, and of a network with its size. */
export const SERVER_COMBINATIONS: readonly Combination[] = [
  {
    reads: [
      'database.maxConnections',
      'database.instanceClass',
      'replicas',
      'drills.instanceClass',
      'backups.restoreTesting.instanceClass',
    ],
    refuses: (config) => {
      const limits = classesOf(config).map(([field, name]) => ({ field, name, most: mostConnections(name) }));
      const least = limits.reduce((worst, each) => (each.most < worst.most ? each : worst));
      return config.database.maxConnections > least.most
        ? `at most ${least.most}, as many as the memory of ${least.name} (${least.field}) carries`
        : undefined;
    },
  },
  {
    reads: ['database.maxConnections', 'proxy'],
    refuses: ({ database, proxy }) => {
      const roles = Object.values(CONNECTION_LIMITS).reduce((sum, limit) => sum + limit, 0);
      const others = roles + MASTER_CONNECTIONS + RESERVED_CONNECTIONS;
      const percent = proxy?.maxConnectionsPercent ?? 0;
      const pool = Math.ceil((database.maxConnections * percent) / 100);
      if (database.maxConnections >= pool + others) return undefined;
      return `at least ${others} more than the proxy’s ${pool} (${percent} %): ${roles} for the other roles, ${MASTER_CONNECTIONS} for the master user and people, ${RESERVED_CONNECTIONS} that RDS reserves`;
    },
  },
  {
    reads: ['cache.maintenanceWindow', 'cache.snapshotDays'],
    refuses: ({ cache }) => {
      const window = cache && cache.snapshotDays > 0 && parseWeeklyWindow(cache.maintenanceWindow);
      return window && touchesDaily(window, CACHE_SNAPSHOT_HOURS.start, CACHE_SNAPSHOT_HOURS.end)
        ? 'a window outside 03:00-04:00 UTC, when the snapshot of a night begins'
        : undefined;
    },
  },
  {
    reads: ['network.cidr', 'network.publicSubnets', 'network.availabilityZones'],
    refuses: ({ network }) => {
      const zones = network.availabilityZones.length;
      const largest = LARGEST_PREFIX[zones];
      const prefix = parseCidr(network.cidr)?.prefix;
      return network.kind === 'create' && network.publicSubnets && largest && prefix && prefix > largest
        ? `/${largest} or a larger range, with public subnets in ${zones} zones`
        : undefined;
    },
  },
  {
    reads: ['access', 'network.endpointZones'],
    refuses: ({ access, network }) =>
      access && network.kind === 'create' && network.endpointZones === 0
        ? 'nothing with network.endpointZones 0, because people’s gateway reaches Systems Manager through an endpoint'
        : undefined,
  },
  {
    reads: ['network.databaseSubnetIds', 'network.applicationSubnetIds'],
    refuses: ({ network }) => {
      if (network.kind !== 'import') return undefined;
      const both = network.databaseSubnetIds.filter((id) => network.applicationSubnetIds.includes(id));
      return both.length > 0 ? `subnets that are not among applicationSubnetIds, as ${both.join(', ')} is` : undefined;
    },
  },
];

/** Every class that runs with the primary's parameters, after the field that names it. */
function classesOf({ database, replicas, drills, backups }: EnvironmentConfig): [field: string, name: string][] {
  const named: [string, string | undefined][] = [
    ['database.instanceClass', database.instanceClass],
    ...replicas.map(({ instanceClass }, i): [string, string | undefined] => [
      `replicas.${i}.instanceClass`,
      instanceClass,
    ]),
    ['drills.instanceClass', drills?.instanceClass],
    ['backups.restoreTesting.instanceClass', backups.restoreTesting?.instanceClass],
  ];
  return named.flatMap(([field, name]): [string, string][] => (name === undefined ? [] : [[field, name]]));
}

function mostConnections(name: string): number {
  const memoryGiB = instanceClassOf(name)?.memoryGiB ?? Infinity;
  return Math.min(MOST_CONNECTIONS, Math.floor((memoryGiB * 1024 ** 3) / BYTES_PER_CONNECTION));
}
