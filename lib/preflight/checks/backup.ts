import { DescribeRegionSettingsCommand } from '@aws-sdk/client-backup';
import type { AssemblyResource } from '../../assembly/environment-assembly';
import { ask } from '../../account/ask';
import { type Check, check, type Finding, ok, refused, warning } from '../check';
import { regionsOf, resourcesIn, type Wanted } from '../wanted';

/** Whether AWS Backup handles RDS in each region with a backup selection: without the opt-in a selection by tag finds no server. */
export function backupChecks(wanted: Wanted): Check[] {
  return regionsOf(wanted).flatMap((region) => {
    const selections = resourcesIn(wanted, region, 'AWS::Backup::BackupSelection');
    if (selections.length === 0) return [];
    return [
      check(
        `AWS Backup in ${region}`,
        async (aws) => {
          const call = () => aws(region).backup.send(new DescribeRegionSettingsCommand({}));
          return (await ask('backup:DescribeRegionSettings', call)).ResourceTypeOptInPreference?.['RDS'];
        },
        (optedIn) => decideOptIn(optedIn, region, selections.every(namesItsResources)),
      ),
    ];
  });
}

/** A selection that names its resources, not only their tags, does not depend on the opt-in (AWS Backup API, UpdateRegionSettings). */
function namesItsResources({ properties }: AssemblyResource): boolean {
  const { Resources = [] } = (properties['BackupSelection'] ?? {}) as { readonly Resources?: readonly unknown[] };
  return Resources.length > 0;
}

function decideOptIn(optedIn: boolean | undefined, region: string, named: boolean): Finding {
  if (optedIn) return ok('opted in to RDS');
  const found = 'not opted in to RDS';
  const action = `aws backup update-region-settings --region ${region} --resource-type-opt-in-preference RDS=true`;
  if (named)
    return warning(`${found}; our selection names the servers, so that they are backed up all the same`, action);
  return refused(`${found}: no server would be backed up`, 'RDS: true', action);
}
