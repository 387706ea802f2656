import type { AlertFacts } from './compiled';
import { runbookLink } from './runbooks';

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
export function noticeLines(facts: AlertFacts, { runbookBaseUrl, contacts }: NoticeContext): string[] {
  const contact = facts.severity === 'critical' ? contacts[0] : undefined;
  return [
    facts.summary,
    facts.description,
    `Severity: ${facts.severity}`,
    ...(contact ? [contactLine(contact)] : []),
    `Runbook: ${runbookLink(facts.alert, runbookBaseUrl)}`,
  ];
}

/**
 * A notice of our own making in the only form that Slack shows: what else reaches Amazon Q Developer in chat applications is dropped
 * without a word (its administrator guide, "Custom notifications"). In a mail it reads as JSON.
 */
export function chatNotice(title: string, lines: readonly string[]): object {
  return {
    version: '1.0',
    source: 'custom',
    content: { textType: 'client-markdown', title, description: lines.join('\n') },
  };
}
