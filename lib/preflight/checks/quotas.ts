import { DescribeAddressesCommand, paginateDescribeVpcEndpoints, paginateDescribeVpcs } from '@aws-sdk/client-ec2';
import { type AccountQuota, DescribeAccountAttributesCommand, paginateDescribeDBProxies } from '@aws-sdk/client-rds';
import { GetAWSDefaultServiceQuotaCommand, GetServiceQuotaCommand } from '@aws-sdk/client-service-quotas';
import { drillPlacement } from '../../config/derived/drill-placement';
import { ask, askAll, askFor } from '../../account/ask';
import type { Aws } from '../../account/aws';
import { type Check, check, type Finding, ok, refused, shared } from '../check';
import type { DeployedStack } from '../../account/deployed';
import { regionsOf, resourcesIn, type Wanted } from '../wanted';

/** A quota, what counts towards it, and what the environment adds. */
interface Quota {
  /** With the unit. */
  readonly name: string;
  readonly region: string;
  /** Type of the resources that count. */
  readonly type: string;
  /** What one of them counts. Default 1. */
  readonly each?: number;
  /** Resources that the templates do not have: servers that are restored for a while. Default 0. */
  readonly temporary?: number;
  readonly ask: (aws: Aws) => Promise<Usage>;
}

/** What the account uses of a quota, and its value; undefined where AWS does not tell. */
interface Usage {
  readonly used: number | undefined;
  readonly maximum: number | undefined;
}

type Deployed = (aws: Aws) => Promise<readonly DeployedStack[]>;

/**
 * Whether the quotas leave room for what the templates have and the account does not have yet. CloudWatch has no quota of alarms
 * (CloudWatch User Guide, "CloudWatch service quotas").
 */
export function quotaChecks(wanted: Wanted, deployed: Deployed): Check[] {
  return regionsOf(wanted).flatMap((region) =>
    [...serverQuotas(wanted, region), ...networkQuotas(wanted, region)].flatMap((quota) => {
      const { name, type, each = 1, temporary = 0 } = quota;
      const inTemplates = resourcesIn(wanted, region, type).filter(counts).length;
      if (inTemplates + temporary === 0) return [];
      return [
        check(
          `quota of ${name} in ${region}`,
          async (aws) => ({ usage: await quota.ask(aws), existing: countOf(await deployed(aws), region, type) }),
          ({ usage, existing }) => {
            const more = (Math.max(0, inTemplates - existing) + temporary) * each;
            return decideQuota(usage, more, quota.name);
          },
        ),
      ];
    }),
  );
}

/** Gateway endpoints have a quota of their own. */
function counts({ type, properties }: { type: string; properties: Readonly<Record<string, unknown>> }): boolean {
  return type !== 'AWS::EC2::VPCEndpoint' || properties['VpcEndpointType'] === 'Interface';
}

function countOf(deployed: readonly DeployedStack[], region: string, type: string): number {
  const resources = deployed.filter((stack) => stack.region === region).flatMap((stack) => stack.resources);
  return resources.filter((resource) => resource.type === type).length;
}

function serverQuotas(wanted: Wanted, region: string): Quota[] {
  const account = shared((aws) => askAccountQuotas(aws, region));
  // RDS tells usage and maximum of these by itself.
  const told = (AccountQuotaName: string) => async (aws: Aws) => {
    const found = (await account(aws)).find((quota) => quota.AccountQuotaName === AccountQuotaName);
    return { used: found?.Used, maximum: found?.Max };
  };
  const servers = { region, type: 'AWS::RDS::DBInstance', temporary: restoredAtOnce(wanted, region) };
  return [
    { ...servers, name: 'DB instances', ask: told('DBInstances') },
    // Replicas and restored servers have the storage of the primary.
    {
      ...servers,
      name: 'DB storage, GiB,',
      each: wanted.config.database.allocatedStorageGiB,
      ask: told('AllocatedStorage'),
    },
    {
      region,
      name: 'DB parameter groups',
      type: 'AWS::RDS::DBParameterGroup',
      ask: told('DBParameterGroups'),
    },
    { region, name: 'DB subnet groups', type: 'AWS::RDS::DBSubnetGroup', ask: told('DBSubnetGroups') },
    {
      region,
      name: 'RDS proxies',
      type: 'AWS::RDS::DBProxy',
      ask: (aws) => {
        const pages = paginateDescribeDBProxies({ client: aws(region).rds }, {});
        const used = askAll('rds:DescribeDBProxies', pages, (page) => page.DBProxies);
        return usage(aws, region, { service: 'rds', code: 'L-D94C7EA3' }, used);
      },
    },
  ];
}

