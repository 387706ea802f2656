import { z } from 'zod';
import { line, withoutRepetition } from './fields';

/** A line of an alarm's description, which CloudWatch cuts at 1,024 characters. */
const shortLine = line.max(100);

/** Descriptions of paging alarms have several addresses of pages in their 1,024 characters. */
const WEB_ADDRESS = /^(?=.{1,100}$)https:\/\/[a-z0-9.-]+(:\d{1,5})?(\/[\w.~%@:+-]+)*\/?$/i;

/** A contact for emergencies. */
const contactSchema = z.strictObject({
  /** Such as `Primary DBA`. */
  role: shortLine,
  name: shortLine,
  /** Telephone number, channel or address. */
  reach: shortLine,
});

/** A contact for emergencies. */
export type Contact = z.output<typeof contactSchema>;

/**
 * Channels of notifications: critical goes to PagerDuty and Slack, warning to Slack, info to the email addresses. When a channel is not
 * configured, its notifications go to the addresses, so that none is lost.
 */
export const notificationsSchema = z.strictObject({
  /** Addresses for info, and for every severity whose channel is not configured below. */
  emails: withoutRepetition(z.array(z.email()).min(1).max(10)),
  /** The on-call service. Default none: paging alarms go to the addresses. */
  pagerDuty: z
    .strictObject({
      /** Secret of Secrets Manager in the same account and region. Its whole text is the key of an "Amazon CloudWatch" integration. */
      integrationKeySecretName: z.string().regex(/^[A-Za-z0-9/_+=.@-]{1,512}$/, 'the name of a secret, not its ARN'),
    })
    .optional(),
  /** The channel for critical and warning. Default none: they go to the addresses. */
  slack: z
    .strictObject({
      /** Workspace that was authorized once, in the console of Amazon Q Developer in chat applications. */
      workspaceId: z.string().regex(/^[0-9A-Z]{1,255}$/, 'a Slack workspace id such as "T0123ABCD"'),
      /** The channel, such as #database-alerts, by its id. */
      channelId: z.string().regex(/^[A-Za-z0-9]{1,256}$/, 'a Slack channel id such as "C0123ABCD"'),
    })
    .optional(),
  /** Where the runbook pages are published. Default: descriptions name the page's path in this repository. */
  runbookBaseUrl: z
    .string()
    .regex(WEB_ADDRESS, 'an https address of at most 100 characters, without a query or fragment')
    .optional(),
  /** Contacts on every runbook page, in the order to call them. Default none. */
  contacts: z.array(contactSchema).default([]),
  /** Steps of escalation on every runbook page, in this order. Default none. */
  escalation: z.array(line).default([]),
});

/** Settings of the notifications, with all defaults filled in. */
export type Notifications = z.output<typeof notificationsSchema>;

/**
 * What an environment may cost, US dollars a month; the topic of warnings is notified. A budget of
 * a shared account counts what has the tag `Environment`, which a person activates once as a cost allocation tag in the account that pays.
 */
export const budgetSchema = z.strictObject({
  /** A warning at 80 %, at all of it, and when the month is forecast to pass it. */
  monthlyUsd: z.number().min(1).max(10_000_000),
  /** A warning when costs are so much higher than usual. Default 100. */
  anomalyUsd: z.number().min(1).max(1_000_000).default(100),
});
