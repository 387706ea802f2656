import type { Alert } from './alerts';
import type { LedgerEntry } from './compiled';
import { DECISION_TREE, pagePath, parseRunbook } from './runbooks';

/** Somebody to call. */
export interface Contact {
  /** Such as `Primary DBA`. */
  readonly role: string;
  readonly name: string;
  /** Telephone, channel or address. */
  readonly reach: string;
}

/** What the pages repeat from the catalogue and the configuration. */
export interface RunbookFacts {
  readonly alerts: readonly Alert[];
  /** What CloudWatch makes of each alert in the environment that people are paged for. */
  readonly ledger: readonly LedgerEntry[];
  readonly contacts: readonly Contact[];
  /** Whom to call, in this order. */
  readonly escalation: readonly string[];
  /** Name of the dashboard that draws an alert. */
  readonly dashboardOf: (alert: Alert) => string;
}

const BEGIN = '<!-- generated: npm run runbooks -->';
const END = '<!-- end -->';
const GENERATED = new RegExp(`${BEGIN}[\\s\\S]*?${END}`);

/** Every page with its generated part as the facts have it; what people wrote is left as it is. */
export function renderPages(pages: ReadonlyMap<string, string>, facts: RunbookFacts): Map<string, string> {
  return new Map([...pages].map(([name, text]) => [name, renderPage(name, text, facts)]));
}

/** What is wrong with the pages, a sentence for each fault: missing, without an alert, lacking a section, stale. */
export function pageFaults(pages: ReadonlyMap<string, string>, facts: RunbookFacts): string[] {
  const wanted = [DECISION_TREE, ...facts.alerts.map(({ name }) => name)];
  const missing = wanted.filter((name) => !pages.has(name)).map((name) => `${pagePath(name)} is missing; write it`);
  return [...missing, ...[...pages].flatMap(([name, text]) => pageFault(name, text, wanted, facts) ?? [])];
}

function pageFault(name: string, text: string, wanted: readonly string[], facts: RunbookFacts): string | undefined {
  if (!wanted.includes(name))
    return `${pagePath(name)} belongs to no alert of alerts.yml; delete it or name it for one`;
  try {
    if (name !== DECISION_TREE) parseRunbook(name, text);
  } catch (error) {
    return (error as Error).message;
  }
  return renderPage(name, text, facts) === text ? undefined : `${pagePath(name)} is stale; run "npm run runbooks"`;
}

function renderPage(name: string, text: string, facts: RunbookFacts): string {
  if (name === DECISION_TREE) return replaceGenerated(text, index(facts));
  const alert = facts.alerts.find((candidate) => candidate.name === name);
  return alert ? replaceGenerated(text, head(alert, facts)) : text;
}

/** Replaces the generated part, or puts it below the title. */
function replaceGenerated(text: string, content: string): string {
  // prettier would pad every row of the table to its longest.
  const generated = `${BEGIN}\n\n<!-- prettier-ignore -->\n${content}\n\n${END}`;
  if (GENERATED.test(text)) return text.replace(GENERATED, () => generated);
  const [title = '', ...rest] = text.split('\n');
  return [title, '', generated, ...rest].join('\n');
}

function head(alert: Alert, facts: RunbookFacts): string {
  const { severity, expression, forSeconds, summary } = alert;
  const lasting = forSeconds === 0 ? 'at once' : `for ${formatDuration(forSeconds)}`;
  return table(
    [summary, ''],
    [
      ['Severity', severity],
      ['Condition', `${code(expression)} ${lasting}`],
      ...facts.ledger.filter((entry) => entry.alert === alert.name).map(inCloudWatch),
      ['Dashboard', facts.dashboardOf(alert)],
      ['Contacts', facts.contacts.map(({ role, name, reach }) => `${role}: ${name}, ${reach}`).join('; ')],
      ['Escalation', facts.escalation.map((step, i) => `${i + 1}. ${step}`).join(' → ')],
    ],
  );
}

function inCloudWatch({ outcome, becomes, note }: LedgerEntry): [string, string] {
  if (outcome === 'absent') return ['In CloudWatch', `nothing: ${note}`];
  const kind = outcome === 'translated' ? 'alarm' : 'event rule, which tells once and has no all-clear';
  return ['In CloudWatch', `${becomes.map(code).join(', ')} (${kind})`];
}

function index({ alerts }: RunbookFacts): string {
  return table(
    ['Alert', 'Severity', 'Means'],
    alerts.map(({ name, severity, summary }) => [`[${name}](${name}.md)`, severity, summary]),
  );
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

/** Such as `5m`, in the largest unit that gives a whole number; days only from two on, because rules say `24h`. */
function formatDuration(seconds: number): string {
  const units = [
    ['d', 86_400, 2],
    ['h', 3_600, 1],
    ['m', 60, 1],
  ] as const;
  const unit = units.find(([, length, least]) => seconds % length === 0 && seconds >= length * least);
  return unit ? `${seconds / unit[1]}${unit[0]}` : `${seconds}s`;
}
