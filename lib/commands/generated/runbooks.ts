import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readPages, RUNBOOKS_FOLDER } from '../../runbooks/pages';
import { addHelpNotes, jsonOption } from '../console/options';
import { action, type Outcome } from '../console/output';

interface RunbooksOptions {
  readonly check?: boolean;
}

/** `npm run runbooks` */
export function configure(command: Command): void {
  command
    .description(
      'Writes the generated part of every page in lib/runbooks: severity, condition, alarms, dashboard, contacts.',
    )
    .option('--check', 'write nothing, only report what is stale or missing')
    .addOption(jsonOption())
    .action(action(run));
  addHelpNotes(command, {
    example: 'npm run runbooks -- --check',
    succeeds: 'every alert has its page and every page is up to date',
    fails: 'a page is missing, incomplete or stale, and each fault is a line',
  });
}

async function run({ check }: RunbooksOptions): Promise<Outcome> {
  const { productionRunbookData } = await import('../../runbooks/runbook-data');
  const { pageFaults, renderPages } = await import('../../runbooks/render');
  const data = productionRunbookData();
  const pages = readPages();
  const fresh = check ? pages : renderPages(pages, data);
  const written = [...fresh].filter(([name, text]) => text !== pages.get(name));
  for (const [name, text] of written) writeFileSync(join(RUNBOOKS_FOLDER, `${name}.md`), text);

  const faults = pageFaults(fresh, data);
  const upToDate = `${fresh.size} pages are up to date${written.length > 0 ? `, ${written.length} of them written now` : ''}`;
  return {
    text: faults.length > 0 ? faults.join('\n') : upToDate,
    json: { pages: fresh.size, written: written.map(([name]) => name), faults },
    ok: faults.length === 0,
  };
}
