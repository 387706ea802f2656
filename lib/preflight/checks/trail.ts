import {
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  type GetEventSelectorsResponse,
  GetTrailStatusCommand,
  type Trail,
} from '@aws-sdk/client-cloudtrail';
import { ask } from '../ask';
import type { Aws } from '../aws';
import { type Check, check, type Finding, ok, refused } from '../check';
import { regionsOf, resourcesIn, type Wanted } from '../wanted';

/** A trail that records a region, and what it records. */
interface RecordedTrail {
  readonly trail: Trail;
  readonly logging: boolean;
  readonly selectors: GetEventSelectorsResponse;
}

/**
 * Whether a trail records the management events of each region where an event rule waits for them: EventBridge receives events "via
 * CloudTrail" only then (EventBridge User Guide, "Events from AWS services").
 */
export function trailChecks(wanted: Wanted): Check[] {
  return regionsOf(wanted).flatMap((region) => {
    const waiting = resourcesIn(wanted, region, 'AWS::Events::Rule').filter(({ properties }) =>
      JSON.stringify(properties['EventPattern'] ?? '').includes('via CloudTrail'),
    );
    if (waiting.length === 0) return [];
    const rules = waiting.map(({ properties, logicalId }) => textOf(properties['Name']) ?? logicalId);
    return [
      check(
        `trail in ${region}`,
        (aws) => askTrails(aws, region),
        (trails) => decideTrails(trails, region, rules),
      ),
    ];
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

async function askTrails(aws: Aws, region: string): Promise<RecordedTrail[]> {
  const { cloudTrail } = aws(region);
  const command = new DescribeTrailsCommand({ includeShadowTrails: true });
  const { trailList = [] } = await ask('cloudtrail:DescribeTrails', () => cloudTrail.send(command));
  const here = trailList.filter((trail) => trail.IsMultiRegionTrail || trail.HomeRegion === region);
  return Promise.all(
    here.map(async (trail) => {
      const name = trail.TrailARN ?? trail.Name;
      const [status, selectors] = await Promise.all([
        ask('cloudtrail:GetTrailStatus', () => cloudTrail.send(new GetTrailStatusCommand({ Name: name }))),
        ask('cloudtrail:GetEventSelectors', () => cloudTrail.send(new GetEventSelectorsCommand({ TrailName: name }))),
      ]);
      return { trail, logging: status.IsLogging ?? false, selectors };
    }),
  );
}

function decideTrails(trails: readonly RecordedTrail[], region: string, rules: readonly string[]): Finding {
  const good = trails.find(({ logging, selectors }) => logging && recordsManagementEvents(selectors));
  if (good) return ok(`${good.trail.Name} records management events`);
  const faults = trails.map(
    ({ trail, logging }) => `${trail.Name} ${logging ? 'records no writing management events' : 'is not logging'}`,
  );
  return refused(
    `${faults.join('; ') || 'no trail records this region'}, so that these rules get no event: ${rules.join(', ')}`,
    `a trail of ${region} or of all regions that is logging, with management events (write or all)`,
    trails.length === 0
      ? 'create one in the console of CloudTrail; the first copy of management events costs nothing'
      : 'start its logging, or add management events to it, in the console of CloudTrail',
  );
}

/** Events of a service count as writing. Without selectors a trail records all management events. */
function recordsManagementEvents({ EventSelectors = [], AdvancedEventSelectors = [] }: GetEventSelectorsResponse) {
  if (EventSelectors.length === 0 && AdvancedEventSelectors.length === 0) return true;
  return (
    EventSelectors.some(
      ({ IncludeManagementEvents, ReadWriteType }) => IncludeManagementEvents !== false && ReadWriteType !== 'ReadOnly',
    ) ||
    AdvancedEventSelectors.some(({ FieldSelectors = [] }) => {
      const field = (name: string) => FieldSelectors.find(({ Field }) => Field === name)?.Equals;
      return field('eventCategory')?.includes('Management') && !field('readOnly')?.includes('true');
    })
  );
}
