import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Sections of every runbook page, in their order. */
export const RUNBOOK_SECTIONS = ['Meaning', 'Impact', 'Check', 'Fix'] as const;

/** The page with the decision tree from a symptom to the other pages, and their index. */
export const DECISION_TREE = 'README';

/** What to do about an alert, in Markdown. */
export type Runbook = Readonly<Record<(typeof RUNBOOK_SECTIONS)[number], string>>;

/** Folder of the pages. */
export const RUNBOOKS_FOLDER = __dirname;

/**
 * The runbook page of an alert.
 * @throws Error with a sentence when the page or one of its sections is missing
 */
export function readRunbook(alert: string): Runbook {
  const file = join(RUNBOOKS_FOLDER, `${alert}.md`);
  if (!existsSync(file)) throw new Error(`alert ${alert} has no runbook; write ${pagePath(alert)}`);
  return parseRunbook(alert, readFileSync(file, 'utf8'));
}

/** Every page of the folder, README included, by its name without `.md`. */
export function readPages(folder = RUNBOOKS_FOLDER): ReadonlyMap<string, string> {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.md'))
    .sort();
  return new Map(files.map((file) => [file.replace(/\.md$/, ''), readFileSync(join(folder, file), 'utf8')]));
}

/**
 * Reads a page: `## ` starts a section.
 * @throws Error with a sentence when its title is not the alert, or a section is missing or empty
 */
export function parseRunbook(alert: string, markdown: string): Runbook {
  const title = markdown.split('\n', 1)[0] ?? '';
  if (title !== `# ${alert}`) throw new Error(`${pagePath(alert)} begins with "${title}"; allowed: "# ${alert}"`);
  const sections = new Map(
    markdown
      .split(/^## /m)
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf('\n')).trim(), section.slice(section.indexOf('\n')).trim()]),
  );
  const missing = RUNBOOK_SECTIONS.filter((name) => !sections.get(name));
  if (missing.length > 0) {
    throw new Error(
      `${pagePath(alert)} has no text for ${missing.join(', ')}; a page needs the sections ${RUNBOOK_SECTIONS.join(', ')}`,
    );
  }
  return Object.fromEntries(sections) as Runbook;
}

/**
 * The address of a page below `baseUrl`; without one, its path in this repository.
 * @throws Error when the page or one of its sections is missing
 */
export function runbookLink(alert: string, baseUrl?: string): string {
  readRunbook(alert);
  return baseUrl === undefined ? pagePath(alert) : `${baseUrl.replace(/\/$/, '')}/${alert}.md`;
}

/** The page's path in this repository. */
export function pagePath(name: string): string {
  return `lib/runbooks/${name}.md`;
}
