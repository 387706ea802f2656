import { GetCallerIdentityCommand, type GetCallerIdentityResponse } from '@aws-sdk/client-sts';
import { DescribeRegionsCommand, type Region } from '@aws-sdk/client-ec2';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { ask } from '../../account/ask';
import type { Aws } from '../../account/aws';
import { type Check, check, type Finding, ok, refused } from '../check';

/** A region that is enabled in every account of the partition: the only one that can be asked whether another one is. */
function askedRegion(region: string): string {
  if (region.startsWith('cn-')) return 'cn-north-1';
  return region.startsWith('us-gov-') ? 'us-gov-west-1' : 'us-east-1';
}

/** Who asks. */
export function askCaller(aws: Aws, region: string): Promise<GetCallerIdentityResponse> {
  return ask('sts:GetCallerIdentity', () => aws(askedRegion(region)).sts.send(new GetCallerIdentityCommand({})));
}

/** Whether the credentials are those of the configured account. */
export function decideAccount(
  { Account, Arn }: GetCallerIdentityResponse,
  { accountId, name }: Pick<EnvironmentConfig, 'accountId' | 'name'>,
): Finding {
  const found = `${Account}, as ${Arn}`;
  if (accountId === undefined) return ok(`${found}; the configuration names no account`);
  if (accountId === Account) return ok(found);
  return refused(
    found,
    `${accountId}, the accountId in lib/config/${name}.ts`,
    'use credentials of that account, for example with AWS_PROFILE, or correct accountId',
  );
}

/** Whether the regions that the environment deploys to exist and are enabled in the account. */
export function regionChecks(config: EnvironmentConfig): Check[] {
  const { region, backups } = config;
  return [region, ...(backups.recoveryRegion ? [backups.recoveryRegion] : [])].map((each) =>
    check(
      `region ${each}`,
      (aws) => askRegions(aws, each),
      (regions) => decideRegion(regions, each),
    ),
  );
}

async function askRegions(aws: Aws, region: string): Promise<Region[]> {
  const command = new DescribeRegionsCommand({ AllRegions: true });
  return (await ask('ec2:DescribeRegions', () => aws(askedRegion(region)).ec2.send(command))).Regions ?? [];
}

function decideRegion(regions: readonly Region[], region: string): Finding {
  const found = regions.find(({ RegionName }) => RegionName === region);
  if (!found) {
    const names = regions.map(({ RegionName }) => RegionName).sort();
    return refused(`${region} is not a region of this account`, names.join(', '), 'correct the region in lib/config');
  }
  if (found.OptInStatus === 'not-opted-in') {
    return refused(
      `${region} is not enabled in this account`,
      'opt-in-not-required or opted-in',
      `aws account enable-region --region-name ${region}, and wait until it is enabled`,
    );
  }
  return ok(found.OptInStatus ?? 'enabled');
}
