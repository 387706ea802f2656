import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { describeIssue } from '../shared/faults';
import { once } from '../shared/once';
import { SEVERITIES, type Severity } from '../shared/severities';
import { parseDuration } from '../shared/duration';

/** One rule of alerts.yml. */
export interface Alert {
  readonly name: string;
  /** The rule's group. */
  readonly group: string;
  /** PromQL. */
  readonly expression: string;
  /** How long the expression must hold, seconds. */
  readonly forSeconds: number;
  /** How often Prometheus evaluates the rule's group, seconds; CloudWatch evaluates every minute. */
  readonly intervalSeconds: number;
  readonly severity: Severity;
  readonly component: string;
  readonly summary: string;
  readonly description: string;
}

/** alerts.yml cannot be used; `faults` has one sentence for each fault. */
export class InvalidAlerts extends Error {
  constructor(readonly faults: readonly string[]) {
    super([`alerts.yml has ${faults.length} fault(s):`, ...faults].join('\n  - '));
    this.name = 'InvalidAlerts';
  }
}

const duration = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, 'a Prometheus duration such as 30s, 5m or 1h30m');

const ruleSchema = z.strictObject({
  alert: z.string().regex(/^[A-Z][A-Za-z0-9]*$/, 'a name in PascalCase, such as PostgreSQLDown'),
  expr: z.string().min(1),
  for: duration.default('0s'),
  labels: z.strictObject({ severity: z.enum(SEVERITIES), component: z.string().min(1) }),
  annotations: z.strictObject({ summary: z.string().min(1), description: z.string().min(1) }),
});

const groupSchema = z.strictObject({
  name: z.string().min(1),
  // The default of Prometheus.
  interval: duration.default('1m'),
  rules: z.array(ruleSchema).min(1),
});

const fileSchema = z.strictObject({ groups: z.array(groupSchema).min(1) });

/** The alerts of this project, from alerts.yml next to this file. */
export const loadAlerts = once((): readonly Alert[] =>
  parseAlerts(readFileSync(join(__dirname, 'alerts.yml'), 'utf8')),
);

/**
 * Reads a Prometheus rule file.
 * @throws InvalidAlerts with every fault at once, each a sentence: where, the value found, what is allowed.
 */
export function parseAlerts(text: string): Alert[] {
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    throw new InvalidAlerts(document.errors.map((error) => `it is not valid YAML: ${error.message.split('\n')[0]}`));
  }
  const input: unknown = document.toJS();
  const result = fileSchema.safeParse(input, { reportInput: true });
  if (!result.success)
    throw new InvalidAlerts(result.error.issues.flatMap((issue) => describeIssue(issue, input, 'the file')));
  const alerts = result.data.groups.flatMap((group) => group.rules.map((rule) => toAlert(group, rule)));
  const repeated = alerts.filter(({ name }, index) => alerts.findIndex((other) => other.name === name) < index);
  if (repeated.length > 0) {
    throw new InvalidAlerts(
      repeated.map(({ name, group }) => `alert ${name} of group ${group} exists already; allowed: each name once`),
    );
  }
  return alerts;
}

function toAlert({ name, interval }: z.output<typeof groupSchema>, rule: z.output<typeof ruleSchema>): Alert {
  return {
    name: rule.alert,
    group: name,
    expression: rule.expr,
    forSeconds: parseDuration(rule.for) ?? 0,
    intervalSeconds: parseDuration(interval) ?? 0,
    ...rule.labels,
    ...rule.annotations,
  };
}
