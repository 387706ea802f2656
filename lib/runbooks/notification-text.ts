import type { Contact } from '../config/schema/notifications';
import type { AlertDetails } from '../monitoring/compiler/compiled';
import { runbookLink } from './pages';

/** What every notification of an environment says in addition to its alert. */
export interface NotificationContext {
  /** Where the runbook pages are published. Default: the page's path in this repository. */
  readonly runbookBaseUrl?: string;
  /** The people to call, in this order. */
  readonly contacts: readonly Contact[];
}

/** A contact as runbook pages and notifications write it. */
export function contactText({ role, name, reach }: Contact): string {
  return `${role}: ${name}, ${reach}`;
}

/** A contact as a line of a notification. */
export function contactLine(contact: Contact): string {
  return `Contact: ${contactText(contact)}`;
}

/**
 * The lines of a notification about an alert: summary, description, severity, the first contact if it is critical, runbook page.
 * @throws Error when the alert has no runbook page
 */
export function notificationLines(
  { alert, severity, summary, description }: AlertDetails,
  { runbookBaseUrl, contacts }: NotificationContext,
): string[] {
  const contact = severity === 'critical' ? contacts[0] : undefined;
  return [
    summary,
    description,
    `Severity: ${severity}`,
    ...(contact ? [contactLine(contact)] : []),
    `Runbook: ${runbookLink(alert, runbookBaseUrl)}`,
  ];
}
