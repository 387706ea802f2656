import { type Drift } from '../../lib/drift/drift';
import type { Kind } from '../../lib/drift/finding';
import { type Region, run, serve } from './account';
import { regionAsDeployed } from './as-deployed';

const [HOME, AWAY] = ['us-east-1', 'us-west-2'];
const asDeployed: [Region, Region] = [regionAsDeployed(HOME), regionAsDeployed(AWAY)];

/** Production as deployed, with something changed by hand. */
export function serveChanged(change: (home: Region, away: Region) => unknown): void {
  const [home, away] = structuredClone(asDeployed);
  change(home, away);
  serve({ [HOME]: home, [AWAY]: away });
}

/** What is found after a change by hand. */
export function seeded(change: (home: Region, away: Region) => unknown): Promise<Drift> {
  serveChanged(change);
  return run();
}

/** A change by hand, and what is found: kind, part of the resource's name, what is found, what was expected. */
export type Seed = [Kind, (home: Region, away: Region) => unknown, RegExp, RegExp, RegExp];

/** Expects the change to be found, and nothing else. */
export async function expectFound(...[kind, change, resource, found, expected]: Seed): Promise<void> {
  const { findings } = await seeded(change);
  expect(findings).toEqual([
    {
      ...{ kind, region: expect.stringMatching(/^us-(east-1|west-2)$/) as string },
      resource: expect.stringMatching(resource) as string,
      found: expect.stringMatching(found) as string,
      expected: expect.stringMatching(expected) as string,
      action: expect.stringMatching(/./) as string,
    },
  ]);
}

export const first = <T>(record: Record<string, T>, part = ''): T => {
  const found = Object.entries(record).find(([name]) => name.includes(part));
  if (!found) throw new Error(`nothing named ${part} among ${Object.keys(record).join(', ')}`);
  return found[1];
};
export const alarm = ({ alarms }: Region, name: string) => {
  const found = alarms.find(({ AlarmName }) => AlarmName === name);
  if (!found) throw new Error(`no alarm ${name} among ${alarms.map(({ AlarmName }) => AlarmName).join(', ')}`);
  return found;
};
export const primary = ({ instances }: Region) => {
  const found = instances.find(({ DBInstanceIdentifier }) => DBInstanceIdentifier?.includes('primary'));
  if (!found) throw new Error('no primary');
  return found;
};

export const DAY_MS = 86_400_000;
export const CPU = 'production-PostgreSQLCpuHigh-primary';
