import type { Contact } from '../config/schema/notifications';
import type { Alert } from '../monitoring/alerts';
import type { LedgerEntry } from '../monitoring/compiler/compiled';
import { boardName, boardOf } from '../monitoring/dashboards/boards';
import type { StartInstructions } from '../recovery-documents/start-instructions';
import { formatDuration } from '../shared/duration';
import { markdownTable } from '../shared/markdown';
import { contactText } from './notification-text';
import { DECISION_TREE, pagePath, parseRunbook, RUNBOOK_SECTIONS } from './pages';

/** What the generated parts of the pages state. */
export interface RunbookData {
  /** The environment that people are called for. */
  readonly environment: string;
  readonly alerts: readonly Alert[];
  /** How each alert is translated to CloudWatch in that environment. */
  readonly ledger: readonly LedgerEntry[];
  readonly contacts: readonly Contact[];
  /** Steps of the escalation, in this order. */
  readonly escalation: readonly string[];
  /** The recovery documents of that environment. */
  readonly documents: readonly StartInstructions[];
}

const UPDATE = 'npm run update';
const BEGIN = `<!-- generated: ${UPDATE} -->`;
const END = '<!-- end -->';
/** Otherwise prettier pads every cell of a column to its longest, and each line wraps in a terminal. */
const IGNORE = '<!-- prettier-ignore -->';
const RECOVERY_NOTE =
  'Automation documents in Systems Manager. Each one checks its conditions and waits for an approval before it changes anything.';
const GENERATED = new RegExp(`<!-- generated: [^>]*-->[\\s\\S]*?${END}`);

/**
 * Every page with its generated part made from `data`; the rest of the text stays. An alert without a page gets one with empty
 * sections, which is a fault until somebody fills them in.
 */
export function renderPages(pages: ReadonlyMap<string, string>, data: RunbookData): Map<string, string> {
  const empty = data.alerts.filter(({ name }) => !pages.has(name)).map(({ name }) => [name, emptyPage(name)] as const);
  return new Map([...pages, ...empty].map(([name, text]) => [name, renderPage(name, text, data)]));
}

/** What is wrong with the pages, a sentence for each fault: a missing page, one without an alert, a missing section, an outdated page. */
export function pageFaults(pages: ReadonlyMap<string, string>, data: RunbookData): string[] {
  const wanted = [DECISION_TREE, ...data.alerts.map(({ name }) => name)];
  const missing = wanted
    .filter((name) => !pages.has(name))
    .map((name) => `${pagePath(name)} is missing; run "${UPDATE}", then fill in its sections`);
  return [...missing, ...[...pages].flatMap(([name, text]) => pageFault(name, text, wanted, data) ?? [])];
}

function pageFault(name: string, text: string, wanted: readonly string[], data: RunbookData): string | undefined {
  if (!wanted.includes(name)) {
    return `${pagePath(name)} does not belong to an alert of alerts.yml; delete it or rename it to one`;
  }
  try {
    if (name !== DECISION_TREE) parseRunbook(name, text);
  } catch (error) {
    return (error as Error).message;
  }
  return renderPage(name, text, data) === text ? undefined : `${pagePath(name)} is outdated; run "${UPDATE}"`;
}

function renderPage(name: string, text: string, data: RunbookData): string {
  if (name === DECISION_TREE) return replaceGenerated(text, index(data));
  const alert = data.alerts.find((candidate) => candidate.name === name);
  return alert ? replaceGenerated(text, head(alert, data)) : text;
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

function head(alert: Alert, data: RunbookData): string {
  const entry = data.ledger.find((candidate) => candidate.alert === alert.name);
  if (!entry) throw new Error(`the ledger has no entry for alert ${alert.name}; compile the same alerts`);
  const board = boardOf(alert.group);
  const lasting = entry.forSeconds === 0 ? 'immediately' : `for ${formatDuration(entry.forSeconds)}`;
  return table(
    [alert.summary, ''],
    [
      ['Severity', entry.severity],
      ['Condition', `${code(entry.expression)} ${lasting}`],
      ['In CloudWatch', inCloudWatch(entry)],
      ['Dashboard', `${board.title}, ${code(boardName(data.environment, board))}`],
      ...recovery(alert, data),
      ['Contacts', data.contacts.map(contactText).join('; ')],
      ['Escalation', data.escalation.map((step, i) => `${i + 1}. ${step}`).join(' → ')],
    ],
  );
}

function recovery({ name }: Alert, { documents }: RunbookData): string[][] {
  const helping = documents.filter(({ alerts }) => alerts.includes(name)).map((document) => code(document.name));
  return helping.length > 0 ? [['Recovery', `${helping.join(', ')}: [commands](README.md#recovery-documents)`]] : [];
}

function inCloudWatch({ outcome, becomes, note }: LedgerEntry): string {
  switch (outcome) {
    case 'translated with an event': {
      const [rule = '', ...alarms] = becomes.map(code);
      return `event rule ${rule}, which notifies once, and ${alarms.length === 1 ? 'alarm' : 'alarms'} ${alarms.join(', ')}`;
    }
    case 'translated':
      return `${becomes.length === 1 ? 'alarm' : 'alarms'} ${becomes.map(code).join(', ')}`;
    case 'replaced by an event':
      return `event rule ${becomes.map(code).join(', ')}: it notifies once; there is no alarm that clears`;
    case 'absent':
    case 'switched off':
      return `nothing (${outcome}): ${note}`;
  }
}

function index({ alerts, documents }: RunbookData): string {
  const pages = table(
    ['Alert', 'Severity', 'Summary'],
    alerts.map(({ name, severity, summary }) => [`[${name}](${name}.md)`, severity, summary]),
  );
  const commands = table(
    ['Document', 'What it does', 'Start it'],
    documents.map(({ name, does, command }) => [code(name), does, code(command)]),
  );
  return `${pages}\n\n## Recovery documents\n\n${RECOVERY_NOTE}\n\n${IGNORE}\n${commands}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return markdownTable(head, rows, { aligned: false });
}

function code(text: string): string {
  return `\`${text}\``;
}
