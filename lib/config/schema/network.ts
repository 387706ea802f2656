import { z } from 'zod';
import { availabilityZone, cidr } from './fields';

/** Two at least: RDS wants subnets in two zones, also for one server (RDS User Guide, "Working with DB subnet groups"). */
const zones = z.array(availabilityZone).min(2).max(3);
const endpointZones = z.int().min(0).max(3).default(2);
const subnetIds = z
  .array(z.string().regex(/^subnet-[0-9a-f]{8,17}$/, 'a subnet id'))
  .min(2)
  .max(3);

const createdNetwork = z.strictObject({
  kind: z.literal('create'),
  /** Address range of the VPC. Default 10.0.0.0/16. */
  cidr: cidr.default('10.0.0.0/16'),
  /** Zones of the subnets, two or three. Named here, so that a synthesis does not ask the account. */
  availabilityZones: zones,
  /** Public subnets, for a load balancer or NAT gateways. Default none: a database needs no route to the internet. */
  publicSubnets: z.boolean().default(false),
  /** NAT gateways, each about $33 a month. Default 0: private functions use interface endpoints. */
  natGateways: z.int().min(0).max(3).default(0),
  /** Zones with interface endpoints, each $7.30 a month per service; the other zones use them across zones. Default 2. */
  endpointZones,
});

const importedNetwork = z.strictObject({
  kind: z.literal('import'),
  vpcId: z.string().regex(/^vpc-[0-9a-f]{8,17}$/, 'a VPC id such as "vpc-0123456789abcdef0"'),
  /** Address range of the VPC. */
  cidr,
  /** Zones of the subnets below, in the same order. */
  availabilityZones: zones,
  /** Private subnets for functions, one in each zone. */
  applicationSubnetIds: subnetIds,
  /** Private subnets for the database and its proxy, one in each zone. */
  databaseSubnetIds: subnetIds,
  /** As above; 0 where the VPC already reaches Secrets Manager and CloudWatch. Default 2. */
  endpointZones,
});

/** The VPC of an environment: created with it, or an existing one. */
export const networkSchema = z.discriminatedUnion('kind', [createdNetwork, importedNetwork], {
  error: 'an object whose kind is "create" or "import"',
});
