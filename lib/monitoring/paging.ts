import { SEVERITIES } from '../shared/severities';
import type { Compilation, CompiledAlarm, CompiledEvent } from './compiler/compiled';

/** Notification topics: one for each severity, and the one that wakes somebody. */
export const NOTIFICATION_TOPICS = [...SEVERITIES, 'paging'] as const;
/** The name of a notification topic. */
export type NotificationTopic = (typeof NOTIFICATION_TOPICS)[number];

/** Alerts of this severity page. */
export const PAGING_SEVERITY = 'critical';

/** CloudWatch's limit of alarms below a composite alarm (CloudWatch User Guide, "Composite alarms"). */
const MAXIMUM_CHILDREN = 100;

/** What a dead primary or a dead collector brings with it. Full storage is a cause, and notices are no matter of the database. */
const CONSEQUENCES_OF_OUTAGE: readonly string[] = ['replication', 'backup', 'security'];

/** Something that wakes somebody, once, however many of its alarms go off. */
export interface PagingAlarm {
  /** `outage`, `replication`, or the component. */
  readonly name: string;
  /** Its alerts, each once. */
  readonly alerts: readonly string[];
  /** Its alarms; an event counts by the alarm on its rule, which has the rule's name. */
  readonly alarmNames: readonly string[];
  /** Held back while the outage pages, which explains it. */
  readonly heldBackByOutage: boolean;
}

/**
 * The pages of an environment, one for each component with a critical alert. The database's own are split: the primary and the
 * collector are `outage`, the replicas count as `replication`. Else a replica in repair would keep the alarm in ALARM, and the death
 * of the primary meanwhile would wake nobody.
 * @throws Error where a page has more alarms than a composite alarm takes.
 */
export function pagingAlarmsOf({ alarms, events }: Pick<Compilation, 'alarms' | 'events'>): PagingAlarm[] {
  const critical = [...alarms, ...events].filter(({ severity }) => severity === PAGING_SEVERITY);
  return [...new Set(critical.map(pagingAlarmName))].map((name) => {
    const members = critical.filter((compiled) => pagingAlarmName(compiled) === name);
    if (members.length > MAXIMUM_CHILDREN) {
      throw new Error(
        `${members.length} alarms page for ${name}; allowed: ${MAXIMUM_CHILDREN}, which is what a composite alarm takes`,
      );
    }
    return {
      name,
      alerts: [...new Set(members.map(({ alert }) => alert))],
      alarmNames: members.map((compiled) => (compiled.kind === 'alarm' ? compiled.alarmName : compiled.ruleName)),
      heldBackByOutage: CONSEQUENCES_OF_OUTAGE.includes(name),
    };
  });
}

/** The server that an alarm watches; none where it watches the environment or something else of it. */
export function serverOf({ metrics }: Pick<CompiledAlarm, 'metrics'>): string | undefined {
  return metrics
    .flatMap(({ dimensions }) => Object.entries(dimensions))
    .flatMap(([dimension, value]) => {
      if (typeof value === 'string') return dimension === 'Server' ? [value] : [];
      return value.kind === 'server' ? [value.name] : [];
    })[0];
}

function pagingAlarmName(compiled: CompiledAlarm | CompiledEvent): string {
  if (compiled.component !== 'database') return compiled.component;
  const server = compiled.kind === 'alarm' ? serverOf(compiled) : undefined;
  return server === undefined || server === 'primary' ? 'outage' : 'replication';
}
