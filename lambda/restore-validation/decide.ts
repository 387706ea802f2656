import type { RestoreValidationStatus } from '@aws-sdk/client-backup';
import type { Validated } from '../../lib/contract/drill/state';
import type { RestoreTestEvent } from './event';

/** Outcome of a check: what was validated, or why it failed. */
export type CheckOutcome = { readonly validated: Validated } | { readonly fault: string };

/** The verdict that AWS Backup and people receive. */
export interface Verdict {
  readonly status: Extract<RestoreValidationStatus, 'SUCCESSFUL' | 'FAILED'>;
  /** One or two sentences. */
  readonly message: string;
}

/** Longest message, characters. AWS Backup documents no limit; nobody reads more. */
const LONGEST = 1000;

/** The verdict on a restored database. */
export function verdictOf(outcome: CheckOutcome, { detail }: RestoreTestEvent): Verdict {
  if ('fault' in outcome) return { status: 'FAILED', message: outcome.fault.slice(0, LONGEST) };
  const { migrations, tables, heartbeatAt, roles } = outcome.validated;
  const rows = tables.reduce((sum, { restoredRows = 0 }) => sum + restoredRows, 0);
  const parts = [
    `${migrations} migrations`,
    `${rows} rows in ${tables.length} tables`,
    `data up to ${heartbeatAt}`,
    `log-ins of ${roles.join(', ')}`,
    ...restoreTime(detail),
  ];
  return { status: 'SUCCESSFUL', message: parts.join('; ').slice(0, LONGEST) };
}

function restoreTime({ creationDate, completionDate }: RestoreTestEvent['detail']): string[] {
  if (!creationDate || !completionDate) return [];
  const minutes = (Date.parse(completionDate) - Date.parse(creationDate)) / 60_000;
  return [`restored in ${Math.round(minutes)} min`];
}
