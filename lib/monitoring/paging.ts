import { SEVERITIES } from '../shared/severities';
import type { Compilation, CompiledAlarm, CompiledEvent } from './compiler/compiled';
import { requireComponents } from './components';

/** Notification topics: one for each severity, and one that pages the person on call. */
export const NOTIFICATION_TOPICS = [...SEVERITIES, 'paging'] as const;
/** The name of a notification topic. */
export type NotificationTopic = (typeof NOTIFICATION_TOPICS)[number];

/** Alerts of this severity page. */
export const PAGING_SEVERITY = 'critical';

/** CloudWatch's limit of alarms below a composite alarm (CloudWatch User Guide, "Composite alarms"). */
const MAXIMUM_CHILDREN = 100;

/** The component whose alarms are split between the paging alarms `outage` and `replication`. */
const DATABASE_COMPONENT = 'database';
const REPLICATION_COMPONENT = 'replication';
/**
 * Components whose alarms fire as a consequence when the primary or the collector is down. Storage is not among them, because full
 * storage is a cause; an attack has another cause; notifications do not depend on the database.
 */
const CONSEQUENCES_OF_OUTAGE: readonly string[] = [REPLICATION_COMPONENT, 'backup'];

/** A composite alarm that pages the person on call once, however many of its alarms fire. */
export interface PagingAlarm {
  /** `outage`, `replication`, the component, or `<component>-events` for what happens once. */
  readonly name: string;
  /** Its alerts, each once. */
  readonly alerts: readonly string[];
  /** Its alarms. An event is represented by the alarm on its rule, which has the rule's name. */
  readonly alarmNames: readonly string[];
  /** It does not page while `outage` is in ALARM, because the outage explains it. */
  readonly heldBackByOutage: boolean;
}

/**
 * The paging alarms of an environment, one for each component with a critical alert. The component `database` is split: the primary
 * and the collector belong to `outage`, the replicas to `replication`. Otherwise a replica under repair would keep the alarm in ALARM,
 * and a primary that dies meanwhile would page nobody. What happens once has a paging alarm of its own beside one that is held back.
 * @throws Error where a paging alarm has more alarms than a composite alarm takes, or where no alert has one of the components that
 * are named here
 */
export function pagingAlarmsOf(compilation: Pick<Compilation, 'alarms' | 'events' | 'ledger'>): PagingAlarm[] {
  requireComponents('lib/monitoring/paging.ts', [DATABASE_COMPONENT, ...CONSEQUENCES_OF_OUTAGE], compilation);
  const { alarms, events } = compilation;
  const critical = [...alarms, ...events].filter(({ severity }) => severity === PAGING_SEVERITY);
  return [...new Set(critical.map(pagingAlarmName))].map((name) => {
    const members = critical.filter((compiled) => pagingAlarmName(compiled) === name);
    if (members.length > MAXIMUM_CHILDREN) {
      throw new Error(
        `the paging alarm ${name} has ${members.length} alarms; allowed: ${MAXIMUM_CHILDREN}, the limit of a composite alarm`,
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

/** The server that an alarm watches; undefined where it watches the environment or another resource. */
export function serverOf({ metrics }: Pick<CompiledAlarm, 'metrics'>): string | undefined {
  return metrics
    .flatMap(({ dimensions }) => Object.entries(dimensions))
    .flatMap(([dimension, value]) => {
      if (typeof value === 'string') return dimension === 'Server' ? [value] : [];
      return value.kind === 'server' ? [value.name] : [];
    })[0];
}

function pagingAlarmName(compiled: CompiledAlarm | CompiledEvent): string {
  const { component } = compiled;
  if (component !== DATABASE_COMPONENT) {
    return CONSEQUENCES_OF_OUTAGE.includes(component) && happensOnce(compiled) ? `${component}-events` : component;
  }
  const server = compiled.kind === 'alarm' ? serverOf(compiled) : undefined;
  return server === undefined || server === 'primary' ? 'outage' : REPLICATION_COMPONENT;
}

/**
 * Whether an alarm clears although nothing is mended: an event, or a count of events in a range of time. A suppressor drops the page of a
 * composite alarm that is OK again before the suppressor is, or before the wait for it is over (CloudWatch User Guide, "Alarm
 * suppression", example 3), so such a page would be lost.
 */
function happensOnce(compiled: CompiledAlarm | CompiledEvent): boolean {
  if (compiled.kind === 'event') return true;
  return (
    compiled.metrics.every(({ statistic }) => statistic === 'Sum') && compiled.comparisonOperator.startsWith('Greater')
  );
}
