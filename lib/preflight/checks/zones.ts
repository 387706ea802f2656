import { type AvailabilityZone, DescribeAvailabilityZonesCommand } from '@aws-sdk/client-ec2';
import { ask } from '../../account/ask';
import { type Check, check, type Finding, ok, refused } from '../check';
import { resourcesIn, type Wanted } from '../wanted';

/**
 * Zones without RDS Proxy, and without some of Lambda and of the interface endpoints (RDS User Guide, "Quotas and limitations for RDS
 * Proxy"; for Lambda and the endpoints: reports of users). A letter stands for another zone in each account, so only the id tells.
 */
const LIMITED_ZONES: readonly string[] = ['use1-az3'];

/** Whether the account has the configured zones, and whether what is deployed in them is offered there. */
export function zoneChecks(wanted: Wanted): Check[] {
  const { region, network } = wanted.config;
  const asked = async (...[aws]: Parameters<Check['run']>) => {
    const command = new DescribeAvailabilityZonesCommand({ AllAvailabilityZones: true });
    return (await ask('ec2:DescribeAvailabilityZones', () => aws(region).ec2.send(command))).AvailabilityZones ?? [];
  };
  return [check('zones', asked, (zones) => decideZones(zones, network.availabilityZones, limitedUses(wanted)))];
}

/** What the environment puts in its zones that a limited zone does not offer. */
function limitedUses(wanted: Wanted): string[] {
  const has = (type: string, where: (properties: Readonly<Record<string, unknown>>) => boolean = () => true) =>
    resourcesIn(wanted, wanted.config.region, type).some(({ properties }) => where(properties));
  return [
    ...(has('AWS::RDS::DBProxy') ? ['RDS Proxy'] : []),
    ...(has('AWS::Lambda::Function', (properties) => 'VpcConfig' in properties) ? ['functions in the VPC'] : []),
    ...(has('AWS::EC2::VPCEndpoint') ? ['interface endpoints'] : []),
  ];
}

function decideZones(zones: readonly AvailabilityZone[], wanted: readonly string[], uses: readonly string[]): Finding {
  const usable = zones.filter(
    ({ State, OptInStatus, ZoneType }) =>
      State !== 'unavailable' &&
      OptInStatus !== 'not-opted-in' &&
      (ZoneType === undefined || ZoneType === 'availability-zone'),
  );
  const idOf = (zone: string) => usable.find(({ ZoneName }) => ZoneName === zone)?.ZoneId;
  const faults = wanted.flatMap((zone) => {
    const id = idOf(zone);
    if (id === undefined) return [`${zone} is not an available zone of this account`];
    return LIMITED_ZONES.includes(id) && uses.length > 0 ? [`${zone} is ${id}, without ${uses.join(', ')}`] : [];
  });
  const list = (each: readonly string[]) => each.map((zone) => `${zone} (${idOf(zone)})`).join(', ');
  if (faults.length === 0) return ok(list(wanted));
  const allowed = usable.filter(({ ZoneId = '' }) => uses.length === 0 || !LIMITED_ZONES.includes(ZoneId));
  return refused(
    faults.join('; '),
    list(allowed.map(({ ZoneName = '' }) => ZoneName)),
    'change network.availabilityZones, and the zones of replicas that name it, in lib/config',
  );
}
