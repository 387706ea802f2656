import type { AssemblyResource, EnvironmentAssembly } from '../../assembly/environment-assembly';
import type { Severity } from '../../shared/severities';
import type { Level } from './level';
import { topicOf } from './topic';
import {
  actedChanges,
  type CompositeAlarm,
  compositeChanges,
  readCompositeAlarms,
} from '../alarms/minutes/composite-alarm';
import type { StateChange } from '../alarms/minutes/evaluate-minutes';

/** Where the notification of an alarm goes. */
interface Route {
  /** In words, such as `critical` or `paging by production-page-outage`. */
  readonly topics: string[];
  /** What does not hold, a sentence without a full stop each. */
  readonly faults: string[];
}

/** The routes of the alarms of an environment. */
export interface Routes {
  /** What does not hold of the paging alarms themselves. */
  readonly faults: string[];
  readonly of: (alarm: string, level: Pick<Level, 'severity' | 'also'>) => Route;
}

/** The paging alarm of an outage, and those that wait while it is in ALARM, because it explains them. What an outage does not explain pages at once. */
const OUTAGE = 'page-outage';
const EXPLAINED_BY_OUTAGE = ['page-replication', 'page-backup'];
/** An outage, minutes: it begins a minute after what it explains, which goes on. */
const OUTAGE_MINUTES = { explained: 10, begins: 11, ends: 40, allEnds: 90 };

/** How long an alarm is in ALARM here, minutes: longer than any wait of a suppressor. */
const FIRING_MINUTES = 30;

/** Reads which topics each alarm notifies: of its own, and of the paging alarms above it. */
export function routesOf(assembly: EnvironmentAssembly): Routes {
  const alarms = new Map(assembly.ofType('AWS::CloudWatch::Alarm').map((each) => [nameOf(each), each]));
  const pagers = new Map(assembly.ofType('AWS::CloudWatch::CompositeAlarm').map((each) => [nameOf(each), each]));
  const composites = readCompositeAlarms(assembly.resources);
  const faults = [
    ...[...pagers].flatMap(([name, pager]) => actionFaults(name, pager, 'Paging')),
    ...composites.flatMap((composite) => outageFaults(composite, assembly.environment)),
  ];

  const of: Routes['of'] = (name, { severity, also }) => {
    const alarm = alarms.get(name)!;
    const topics = topicsOf(alarm, 'AlarmActions').map((topic) => topic.toLowerCase());
    const above = composites.filter(({ children }) => children.includes(name));
    const paging = above.filter((composite) => {
      const changes = compositeChanges([
        [
          { minute: 1, state: 'ALARM' },
          { minute: 1 + FIRING_MINUTES, state: 'OK' },
        ],
      ]);
      // Nothing else is in ALARM, so its suppressor is OK.
      return actedChanges(composite, changes, []).some(({ state }) => state === 'ALARM');
    });
    const pages = paging.filter((composite) => isOn(pagers.get(composite.name)!)).map((composite) => composite.name);
    return {
      topics: [...topics, ...pages.map((page) => `paging by ${page}`)],
      faults: [
        ...actionFaults(name, alarm, ...[severity, also ?? []].flat().map(titleCase)),
        ...(severity === 'critical' && pages.length === 0
          ? [`alarm ${name} is critical, but no paging alarm has it: nobody is called`]
          : []),
        ...(severity !== 'critical' && above.length > 0
          ? [`alarm ${name} is ${severity}, but ${above.map((each) => each.name).join(' and ')} pages for it`]
          : []),
      ],
    };
  };
  return { faults, of };
}

/** What does not hold of a paging alarm that fires a minute before the outage's. */
function outageFaults(composite: CompositeAlarm, environment: string): string[] {
  const { explained, begins, ends, allEnds } = OUTAGE_MINUTES;
  const outage = `${environment}-${OUTAGE}`;
  if (composite.name === outage) return [];
  const fires = (from: number, to: number): StateChange[] => [
    { minute: from, state: 'ALARM' },
    { minute: to, state: 'OK' },
  ];
  const ofSuppressor = composite.suppressor?.name === outage ? fires(begins, ends) : [];
  const acted = actedChanges(composite, fires(explained, allEnds), ofSuppressor);
  const pages = acted.find(({ state }) => state === 'ALARM')?.minute ?? Infinity;
  const isExplained = EXPLAINED_BY_OUTAGE.some((name) => composite.name === `${environment}-${name}`);
  if (isExplained && pages < ends)
    return [`${composite.name} pages during an outage, which explains it; expected: ${outage} holds it back`];
  if (isExplained && pages >= allEnds)
    return [`${composite.name} does not page after an outage although its alarms are still in ALARM`];
  if (!isExplained && pages > begins)
    return [`${composite.name} waits for ${composite.suppressor?.name}, but an outage does not explain it`];
  return [];
}

/** Whether firing and clearing notify the topics that are wanted, and nothing else. */
function actionFaults(name: string, alarm: AssemblyResource, ...wanted: string[]): string[] {
  if (!isOn(alarm)) return [`the actions of alarm ${name} are disabled, so nobody is notified`];
  const faults: string[] = [];
  for (const property of ['AlarmActions', 'OKActions'] as const) {
    const topics = topicsOf(alarm, property);
    if (topics.join() !== wanted.join())
      faults.push(
        `${property} of alarm ${name} notify ${topics.join(' and ') || 'nobody'}; expected: ${wanted.join(' and ')}`,
      );
  }
  const unknown = topicsOf(alarm, 'InsufficientDataActions');
  if (unknown.length > 0) faults.push(`alarm ${name} notifies ${unknown.join(' and ')} of missing data`);
  return faults;
}

function topicsOf({ properties }: AssemblyResource, property: string): string[] {
  return ((properties[property] ?? []) as unknown[]).map((action) => topicOf(action) ?? JSON.stringify(action));
}

function isOn({ properties }: AssemblyResource): boolean {
  return properties['ActionsEnabled'] !== false;
}

function nameOf({ properties }: AssemblyResource): string {
  return String(properties['AlarmName']);
}

function titleCase(severity: Severity): string {
  return severity.charAt(0).toUpperCase() + severity.slice(1);
}
