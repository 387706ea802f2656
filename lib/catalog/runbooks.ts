import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Sections of every runbook page, in their order. */
export const RUNBOOK_SECTIONS = ['Meaning', 'Impact', 'Check', 'Fix'] as const;

/** What to do about an alert, in Markdown. */
export type Runbook = Readonly<Record<(typeof RUNBOOK_SECTIONS)[number], string>>;

/**
 * The runbook page of an alert.
 * @throws Error with a sentence when the page or one of its sections is missing.
 */
export function readRunbook(alert: string): Runbook {
  const file = join(__dirname, 'runbooks', `${alert}.md`);
  if (!existsSync(file)) throw new Error(`alert ${alert} has no runbook; write ${pagePath(alert)}`);
  return parseRunbook(alert, readFileSync(file, 'utf8'));
}

/** Reads a page: `## ` starts a section. */
export function parseRunbook(alert: string, markdown: string): Runbook {
  const sections = new Map(
    markdown
      .split(/^## /m)
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf('\n')).trim(), section.slice(section.indexOf('\n')).trim()]),
  );
  const missing = RUNBOOK_SECTIONS.filter((name) => !sections.get(name));
  if (missing.length > 0) {
    throw new Error(
      `${pagePath(alert)} lacks ${missing.join(', ')}; a page has the sections ${RUNBOOK_SECTIONS.join(', ')}`,
    );
  }
  return Object.fromEntries(sections) as Runbook;
}

/** Where a person finds the page: below `baseUrl`, or by its path in this repository. */
export function runbookLink(alert: string, baseUrl?: string): string {
  readRunbook(alert);
  return baseUrl === undefined ? pagePath(alert) : `${baseUrl.replace(/\/$/, '')}/${alert}.md`;
}

function pagePath(alert: string): string {
  return `lib/catalog/runbooks/${alert}.md`;
}
