import type { DrillKind } from './kinds';

/** When drills of one kind run. */
export interface DrillCadence {
  /** In words, such as `weekly`. */
  readonly name: string;
  /** Fields of a cron expression, UTC. A field that is absent stands for every value. */
  readonly schedule: {
    readonly minute: string;
    readonly hour: string;
    readonly weekDay?: string;
    readonly day?: string;
    readonly month?: string;
  };
  /** Runs in an average month. */
  readonly runsPerMonth: number;
  /** Days after the last success when a drill counts as overdue: its period, plus room for one late or repeated run. */
  readonly overdueAfterDays: number;
}

/**
 * The owner's calendar: verification every week, point in time every month, full every quarter. At different times, and apart from
 * the nightly backup, so that only one drill is measured at a time.
 */
export const DRILL_CADENCE: Readonly<Record<DrillKind, DrillCadence>> = {
  verification: {
    name: 'weekly',
    schedule: { weekDay: 'SUN', hour: '3', minute: '0' },
    runsPerMonth: 52 / 12,
    overdueAfterDays: 8,
  },
  pointInTime: {
    name: 'monthly',
    schedule: { day: '2', hour: '7', minute: '0' },
    runsPerMonth: 1,
    overdueAfterDays: 33,
  },
  full: {
    name: 'quarterly',
    schedule: { month: '1,4,7,10', day: '3', hour: '12', minute: '0' },
    runsPerMonth: 1 / 3,
    overdueAfterDays: 95,
  },
};
