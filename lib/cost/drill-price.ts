import type { EnvironmentConfig } from '../config/schema/environment';
import { DRILL_KINDS } from '../contract/drill/kinds';
import { DRILL_CADENCE } from '../contract/drill/cadence';
import { type CostLine, HOURS_PER_MONTH, type Line } from './cost-line';
import type { Usage } from './usage';

const NAMES = { verification: 'verification', pointInTime: 'point-in-time drill', full: 'full drill' };
/** While it waits, the state machine passes three states each 30 s (lib/constructs/drills/drill-machine.ts), and about 30 besides. */
const TRANSITIONS_PER_HOUR = 3 * 120;
const OTHER_TRANSITIONS = 30;
/** Asking RDS in each round takes a second at 256 MB; the checks run at 512 MB. */
const QUESTION_GB_SECONDS = 0.25;
const CHECK_GB = 0.5;

/**
 * Price of an environment's restore drills a month; nothing where they are off. Most of it is for the restored instances. The drills'
 * metrics and alarms are priced with monitoring; network, keys and logs have other uses as well and are not included.
 * A drill in the recovery region is priced like one in the environment's region.
 * @throws Error when an instance class has no price
 */
export function drillPrice(
  { database, drills }: Pick<EnvironmentConfig, 'database' | 'drills'>,
  { restoredHours, checkMinutes }: Usage,
  line: Line,
): CostLine[] {
  if (!drills) return [];
  const classes = {
    verification: drills.instanceClass ?? database.instanceClass,
    pointInTime: drills.instanceClass ?? database.instanceClass,
    full: database.instanceClass,
  };
  const runs = DRILL_KINDS.reduce((sum, kind) => sum + DRILL_CADENCE[kind].runsPerMonth, 0);
  const gbMonths = (runs * restoredHours * database.allocatedStorageGiB) / HOURS_PER_MONTH;
  const transitions = runs * (restoredHours * TRANSITIONS_PER_HOUR + OTHER_TRANSITIONS);
  const rounds = (restoredHours * TRANSITIONS_PER_HOUR) / 3;
  const gbSeconds = rounds * QUESTION_GB_SECONDS + checkMinutes * 60 * CHECK_GB;
  return [
    ...DRILL_KINDS.map((kind) =>
      line(
        `${DRILL_CADENCE[kind].name} ${NAMES[kind]}: restored instance, ${classes[kind]}`,
        DRILL_CADENCE[kind].runsPerMonth * restoredHours,
        'hours',
        `rds/instanceHour/${classes[kind]}`,
        'restoredHours',
      ),
    ),
    line('storage of the restored instances', gbMonths, 'GB-months', 'rds/gp3GbMonth', 'restoredHours'),
    line('states', transitions, 'transitions', 'stepFunctions/transition', 'restoredHours'),
    line('its functions', runs * gbSeconds, 'GB-seconds', 'lambda/armGbSecond', 'restoredHours', 'checkMinutes'),
  ];
}
