import type { RestoreValidationStatus } from '@aws-sdk/client-backup';
import type { Validated } from '../../lib/contract/drill-state';
import type { RestoreTestEvent } from './event';

/** What became of a check. */
export type CheckOutcome = { readonly validated: Validated } | { readonly fault: string };

/** What AWS Backup and people are told. */
export interface Verdict {
  readonly status: Extract<RestoreValidationStatus, 'SUCCESSFUL' | 'FAILED'>;
  /** A sentence or two. */
  readonly message: string;
}

/** AWS Backup documents no limit of the message; this much is more than a person reads. Characters. */
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
