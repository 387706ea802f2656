import type { Database } from './database';

/** The areas of the owner's analysis, and those that it takes for granted, in the order of the report. */
export const AREAS = [
  'backups',
  'replicas',
  'pooling',
  'indexes',
  'credentials and TLS',
  'monitoring',
  'N+1 queries',
  'migrations',
  'durability',
  'upkeep',
] as const;
/** An area of the report. */
type Area = (typeof AREAS)[number];

/** What a check weighs, by what it prevents: 3 data lost, or open to strangers; 2 an outage; 1 slow queries or needless work. */
export const WEIGHTS = { loss: 3, outage: 2, work: 1 } as const;

/**
 * `not seen`: a connection cannot see it, or not with this role's rights; counts like `failed`. `not applicable`: there is nothing
 * that could be right or wrong; does not count.
 */
export type Status = 'passed' | 'failed' | 'not seen' | 'not applicable';

/** What a check found. No text has a full stop, a secret, or the text of a statement. */
export interface Finding {
  readonly status: Status;
  /** What was seen. */
  readonly found: string;
  /** What to do; none where it passed. */
  readonly action?: string;
}

/** A check as data. */
interface CheckOf<Answer> {
  readonly name: string;
  readonly area: Area;
  readonly weight: (typeof WEIGHTS)[keyof typeof WEIGHTS];
  /** What it asks, for people. */
  readonly question: string;
  /** What to do where it fails. */
  readonly action: string;
  /** What a role needs to read it; undefined: every role may. */
  readonly right?: string;
  /** Reads and judges nothing. */
  readonly read: (database: Database) => Promise<Answer>;
  /** Judges and reads nothing. */
  readonly decide: (answer: Answer) => Finding;
}

/** A check whose answer is known to nobody but itself. */
export interface Check extends Omit<CheckOf<never>, 'read' | 'decide'> {
  /** Reads and judges, in one transaction. */
  readonly judge: (database: Database) => Promise<Finding>;
}

/** Makes a check that can be listed with the others. */
export function check<Answer>({ read, decide, ...about }: CheckOf<Answer>): Check {
  return {
    ...about,
    judge: async (database) => {
      const finding = decide(await read(database));
      return finding.status === 'failed' ? { action: about.action, ...finding } : finding;
    },
  };
}

/** As it should be. */
export function passed(found: string): Finding {
  return { status: 'passed', found };
}

/**
 * Not as it should be.
 * @param action where it differs from that of the check
 */
export function failed(found: string, action?: string): Finding {
  return { status: 'failed', found, ...(action !== undefined && { action }) };
}

/** Nobody can tell from this connection. */
export function notSeen(found: string, action: string): Finding {
  return { status: 'not seen', found, action };
}

/** There is nothing to judge. */
export function notApplicable(found: string): Finding {
  return { status: 'not applicable', found };
}

/** Passes where there is nothing to object to; else names the first few objections. */
export function noneOf(objections: readonly string[], none: string): Finding {
  return objections.length === 0 ? passed(none) : failed(listed(objections));
}

const SHOWN = 3;

/** Names for people: `a, b, c and 4 more`. */
export function listed(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return more > 0 ? `${names.slice(0, SHOWN).join(', ')} and ${more} more` : names.join(', ');
}
