import { actionsOnlyIn } from './policy';

/**
 * Judges a change that CloudFormation makes in place.
 * @returns what would be lost, as a sentence without a full stop; undefined where nothing is
 */
export type Guard = (before: unknown, after: unknown) => string | undefined;

/** A number that deletes what is older when it is lowered. No number stands for "kept for ever". */
export function lowered(lost: (days: number) => string): Guard {
  return (before, after) => {
    const [was, will] = [before, after].map((value) => (value === undefined ? Infinity : Number(value)));
    return will !== undefined && was !== undefined && will < was ? lost(will) : undefined;
  };
}

/** A protection that is a value: every other value takes it off. */
export function keeps(value: unknown, lost: string): Guard {
  return (before, after) => (before === value && after !== value ? lost : undefined);
}

/** A value that must not become another one. */
export function refuses(value: unknown, lost: string): Guard {
  return (_, after) => (after === value ? lost : undefined);
}

/** Any change. */
export function stays(lost: string): Guard {
  return () => lost;
}

/** The number before the first point of an engine's version. */
export const keepsMajorVersion: Guard = (before, after) => {
  const [was, will] = [before, after].map((version) => String(version).split('.')[0]);
  if (before === undefined || after === undefined || was === will) return undefined;
  return `RDS upgrades the server in place from ${was} to ${will}: it stops for the time of the upgrade, and there is no way back but a restore`;
};

/** A key policy under which everybody who may use the key still may. */
export const keepsGrants: Guard = (before, after) => {
  const taken = actionsOnlyIn(before, after, 'Allow');
  if (taken.length > 0) return `somebody may no longer use the key: ${taken.join(', ')}`;
  const denied = actionsOnlyIn(after, before, 'Deny');
  return denied.length > 0 ? `somebody may no longer use the key: ${denied.join(', ')} is denied` : undefined;
};

/** A vault's policy that denies at least what it denied. */
export const keepsDenials: Guard = (before, after) => {
  const taken = actionsOnlyIn(before, after, 'Deny');
  return taken.length > 0 ? `nothing denies any more: ${taken.join(', ')}` : undefined;
};

interface Lock {
  readonly MinRetentionDays?: number;
  readonly ChangeableForDays?: number;
}

/** A vault lock that protects at least as long, and in the same mode. */
export const keepsLock: Guard = (before, after) => {
  if (before === undefined) return undefined;
  if (after === undefined)
    return 'the lock of the vault is taken off: its recovery points can be deleted before their time';
  const [was, will] = [before as Lock, after as Lock];
  if (Number(will.MinRetentionDays ?? 0) < Number(was.MinRetentionDays ?? 0)) {
    return `recovery points are protected for ${will.MinRetentionDays ?? 0} days instead of ${was.MinRetentionDays}`;
  }
  if (was.ChangeableForDays === undefined || was.ChangeableForDays === will.ChangeableForDays) return undefined;
  return 'the lock in compliance mode becomes another one, which AWS Backup refuses once it is final';
};

/** Policies that say what CloudFormation does with a resource that leaves the template, from the strongest. */
const POLICIES: readonly (readonly unknown[])[] = [
  ['Retain', 'RetainExceptOnCreate'],
  ['Snapshot'],
  ['Delete', undefined],
];

/** DeletionPolicy and UpdateReplacePolicy: no weaker one. */
export const keepsPolicy: Guard = (before, after) => {
  const rank = (policy: unknown) => POLICIES.findIndex((equal) => equal.includes(policy));
  if (rank(after) <= rank(before)) return undefined;
  return `CloudFormation would ${rank(after) === 1 ? 'keep only a snapshot' : 'delete it'} when it leaves the template or is replaced`;
};
