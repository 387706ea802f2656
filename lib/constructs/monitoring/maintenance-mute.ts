import { Duration } from 'aws-cdk-lib';
import { type Alarm, AlarmMuteRule, type AlarmBase, ScheduleExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { requireComponents } from '../../monitoring/components';
import type { Compilation } from '../../monitoring/compiler/compiled';
import { parseWeeklyWindow, WEEK_DAYS } from '../../config/derived/weekly-window';

/** Alarms that are muted while AWS maintains what they watch. */
export interface MaintenanceMuteProps {
  /** `ddd:hh:mm-ddd:hh:mm`, UTC. */
  readonly window: string;
  readonly of: Maintained;
  readonly compilation: Compilation;
  readonly alarms: ReadonlyMap<string, Alarm>;
  /** By name, such as `outage`. */
  readonly pagingAlarms: ReadonlyMap<string, AlarmBase>;
}

/** What has a maintenance window. */
type Maintained = 'the servers' | 'the cache';

/**
 * Components and paging alarms that maintenance disturbs: it restarts servers, which ends sessions, stops replication and empties caches, or
 * replaces nodes of the cache. All other alarms stay on: maintenance explains neither a failed backup, a full disk, an attack, nor what
 * customers experience.
 */
const DISTURBED: Readonly<
  Record<Maintained, { readonly components: readonly string[]; readonly paging: readonly string[] }>
> = {
  'the servers': {
    components: ['database', 'replication', 'performance', 'pooling'],
    paging: ['outage', 'replication'],
  },
  'the cache': { components: ['cache'], paging: ['cache'] },
};
/** Alarms that one rule can mute (CloudWatch User Guide, "Alarm mute rules"). */
const MAXIMUM_TARGETS = 100;

/** Mutes alarms in the weekly maintenance window. CloudWatch runs the actions of an alarm that is still in ALARM when it ends. */
export class MaintenanceMute extends Construct {
  constructor(scope: Construct, id: string, { window, of, compilation, alarms, pagingAlarms }: MaintenanceMuteProps) {
    super(scope, id);
    const weekly = parseWeeklyWindow(window);
    if (!weekly)
      throw new Error(`the maintenance window is "${window}"; allowed: a window such as "sun:04:00-sun:05:00"`);
    const { components, paging } = DISTURBED[of];
    requireComponents('lib/constructs/monitoring/maintenance-mute.ts', components, compilation);
    const muted = [
      ...compilation.alarms
        .filter(({ component }) => components.includes(component))
        .flatMap(({ alarmName }) => alarms.get(alarmName) ?? []),
      ...paging.flatMap((name) => pagingAlarms.get(name) ?? []),
    ];
    const minuteOfDay = weekly.startMinute % (24 * 60);
    for (let from = 0; from < muted.length; from += MAXIMUM_TARGETS) {
      new AlarmMuteRule(this, `Rule${from / MAXIMUM_TARGETS + 1}`, {
        description: `The maintenance window of ${of}, ${window} UTC`,
        schedule: ScheduleExpression.cron({
          minute: String(minuteOfDay % 60),
          hour: String(Math.floor(minuteOfDay / 60)),
          weekDay: (WEEK_DAYS[Math.floor(weekly.startMinute / (24 * 60))] ?? '').toUpperCase(),
        }),
        duration: Duration.minutes(weekly.endMinute - weekly.startMinute),
        alarms: muted.slice(from, from + MAXIMUM_TARGETS),
      });
    }
  }
}
