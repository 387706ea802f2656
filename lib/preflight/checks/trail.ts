import {
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  type GetEventSelectorsResponse,
  GetTrailStatusCommand,
  type Trail,
} from '@aws-sdk/client-cloudtrail';
import { ask } from '../../account/ask';
import type { Aws } from '../../account/aws';
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
    const rules = waiting.map(({ properties, logicalId }) => ({
      name: textOf(properties['Name']) ?? logicalId,
      reads: properties['State'] === WITH_READING,
    }));
    return [
      check(
        `trail in ${region}`,
        (aws) => askTrails(aws, region),
        (trails) => decideTrails(trails, region, rules),
      ),
    ];
  });
}

/** The state of a rule that also matches calls that read (EventBridge API reference, PutRule). */
const WITH_READING = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

/** A rule that waits for events of CloudTrail. */
interface WaitingRule {
  readonly name: string;
  /** Whether it waits for calls that read. */
  readonly reads: boolean;
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

function decideTrails(trails: readonly RecordedTrail[], region: string, rules: readonly WaitingRule[]): Finding {
  const logging = trails.filter((trail) => trail.logging);
  const writing = logging.find(({ selectors }) => records(selectors, 'write'));
  const reading = logging.find(({ selectors }) => records(selectors, 'read'));
  const deaf = rules.filter(({ reads }) => !(reads ? reading : writing));
  if (deaf.length === 0) return ok(`${(reading ?? writing)?.trail.Name} records management events`);
  const faults = trails.map((each) => `${each.trail.Name} ${faultOf(each)}`);
  const kinds = rules.some(({ reads }) => reads) ? 'all' : 'write or all';
  return refused(
    `${faults.join('; ') || 'no trail records this region'}, so that these rules get no event: ${deaf.map(({ name }) => name).join(', ')}`,
    `a trail of ${region} or of all regions that is logging, with management events (${kinds})`,
    trails.length === 0
      ? 'create one in the console of CloudTrail; the first copy of management events costs nothing'
      : 'start its logging, or add management events to it, in the console of CloudTrail',
  );
}

function faultOf({ logging, selectors }: RecordedTrail): string {
  if (!logging) return 'is not logging';
  return `records no ${records(selectors, 'write') ? 'reading' : 'writing'} management events`;
}

/** Events of a service count as writing. Without selectors a trail records all management events. */
function records(
  { EventSelectors = [], AdvancedEventSelectors = [] }: GetEventSelectorsResponse,
  kind: 'read' | 'write',
): boolean {
  if (EventSelectors.length === 0 && AdvancedEventSelectors.length === 0) return true;
  const others = { read: ['WriteOnly', 'false'], write: ['ReadOnly', 'true'] }[kind];
  return (
    EventSelectors.some(
      ({ IncludeManagementEvents, ReadWriteType }) =>
        IncludeManagementEvents !== false && !others.includes(ReadWriteType ?? 'All'),
    ) ||
    AdvancedEventSelectors.some(({ FieldSelectors = [] }) => {
      const field = (name: string) => FieldSelectors.find(({ Field }) => Field === name)?.Equals;
      return (
        field('eventCategory')?.includes('Management') && !field('readOnly')?.some((each) => others.includes(each))
      );
    })
  );
}
