import type { EnvironmentConfig } from '../config/schema/environment';
import { ASSUMPTIONS } from './assumptions';
import { type CostLine, costLine, HOURS_PER_MONTH } from './cost-line';

/** Runs a month: weekly, monthly, quarterly (lib/constructs/drills/drill-schedules.ts). */
const RUNS = { verification: 52 / 12, pointInTime: 1, full: 1 / 3 };
const NAMES = { verification: 'weekly verification', pointInTime: 'monthly point-in-time drill', full: 'quarterly full drill' }; // prettier-ignore
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
  const kinds = ['verification', 'pointInTime', 'full'] as const;
  const runs = kinds.reduce((sum, kind) => sum + RUNS[kind], 0);
  const gbMonths = (runs * copyHours * database.allocatedStorageGiB) / HOURS_PER_MONTH;
  const rounds = (copyHours * TRANSITIONS_PER_HOUR) / 3;
  const gbSeconds = rounds * QUESTION_GB_SECONDS + checkMinutes * 60 * CHECK_GB;
  return [
    ...kinds.map((kind) =>
      costLine(
        `${NAMES[kind]}: copy, ${classes[kind]}`,
        RUNS[kind] * copyHours,
        'hours',
        `rds/instanceHour/${classes[kind]}`,
      ),
    ),
    costLine('storage of the copies', gbMonths, 'GB-months', 'rds/gp3GbMonth'),
    costLine('Step Functions', runs * (copyHours * TRANSITIONS_PER_HOUR + OTHER_TRANSITIONS), 'transitions', 'stepFunctions/transition'), // prettier-ignore
    costLine('Lambda', runs * gbSeconds, 'GB-seconds', 'lambda/armGbSecond'),
  ];
}
