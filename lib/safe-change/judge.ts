import type { AllowedChange } from '../config/schema/changes/allowed-changes';
import { type Change, compare, type Templates } from './compare';
import { DELETION, guardOf, isProtectedServer, kindOf, type StatefulKind } from './stateful';

/** How far ahead an entry in allowedChanges may reach, days: longer, and nobody remembers why it is there. */
const LONGEST_DAYS = 31;
const DAY_MS = 86_400_000;

/** A change, and whether it may be deployed. */
export interface JudgedChange extends Omit<Change, 'old'> {
  readonly verdict: 'passes' | 'refused' | 'allowed';
  /** What would be lost; for changes that are refused or allowed. */
  readonly lost?: string;
  /** The safe way, for refused changes. */
  readonly wayOut?: string;
  /** Why it is allowed, or why an entry in allowedChanges does not let it through. */
  readonly because?: string;
}

/** What a judgement needs besides the two states. */
export interface Rules {
  readonly allowedChanges: readonly AllowedChange[];
  readonly today: Date;
}

/** Every difference between two states of an environment, and whether it may be deployed. */
export function judge(before: Templates, after: Templates, rules: Rules): JudgedChange[] {
  const changes = compare(before, after);
  const servers = Object.values(before).flatMap(({ Resources = {} }) =>
    Object.values(Resources).filter(({ Type }) => Type === 'AWS::RDS::DBInstance'),
  );
  // What was not protected before: switching the protection off is a change of its own, which is refused.
  const isDisposable = servers.length > 0 && !servers.some(isProtectedServer);
  return changes.map((change) => {
    const { old, ...shown } = change;
    const loss = old && lossOf(change, old, changes);
    if (!loss) return { ...shown, verdict: 'passes' };
    if (isDisposable) {
      const because = 'no server of the environment was protected against deletion (database.deletionProtection)';
      return { ...shown, verdict: 'allowed', lost: loss.lost, because };
    }
    return { ...shown, ...loss, ...permission(change, rules) };
  });
}

interface Loss {
  readonly lost: string;
  readonly wayOut: string;
}

function lossOf(change: Change, old: NonNullable<Change['old']>, all: readonly Change[]): Loss | undefined {
  const kind = kindOf(old);
  const { property, effect } = change;
  if (!kind || effect === 'create') return undefined;
  if (property === undefined) return { lost: removalText(change, kind), wayOut: removalWayOut(change, kind, all) };
  const wayOut = kind.wayOut[property] ?? kind.wayOut.default;
  const replaces = effect === 'replace' || (effect === 'may replace' && !kind.inPlace?.includes(property));
  if (replaces) return { lost: kind.lost, wayOut };
  const lost = guardOf(kind, property)?.(change.before, change.after);
  return lost === undefined ? undefined : { lost, wayOut };
}

function removalText({ effect }: Change, { lost }: StatefulKind): string {
  return effect === 'leave' ? `${lost}; the resource itself stays in the account, and nothing manages it` : lost;
}

/** A new resource of the same type and stack is probably the same one under another id. */
function removalWayOut({ resource, type }: Change, { wayOut }: StatefulKind, all: readonly Change[]): string {
  const [stack] = resource.split('/');
  const renamed = all.filter(
    (each) => each.effect === 'create' && each.type === type && each.resource.startsWith(`${stack}/`),
  );
  if (renamed.length === 0) return wayOut.default;
  return `${renamed.map((each) => each.resource).join(', ')} is new and may be the same one under another id: ${wayOut.default}`;
}

/** Whether an entry of the configuration lets the change through today. */
function permission(
  { resource, property = DELETION }: Change,
  { allowedChanges, today }: Rules,
): Pick<JudgedChange, 'verdict' | 'because'> {
  const entries = allowedChanges.filter((each) => each.resource === resource && each.changes.includes(property));
  const [entry] = entries.sort((one, other) => other.until.localeCompare(one.until));
  if (!entry) return { verdict: 'refused' };
  const daysLeft = daysUntil(entry.until, today);
  if (daysLeft < 0) return { verdict: 'refused', because: `the entry in allowedChanges ended on ${entry.until}` };
  if (daysLeft > LONGEST_DAYS) {
    return {
      verdict: 'refused',
      because: `the entry in allowedChanges lasts until ${entry.until}; allowed: at most ${LONGEST_DAYS} days ahead`,
    };
  }
  return { verdict: 'allowed', because: `${entry.reason} (allowedChanges, until ${entry.until})` };
}

/** Entries in allowedChanges that do nothing: a sentence for each. */
export function staleEntries(before: Templates, after: Templates, { allowedChanges, today }: Rules): string[] {
  const exists = (resource: string) => {
    const [stack = '', id = ''] = resource.split('/');
    return [before, after].some((templates) => templates[stack]?.Resources?.[id] !== undefined);
  };
  return allowedChanges.flatMap(({ resource, until }) => {
    if (daysUntil(until, today) < 0) return [`allowedChanges: the entry for ${resource} ended on ${until}; delete it`];
    return exists(resource)
      ? []
      : [`allowedChanges: ${resource} is not a resource of the environment; correct or delete it`];
  });
}

function daysUntil(date: string, today: Date): number {
  return Math.round((Date.parse(date) - Date.parse(today.toISOString().slice(0, 10))) / DAY_MS);
}
