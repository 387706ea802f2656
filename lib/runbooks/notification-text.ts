import type { AlertDetails } from '../monitoring/compiler/compiled';
import { runbookLink } from './pages';

/** What every notice of an environment says beside its alert. */
export interface NoticeContext {
  /** Default: the runbook page's path in this repository. */
  readonly runbookBaseUrl?: string;
  /** Who helps, the first to call first. */
  readonly contacts: readonly Contact[];
}

/** Somebody who helps. */
export interface Contact {
  readonly role: string;
  readonly name: string;
  readonly reach: string;
}

/** A contact as notices name it. */
export function contactLine({ role, name, reach }: Contact): string {
  return `Contact: ${role}: ${name}, ${reach}`;
}

/**
 * The lines that a person who is told of an alert reads: what it is, how bad, whom to call where it is critical, and what to do.
 * @throws Error when the alert has no runbook page.
 */
export function noticeLines(facts: AlertDetails, { runbookBaseUrl, contacts }: NoticeContext): string[] {
  const contact = facts.severity === 'critical' ? contacts[0] : undefined;
  return [
    facts.summary,
    facts.description,
    `Severity: ${facts.severity}`,
    ...(contact ? [contactLine(contact)] : []),
    `Runbook: ${runbookLink(facts.alert, runbookBaseUrl)}`,
  ];
}
