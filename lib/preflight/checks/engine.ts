import {
  type DBEngineVersion,
  type OrderableDBInstanceOption,
  paginateDescribeDBEngineVersions,
  paginateDescribeOrderableDBInstanceOptions,
} from '@aws-sdk/client-rds';
import { drillPlacement } from '../../config/derived/drill-placement';
import { askAll } from '../../account/ask';
import type { Aws } from '../../account/aws';
import { type Check, check, type Finding, ok, refused } from '../check';
import { regionsOf, resourcesIn, type Wanted } from '../wanted';

const ENGINE = 'postgres';

/** A server that somebody will order. */
interface Order {
  readonly region: string;
  /** With the `db.` prefix. */
  readonly instanceClass: string;
  readonly version: string;
  readonly storageType: string;
  readonly multiAz: boolean;
  /** Zones that it may be placed in; none where RDS chooses among all of the region. */
  readonly zones: readonly string[];
  /** Such as `primary`. */
  readonly use: string;
}

/** Whether RDS offers the engine version, and every class that is deployed or restored, in every zone that it is placed in. */
export function engineChecks(wanted: Wanted): Check[] {
  const orders = ordersOf(wanted);
  const versions = regionsOf(wanted).flatMap((region) => {
    const order = orders.find((each) => each.region === region);
    const [group] = resourcesIn(wanted, region, 'AWS::RDS::DBParameterGroup');
    const family = group?.properties['Family'] as string | undefined;
    if (!order || family === undefined) return [];
    return [
      check(
        `PostgreSQL ${order.version} in ${region}`,
        (aws) => askVersions(aws, region, family),
        (found) => decideVersion(found, order.version),
      ),
    ];
  });
  const classes = groupOrders(orders).map((alike) => {
    const [order] = alike;
    return check(
      `${order.instanceClass} in ${order.region}`,
      (aws) => askOptions(aws, order),
      (options) => decideOrders(options, alike),
    );
  });
  return [...versions, ...classes];
}

/** Every server: those of the templates, and those that drills, restore tests and a recovery in the other region restore. */
function ordersOf(wanted: Wanted): Order[] {
  const { region, network, drills, backups } = wanted.config;
  const servers = resourcesIn(wanted, region, 'AWS::RDS::DBInstance').map(({ properties }) => properties);
  const primary = servers.find((properties) => !('SourceDBInstanceIdentifier' in properties));
  if (!primary) throw new Error(`the templates of ${wanted.config.name} have no primary; allowed: one`);
  const like = {
    region,
    version: primary['EngineVersion'] as string,
    storageType: primary['StorageType'] as string,
    instanceClass: primary['DBInstanceClass'] as string,
    multiAz: false,
    zones: network.availabilityZones as readonly string[],
  };
  const withPrefix = (name: string | undefined) => (name === undefined ? like.instanceClass : `db.${name}`);
  const deployed = servers.map((properties): Order => {
    const zone = properties['AvailabilityZone'] as string | undefined;
    return {
      ...like,
      instanceClass: properties['DBInstanceClass'] as string,
      storageType: properties['StorageType'] as string,
      multiAz: properties['MultiAZ'] === true,
      zones: zone === undefined ? like.zones : [zone],
      use: properties === primary ? 'primary' : 'replica',
    };
  });
  const { home, recoveryRegion } = drillPlacement(wanted.config);
  const drill = { ...like, instanceClass: withPrefix(drills?.instanceClass), use: 'restore drill' };
  const test = { ...like, instanceClass: withPrefix(backups.restoreTesting?.instanceClass), use: 'restore test' };
  const elsewhere = { region: backups.recoveryRegion ?? '', zones: [] };
  return [
    ...deployed,
    ...(home.length > 0 ? [drill, { ...drill, instanceClass: like.instanceClass }] : []),
    ...(backups.restoreTesting ? [test] : []),
    ...(backups.recoveryRegion ? [{ ...like, ...elsewhere, use: 'recovery' }] : []),
    ...(recoveryRegion.length > 0 ? [{ ...drill, ...elsewhere }] : []),
  ];
}

