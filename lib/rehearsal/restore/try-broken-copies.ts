import type { Client } from 'pg';
import type { Break } from './broken-copies';

/** A broken copy of the restored database, and what became of it. */
export interface BrokenCopy {
  /** What was broken, in words. */
  readonly broken: string;
  /** Whether every check refused it and named what is broken. */
  readonly refused: boolean;
  /** Why they refused it, or which of them did not. */
  readonly reason: string;
}

/** A check of a restored database. */
export interface CopyCheck {
  readonly name: string;
  /** Why it refuses the database; undefined: it accepts it. */
  readonly refusal: () => Promise<string | undefined>;
}

/** The broken copies, and why the checks refuse the database after all repairs; undefined: they accept it. */
export interface TriedCopies {
  readonly brokenCopies: readonly BrokenCopy[];
  readonly intactRefused?: string;
}

/**
 * Breaks a restored database in one way after another, has it checked each time and repairs it again. Faster than a copy for each: the
 * intact database is checked at the end, and a repair that left something would show there.
 * @param superuser session in the restored database
 */
export async function tryBrokenCopies(
  superuser: Client,
  breaks: readonly Break[],
  checks: readonly CopyCheck[],
): Promise<TriedCopies> {
  const brokenCopies: BrokenCopy[] = [];
  for (const { broken, damage, repair, names } of breaks) {
    await superuser.query(damage);
    try {
      const outcomes = await refusals(checks);
      const missed = outcomes.find(({ reason }) => reason?.includes(names) !== true);
      brokenCopies.push({
        broken,
        refused: missed === undefined,
        reason: missed ? missedReason(missed) : (outcomes[0]?.reason ?? ''),
      });
    } finally {
      await superuser.query(repair);
    }
  }
  const intact = (await refusals(checks)).find(({ reason }) => reason !== undefined);
  return { brokenCopies, ...(intact ? { intactRefused: `${intact.name}: ${intact.reason}` } : {}) };
}

interface Outcome {
  readonly name: string;
  readonly reason: string | undefined;
}

async function refusals(checks: readonly CopyCheck[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { name, refusal } of checks) outcomes.push({ name, reason: await refusal() });
  return outcomes;
}

function missedReason({ name, reason }: Outcome): string {
  return reason === undefined ? `${name} accepts it` : `${name} refuses it for another reason: ${reason}`;
}