/** Servers that drills, restore tests and a recovery may have in a region next to each other. */
function restoredAtOnce({ config }: Wanted, region: string): number {
  const placement = drillPlacement(config);
  const home = region === config.region;
  const drill = (home ? placement.home : placement.recoveryRegion).length > 0;
  return [drill, home && config.backups.restoreTesting, region === config.backups.recoveryRegion].filter(Boolean)
    .length;
}

function networkQuotas({ config }: Wanted, region: string): Quota[] {
  const { network } = config;
  return [
    {
      region,
      name: 'VPCs',
      type: 'AWS::EC2::VPC',
      ask: (aws) => {
        const pages = paginateDescribeVpcs({ client: aws(region).ec2 }, {});
        const used = askAll('ec2:DescribeVpcs', pages, (page) => page.Vpcs);
        return usage(aws, region, { service: 'vpc', code: 'L-F678F1CE' }, used);
      },
    },
    {
      region,
      name: 'interface endpoints of the VPC',
      type: 'AWS::EC2::VPCEndpoint',
      ask: (aws) => {
        const used = network.kind === 'import' ? askEndpoints(aws, region, network.vpcId) : Promise.resolve([]);
        return usage(aws, region, { service: 'vpc', code: 'L-29B6F2EB' }, used);
      },
    },
    {
      region,
      name: 'elastic addresses',
      type: 'AWS::EC2::EIP',
      ask: (aws) => {
        const call = () => aws(region).ec2.send(new DescribeAddressesCommand({}));
        const used = ask('ec2:DescribeAddresses', call).then(({ Addresses = [] }) => Addresses);
        return usage(aws, region, { service: 'ec2', code: 'L-0263D0A3' }, used);
      },
    },
  ];
}

async function askAccountQuotas(aws: Aws, region: string): Promise<AccountQuota[]> {
  const call = () => aws(region).rds.send(new DescribeAccountAttributesCommand({}));
  return (await ask('rds:DescribeAccountAttributes', call)).AccountQuotas ?? [];
}

function askEndpoints(aws: Aws, region: string, vpcId: string) {
  const Filters = [
    { Name: 'vpc-id', Values: [vpcId] },
    { Name: 'vpc-endpoint-type', Values: ['Interface'] },
  ];
  const pages = paginateDescribeVpcEndpoints({ client: aws(region).ec2 }, { Filters });
  return askAll('ec2:DescribeVpcEndpoints', pages, (page) => page.VpcEndpoints);
}

async function usage(
  aws: Aws,
  region: string,
  quota: { readonly service: string; readonly code: string },
  existing: Promise<readonly unknown[]>,
): Promise<Usage> {
  const [found, maximum] = await Promise.all([existing, askMaximum(aws, region, quota)]);
  return { used: found.length, maximum };
}

/** The value that applies to the account; where nobody ever changed it, Service Quotas may know only the default. */
async function askMaximum(
  aws: Aws,
  region: string,
  { service: ServiceCode, code: QuotaCode }: { readonly service: string; readonly code: string },
): Promise<number | undefined> {
  const { serviceQuotas } = aws(region);
  const absent = /^NoSuchResource/;
  const applied = await askFor('servicequotas:GetServiceQuota', absent, () =>
    serviceQuotas.send(new GetServiceQuotaCommand({ ServiceCode, QuotaCode })),
  );
  if (applied?.Quota?.Value !== undefined) return applied.Quota.Value;
  const usual = await askFor('servicequotas:GetAWSDefaultServiceQuota', absent, () =>
    serviceQuotas.send(new GetAWSDefaultServiceQuotaCommand({ ServiceCode, QuotaCode })),
  );
  return usual?.Quota?.Value;
}

function decideQuota({ used, maximum }: Usage, more: number, what: string): Finding {
  if (used === undefined || maximum === undefined) {
    return {
      status: 'not checked',
      found: `AWS does not tell the quota; the environment adds ${more}`,
      action: 'compare with the quota in the console of Service Quotas',
    };
  }
  const found = `${used} of ${maximum} in use, and the environment adds ${more}`;
  if (used + more <= maximum) return ok(found);
  return refused(
    found,
    `at most ${maximum} together`,
    `ask for a quota of at least ${used + more} in the console of Service Quotas, or delete ${what.replace(/,.*/, '')} that nobody needs`,
  );
}
