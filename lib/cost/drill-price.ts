import type { EnvironmentConfig } from '../config/schema/environment';
import { DRILL_KINDS } from '../contract/drill';
import { DRILL_CADENCE } from '../contract/drill-cadence';
import { ASSUMPTIONS } from './assumptions';
import { type CostLine, costLine, HOURS_PER_MONTH } from './cost-line';

const NAMES = { verification: 'verification', pointInTime: 'point-in-time drill', full: 'full drill' };
/** While it waits, the state machine passes three states each 30 s (lib/constructs/drills/drill-machine.ts), and about 30 besides. */
const TRANSITIONS_PER_HOUR = 3 * 120;
const OTHER_TRANSITIONS = 30;
/** A question to RDS in each round: a second at 256 MB; the checks at 512 MB. */
const QUESTION_GB_SECONDS = 0.25;
const CHECK_GB = 0.5;

/**
 * What the restore drills of an environment cost a month; nothing where they are off. The copies are the most of it. Their
 * metrics and alarms are monitoring's; network, keys and logs serve other things, too, and are not in it.
 * A drill in the recovery region is priced as one at home.
 * @throws Error when an instance class has no price
 */
export function drillPrice({ database, drills }: Pick<EnvironmentConfig, 'database' | 'drills'>): CostLine[] {
  if (!drills) return [];
  const classes = {
    verification: drills.instanceClass ?? database.instanceClass,
    pointInTime: drills.instanceClass ?? database.instanceClass,
    full: database.instanceClass,
  };
  const { copyHours, checkMinutes } = ASSUMPTIONS;
  const runs = DRILL_KINDS.reduce((sum, kind) => sum + DRILL_CADENCE[kind].runsPerMonth, 0);
  const gbMonths = (runs * copyHours * database.allocatedStorageGiB) / HOURS_PER_MONTH;
  const rounds = (copyHours * TRANSITIONS_PER_HOUR) / 3;
  const gbSeconds = rounds * QUESTION_GB_SECONDS + checkMinutes * 60 * CHECK_GB;
  return [
    ...DRILL_KINDS.map((kind) =>
      costLine(
        `${DRILL_CADENCE[kind].name} ${NAMES[kind]}: copy, ${classes[kind]}`,
        DRILL_CADENCE[kind].runsPerMonth * copyHours,
        'hours',
        `rds/instanceHour/${classes[kind]}`,
      ),
    ),
    costLine('storage of the copies', gbMonths, 'GB-months', 'rds/gp3GbMonth'),
    costLine('Step Functions', runs * (copyHours * TRANSITIONS_PER_HOUR + OTHER_TRANSITIONS), 'transitions', 'stepFunctions/transition'), // prettier-ignore
    costLine('Lambda', runs * gbSeconds, 'GB-seconds', 'lambda/armGbSecond'),
  ];
}