/** Orders of the same class in the same region are one question. */
function groupOrders(orders: readonly Order[]): [Order, ...Order[]][] {
  const groups = new Map<string, [Order, ...Order[]]>();
  for (const order of orders) {
    const key = [order.region, order.instanceClass, order.version].join(' ');
    const group = groups.get(key);
    if (group) group.push(order);
    else groups.set(key, [order]);
  }
  return [...groups.values()];
}

function askVersions(aws: Aws, region: string, family: string): Promise<DBEngineVersion[]> {
  const pages = paginateDescribeDBEngineVersions(
    { client: aws(region).rds },
    { Engine: ENGINE, DBParameterGroupFamily: family },
  );
  return askAll('rds:DescribeDBEngineVersions', pages, (page) => page.DBEngineVersions);
}

function askOptions(aws: Aws, { region, version, instanceClass }: Order): Promise<OrderableDBInstanceOption[]> {
  const pages = paginateDescribeOrderableDBInstanceOptions(
    { client: aws(region).rds },
    { Engine: ENGINE, EngineVersion: version, DBInstanceClass: instanceClass, Vpc: true },
  );
  return askAll('rds:DescribeOrderableDBInstanceOptions', pages, (page) => page.OrderableDBInstanceOptions);
}

function decideVersion(versions: readonly DBEngineVersion[], wanted: string): Finding {
  const offered = versions.flatMap(({ EngineVersion, Status }) =>
    EngineVersion !== undefined && Status !== 'deprecated' ? [EngineVersion] : [],
  );
  if (offered.includes(wanted)) return ok(`offered, among ${offered.length} minor versions`);
  const action = 'change database.engineVersion in lib/config';
  return refused(`RDS does not offer ${wanted}`, offered.join(', ') || 'no version of this major', action);
}

function decideOrders(options: readonly OrderableDBInstanceOption[], orders: readonly [Order, ...Order[]]): Finding {
  const [{ version, instanceClass }] = orders;
  const uses = [...new Set(orders.map(({ use }) => use))].join(', ');
  if (options.length === 0) {
    return refused(
      `RDS does not offer ${instanceClass} with PostgreSQL ${version}; used by: ${uses}`,
      'a class that `aws rds describe-orderable-db-instance-options` lists',
      'change the class, or the region, in lib/config',
    );
  }
  const faults = [...new Set(orders.flatMap((order) => orderFaults(options, order)))];
  if (faults.length === 0) return ok(`orderable for: ${uses}`);
  return refused(faults.join('; '), offerText(options), 'change the class or the zones in lib/config');
}

function orderFaults(options: readonly OrderableDBInstanceOption[], order: Order): string[] {
  const { instanceClass, storageType, multiAz, zones, use } = order;
  const stored = options.filter((option) => option.StorageType === storageType);
  if (stored.length === 0) return [`${use}: ${instanceClass} has no ${storageType} storage`];
  const fitting = stored.filter(
    ({ MultiAZCapable, ReadReplicaCapable }) =>
      (!multiAz || MultiAZCapable) && (use !== 'replica' || ReadReplicaCapable !== false),
  );
  if (fitting.length === 0) {
    return [`${use}: ${instanceClass} with ${storageType} has no ${multiAz ? 'Multi-AZ' : 'read replicas'}`];
  }
  const offered = zonesOf(fitting);
  const missing = zones.filter((zone) => !offered.includes(zone));
  return missing.length === 0 ? [] : [`${use}: ${instanceClass} with ${storageType} is not in ${missing.join(', ')}`];
}

function zonesOf(options: readonly OrderableDBInstanceOption[]): string[] {
  return [...new Set(options.flatMap(({ AvailabilityZones = [] }) => AvailabilityZones.map(({ Name = '' }) => Name)))];
}

function offerText(options: readonly OrderableDBInstanceOption[]): string {
  return options
    .map((option) => {
      const multiAz = option.MultiAZCapable ? 'with' : 'without';
      return `${option.StorageType} ${multiAz} Multi-AZ in ${zonesOf([option]).sort().join(', ')}`;
    })
    .join('; ');
}
