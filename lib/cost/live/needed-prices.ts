import type { EnvironmentConfig } from '../../config/schema/environment';
import { environmentPrice } from '../environment-price';
import { savingsOf } from '../report/alternatives';
import type { Resource } from '../resources';
import type { Usage } from '../usage';

/** The paths of all prices that the bill of an environment and its savings need. */
export function neededPrices(config: EnvironmentConfig, resources: readonly Resource[], usage: Usage): string[] {
  const needed = new Set<string>();
  const note = (path: string) => {
    needed.add(path);
    return { each: 1, unconfirmed: false };
  };
  const prices = {
    region: config.region,
    collected: '',
    source: '',
    of: note,
    has: (path: string) => {
      note(path);
      return true;
    },
  };
  savingsOf(environmentPrice(config, resources, usage, prices), config, prices);
  // A size that no family has.
  return [...needed].filter((path) => !path.endsWith('undefined'));
}
