import { Duration } from 'aws-cdk-lib';
import { type Alarm, AlarmMuteRule, type AlarmBase, ScheduleExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Compilation } from '../../monitoring/compiler/compiled';
import { parseWeeklyWindow, WEEK_DAYS } from '../../config/weekly-window';

/** What is silent while RDS maintains the servers. */
export interface MaintenanceMuteProps {
  /** `ddd:hh:mm-ddd:hh:mm`, UTC. */
  readonly window: string;
  readonly compilation: Compilation;
  readonly alarms: ReadonlyMap<string, Alarm>;
  /** The composite alarms, by the page's name. */
  readonly pages: ReadonlyMap<string, AlarmBase>;
}

/**
 * What RDS's maintenance disturbs: it restarts servers, which cuts sessions, stops replication and empties caches. Everything else
 * speaks: a failed backup, a full disk or a break-in is no maintenance, and what customers notice is news at any hour.
 */
const MUTED_COMPONENTS: readonly string[] = ['database', 'replication', 'performance', 'pooling'];
const MUTED_PAGES: readonly string[] = ['outage', 'replication'];
/** Targets of one rule (CloudWatch User Guide, "Alarm mute rules"). */
const MAXIMUM_TARGETS = 100;

/** Mutes alarms in the weekly maintenance window. What is still in alarm at its end speaks then: CloudWatch catches up on actions. */
export class MaintenanceMute extends Construct {
  constructor(scope: Construct, id: string, { window, compilation, alarms, pages }: MaintenanceMuteProps) {
    super(scope, id);
    const weekly = parseWeeklyWindow(window);
    if (!weekly)
      throw new Error(`the maintenance window is "${window}"; allowed: a window such as "sun:04:00-sun:05:00"`);
    const muted = [
      ...compilation.alarms
        .filter(({ component }) => MUTED_COMPONENTS.includes(component))
        .flatMap(({ alarmName }) => alarms.get(alarmName) ?? []),
      ...MUTED_PAGES.flatMap((name) => pages.get(name) ?? []),
    ];
    const minuteOfDay = weekly.startMinute % (24 * 60);
    for (let from = 0; from < muted.length; from += MAXIMUM_TARGETS) {
      new AlarmMuteRule(this, `Rule${from / MAXIMUM_TARGETS + 1}`, {
        description: `The servers' maintenance window, ${window} UTC`,
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
