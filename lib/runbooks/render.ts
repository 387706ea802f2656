import type { Contact } from '../config/schema/notifications';
import type { Alert } from '../monitoring/alerts';
import type { StartInstructions } from '../recovery-documents/deployed';
import type { LedgerEntry } from '../monitoring/compiler/compiled';
import { boardName, boardOf } from '../monitoring/dashboards/boards';
import { formatDuration } from '../shared/duration';
import { contactText } from './notification-text';
import { DECISION_TREE, pagePath, parseRunbook, RUNBOOK_SECTIONS } from './pages';

/** What the pages repeat from the catalogue and the configuration. */
export interface RunbookData {
  /** The environment that people are called for. */
  readonly environment: string;
  readonly alerts: readonly Alert[];
  /** What CloudWatch makes of each alert there. */
  readonly ledger: readonly LedgerEntry[];
  readonly contacts: readonly Contact[];
  /** Whom to call, in this order. */
  readonly escalation: readonly string[];
  /** What people recover with. */
  readonly documents: readonly StartInstructions[];
}

const BEGIN = '<!-- generated: npm run runbooks -->';
const END = '<!-- end -->';
/** prettier would pad every row of a table to its longest. */
const IGNORE = '<!-- prettier-ignore -->';
const RECOVERY_NOTE =
  'Automation documents of Systems Manager. Each checks first and waits for an approval; its steps say what they do.';
const GENERATED = new RegExp(`${BEGIN}[\\s\\S]*?${END}`);

/**
 * Every page with its generated part as the facts have it; what people wrote is left as it is. An alert without a page gets one
 * with empty sections, which counts as a fault until somebody fills them.
 */
export function renderPages(pages: ReadonlyMap<string, string>, facts: RunbookData): Map<string, string> {
  const empty = facts.alerts.filter(({ name }) => !pages.has(name)).map(({ name }) => [name, emptyPage(name)] as const);
  return new Map([...pages, ...empty].map(([name, text]) => [name, renderPage(name, text, facts)]));
}

/** What is wrong with the pages, a sentence for each fault: missing, without an alert, lacking a section, stale. */
export function pageFaults(pages: ReadonlyMap<string, string>, facts: RunbookData): string[] {
  const wanted = [DECISION_TREE, ...facts.alerts.map(({ name }) => name)];
  const missing = wanted
    .filter((name) => !pages.has(name))
    .map((name) => `${pagePath(name)} is missing; run "npm run runbooks", then fill its sections`);
  return [...missing, ...[...pages].flatMap(([name, text]) => pageFault(name, text, wanted, facts) ?? [])];
}

function pageFault(name: string, text: string, wanted: readonly string[], facts: RunbookData): string | undefined {
  if (!wanted.includes(name))
    return `${pagePath(name)} belongs to no alert of alerts.yml; delete it or name it for one`;
  try {
    if (name !== DECISION_TREE) parseRunbook(name, text);
  } catch (error) {
    return (error as Error).message;
  }
  return renderPage(name, text, facts) === text ? undefined : `${pagePath(name)} is stale; run "npm run runbooks"`;
}

function renderPage(name: string, text: string, facts: RunbookData): string {
  if (name === DECISION_TREE) return replaceGenerated(text, index(facts));
  const alert = facts.alerts.find((candidate) => candidate.name === name);
  return alert ? replaceGenerated(text, head(alert, facts)) : text;
}

function emptyPage(alert: string): string {
  return `# ${alert}\n\n${RUNBOOK_SECTIONS.map((section) => `## ${section}\n`).join('\n')}`;
}

/** Replaces the generated part, or puts it below the title. */
function replaceGenerated(text: string, content: string): string {
  const generated = `${BEGIN}\n\n${IGNORE}\n${content}\n\n${END}`;
  if (GENERATED.test(text)) return text.replace(GENERATED, () => generated);
  const [title = '', ...rest] = text.split('\n');
  return [title, '', generated, ...rest].join('\n');
}

function head(alert: Alert, facts: RunbookData): string {
  const entry = facts.ledger.find((candidate) => candidate.alert === alert.name);
  if (!entry) throw new Error(`the ledger has no entry for alert ${alert.name}; compile the same alerts`);
  const board = boardOf(alert.group);
  const lasting = entry.forSeconds === 0 ? 'at once' : `for ${formatDuration(entry.forSeconds)}`;
  return table(
    [alert.summary, ''],
    [
      ['Severity', entry.severity],
      ['Condition', `${code(entry.expression)} ${lasting}`],
      ['In CloudWatch', inCloudWatch(entry)],
      ['Dashboard', `${board.title}, ${code(boardName(facts.environment, board))}`],
      ...recovery(alert, facts),
      ['Contacts', facts.contacts.map(contactText).join('; ')],
      ['Escalation', facts.escalation.map((step, i) => `${i + 1}. ${step}`).join(' → ')],
    ],
  );
}

function recovery({ name }: Alert, { documents }: RunbookData): string[][] {
  const helping = documents.filter(({ alerts }) => alerts.includes(name)).map((document) => code(document.name));
  return helping.length > 0 ? [['Recovery', `${helping.join(', ')}: [commands](README.md#recovery-documents)`]] : [];
}

function inCloudWatch({ outcome, becomes, note }: LedgerEntry): string {
  switch (outcome) {
    case 'translated':
      return `${becomes.length === 1 ? 'alarm' : 'alarms'} ${becomes.map(code).join(', ')}`;
    case 'replaced by an event':
      return `event rule ${becomes.map(code).join(', ')}: it tells once, nothing clears`;
    case 'absent':
    case 'switched off':
      return `nothing (${outcome}): ${note}`;
  }
}

function index({ alerts, documents }: RunbookData): string {
  const pages = table(
    ['Alert', 'Severity', 'Means'],
    alerts.map(({ name, severity, summary }) => [`[${name}](${name}.md)`, severity, summary]),
  );
  const commands = table(
    ['Document', 'Does', 'Start it'],
    documents.map(({ name, does, command }) => [code(name), does, code(command)]),
  );
  return `${pages}\n\n## Recovery documents\n\n${RECOVERY_NOTE}\n\n${IGNORE}\n${commands}`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}
