import { DAY, HOUR, type Span, WARM_UP } from './clock';
import { Random } from './random';

/** What happens in a normal month and is nobody's fault. Times are minutes of the span, which begins with the warm-up. */
export interface Plan {
  /** New versions of the functions: the pass of that minute is lost with the old instance. */
  readonly deployments: readonly { readonly minute: number; readonly grants: boolean; readonly parameters: boolean }[];
  /** Passes of the collector that were lost for another reason, one at a time. */
  readonly lostPasses: readonly number[];
  /** A pass in which one query ran into its time limit. */
  readonly failedQueries: readonly number[];
  /** A failover of the primary to its standby. */
  readonly failovers: readonly { readonly minute: number; readonly minutes: number }[];
  /** Restarts of a replica, one after the other in the maintenance window. */
  readonly restarts: readonly { readonly server: string; readonly minute: number; readonly minutes: number }[];
  /** Rotation of the master user's secret, which logs in as the master user. */
  readonly rotations: readonly number[];
  /** End of the nightly backup. */
  readonly backups: readonly number[];
  /** End of a restore drill. */
  readonly drills: readonly number[];
}

const BACKUP_ENDS = 2 * HOUR + 40;

/**
 * The plan of a span that begins on a Monday with the warm-up. The month has four deployments, a rotation, a failover on day 10, and on its third Sunday in the
 * maintenance window a restart of each replica and another failover. RDS names 60 to 120 seconds for a failover (RDS User Guide,
 * "Failing over a Multi-AZ DB instance"): two passes of the collector find the primary down.
 */
export function planOf(seed: number, { minutes }: Span): Plan {
  const random = new Random(seed, 2);
  const days = Math.ceil((minutes - WARM_UP) / DAY);
  const at = (day: number, hour: number, minute = 0) => WARM_UP + (day - 1) * DAY + hour * HOUR + minute;
  const within = <T>(list: readonly T[], minuteOf: (each: T) => number) =>
    list.filter((each) => minuteOf(each) < minutes);
  const every = Array.from({ length: days }, (_, day) => day + 1);
  const withWarmUp = [...Array.from({ length: WARM_UP / DAY }, (_, day) => day + 1 - WARM_UP / DAY), ...every];
  return {
    deployments: within(
      [3, 11, 18, 25].map((day) => ({ minute: at(day, 10), grants: day === 11, parameters: day === 18 })),
      ({ minute }) => minute,
    ),
    lostPasses: within(
      every.filter((day) => day % 7 === 5).map((day) => at(day, random.whole(0, 23), random.whole(0, 59))),
      (minute) => minute,
    ),
    failedQueries: within([at(20, 3, 7)], (minute) => minute),
    failovers: within(
      [
        { minute: at(10, 14, 30), minutes: 2 },
        { minute: at(21, 4, 30), minutes: 2 },
      ],
      ({ minute }) => minute,
    ),
    restarts: within(
      [
        { server: 'replica-1', minute: at(21, 4, 5), minutes: 2 },
        { server: 'replica-2', minute: at(21, 4, 15), minutes: 2 },
      ],
      ({ minute }) => minute,
    ),
    rotations: within([at(15, 3)], (minute) => minute),
    backups: within(
      withWarmUp.map((day) => at(day, 0) + BACKUP_ENDS + random.whole(0, 25)),
      (minute) => minute,
    ),
    drills: within(
      every.filter((day) => day % 7 === 0).map((day) => at(day, 6)),
      (minute) => minute,
    ),
  };
}
