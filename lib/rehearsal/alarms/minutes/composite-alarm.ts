import type { AssemblyResource } from '../../../assembly/environment-assembly';
import type { AlarmState } from '../alarm-evaluator';
import type { StateChange } from './evaluate-minutes';

/** A composite alarm that is in ALARM while any of its children is. */
export interface CompositeAlarm {
  readonly name: string;
  /** Names of the alarms below it. */
  readonly children: readonly string[];
  /** While this composite alarm is in ALARM, it takes no actions. Absent: nothing holds it back. */
  readonly suppressor?: {
    readonly name: string;
    /** How long a change waits for the suppressor, and how long changes wait after it is OK again. */
    readonly waitMinutes: number;
    readonly extensionMinutes: number;
  };
}

const RULE = /^(?:ALARM\("[^"]+"\)(?: OR )?)+$/;

/**
 * Reads the composite alarms of an assembly; the suppressor of one is another of them.
 * @throws Error naming a composite alarm whose rule is more than "any of these"
 */
export function readCompositeAlarms(resources: readonly AssemblyResource[]): CompositeAlarm[] {
  const nameOf = (stack: string, id: string) =>
    String(resources.find((each) => each.stack === stack && each.logicalId === id)?.properties['AlarmName']);
  return resources
    .filter(({ type }) => type === 'AWS::CloudWatch::CompositeAlarm')
    .map(({ stack, properties }) => {
      const named = (value: unknown) => nameOf(stack, (value as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0]);
      const [, parts] = (properties['AlarmRule'] as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
      const rule = parts.map((part) => (typeof part === 'string' ? part : named(part))).join('');
      const name = String(properties['AlarmName']);
      if (!RULE.test(rule.replace(/^\(|\)$/g, ''))) {
        throw new Error(`the composite alarm ${name} has the rule ${rule}; allowed here: ALARM("…") OR ALARM("…")`);
      }
      const suppressor = properties['ActionsSuppressor'];
      return {
        name,
        children: [...rule.matchAll(/ALARM\("([^"]+)"\)/g)].map(([, child = '']) => child),
        ...(suppressor !== undefined && {
          suppressor: {
            name: named(suppressor),
            waitMinutes: Number(properties['ActionsSuppressorWaitPeriod']) / 60,
            extensionMinutes: Number(properties['ActionsSuppressorExtensionPeriod']) / 60,
          },
        }),
      };
    });
}

/**
 * The changes of a composite alarm that is in ALARM while any of its children is.
 * @param children the changes of each; all begin in OK
 */
export function compositeChanges(children: readonly (readonly StateChange[])[]): StateChange[] {
  const all = children.flatMap((changes, child) => changes.map(({ minute, state }) => ({ minute, state, child })));
  all.sort((one, other) => one.minute - other.minute);
  const firing = new Set<number>();
  const changes: StateChange[] = [];
  all.forEach(({ minute, state, child }, i) => {
    if (state === 'ALARM') firing.add(child);
    else firing.delete(child);
    if (all[i + 1]?.minute === minute) return;
    const next: AlarmState = firing.size > 0 ? 'ALARM' : 'OK';
    if (next !== (changes.at(-1)?.state ?? 'OK')) changes.push({ minute, state: next });
  });
  return changes;
}

/**
 * The changes on which a composite alarm takes its actions, such as to page, each when it does (CloudWatch User Guide, "Alarm
 * suppression"): a change waits for the suppressor, and is dropped when another one follows meanwhile. While the suppressor is in ALARM
 * there are none; an extension follows in which the composite alarm may still change. Then it acts on its state, if it has not yet:
 * that it does not act twice on one change is our interpretation.
 * @param changes of the composite alarm
 * @param suppressorChanges of its suppressor
 */
export function actedChanges(
  { suppressor }: Pick<CompositeAlarm, 'suppressor'>,
  changes: readonly StateChange[],
  suppressorChanges: readonly StateChange[],
): StateChange[] {
  if (!suppressor) return [...changes];
  const { waitMinutes, extensionMinutes } = suppressor;
  const acted: StateChange[] = [];
  let isSuppressed = false;
  /** The change that is not acted on yet, and when it will be; undefined while it is suppressed. */
  let due: { readonly state: AlarmState; readonly at: number | undefined } | undefined;
  const act = (until: number) => {
    if (due?.at === undefined || due.at > until) return;
    acted.push({ minute: due.at, state: due.state });
    due = undefined;
  };
  for (const { minute, state, ofSuppressor } of merged(changes, suppressorChanges)) {
    // What is due at the minute of an event comes after it: the suppressor may just be in time.
    act(minute - 1);
    if (!ofSuppressor) {
      due = { state, at: isSuppressed ? undefined : minute + waitMinutes };
    } else if (state === 'ALARM') {
      isSuppressed = true;
      if (due) due = { state: due.state, at: undefined };
    } else {
      isSuppressed = false;
      if (due) due = { state: due.state, at: minute + extensionMinutes };
    }
  }
  act(Infinity);
  return acted;
}

/** All changes in their order; of one minute the suppressor's first. */
function merged(changes: readonly StateChange[], suppressorChanges: readonly StateChange[]) {
  const own = changes.map((change) => ({ ...change, ofSuppressor: false }));
  const others = suppressorChanges.map((change) => ({ ...change, ofSuppressor: true }));
  return [...others, ...own].sort((one, other) => one.minute - other.minute);
}
