import { z } from 'zod';

/** A line that a person reads in an alarm's description, which CloudWatch cuts at 1,024 characters. */
const line = z.string().min(1).max(100);

/** Somebody to call in an emergency. */
const contactSchema = z.strictObject({
  /** Such as `Primary DBA`. */
  role: line,
  name: line,
  /** Telephone number, channel or address. */
  reach: line,
});

/** Somebody to call in an emergency. */
export type Contact = z.output<typeof contactSchema>;

/**
 * Who hears of what: critical goes to PagerDuty and Slack, warning to Slack, info to the addresses. What is not configured falls
 * back to the addresses, so that nothing is silent.
 */
export const notificationsSchema = z.strictObject({
  /** Addresses that get info, and every severity whose own channel is not configured below. */
  emails: z.array(z.email()).min(1),
  /** The on-call service. Default none: pages go to the addresses. */
  pagerDuty: z
    .strictObject({
      /** Secret of Secrets Manager, in the same account and region, whose whole text is the key of an "Amazon CloudWatch" integration. */
      integrationKeySecretName: z.string().regex(/^[A-Za-z0-9/_+=.@-]{1,512}$/, 'the name of a secret, not its ARN'),
    })
    .optional(),
  /** The channel for critical and warning. Default none: they go to the addresses. */
  slack: z
    .strictObject({
      /** Workspace that somebody authorized for Amazon Q Developer in chat applications, once, in its console. */
      workspaceId: z.string().regex(/^[0-9A-Z]{1,255}$/, 'a Slack workspace id such as "T0123ABCD"'),
      /** The channel, such as #database-alerts, by its id. */
      channelId: z.string().regex(/^[A-Za-z0-9]{1,256}$/, 'a Slack channel id such as "C0123ABCD"'),
    })
    .optional(),
  /** Where the runbook pages are published. Default: descriptions name the page's path in this repository. */
  runbookBaseUrl: z.url({ protocol: /^https$/ }).optional(),
  /** Who helps in an emergency, the first to call first; on every runbook page. Default none. */
  contacts: z.array(contactSchema).default([]),
  /** What to try, in this order, before waking somebody higher up; on every runbook page. Default none. */
  escalation: z.array(z.string().min(1)).default([]),
});

/** Who hears of what, with all defaults filled in. */
export type Notifications = z.output<typeof notificationsSchema>;
