import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { productionRunbookData } from '../lib/runbooks/runbook-data';
import { pageFaults, renderPages } from '../lib/runbooks/render';
import { readPages, RUNBOOKS_FOLDER } from '../lib/runbooks/pages';
import { run } from './run';

const USAGE = `npm run runbooks [-- --check]

Writes the generated part of every page in lib/monitoring/runbooks anew: severity, condition, alarms, dashboard, whom to call.
  --check   write nothing, only say what is stale or missing
Exit code 0: every alert has its page and every page is up to date; 1: not so, and each fault is a line.`;

run(() => {
  const { values } = parseArgs({ options: { check: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help) return say(USAGE, 0);
  const facts = productionRunbookData();
  const pages = readPages();
  const fresh = values.check ? pages : renderPages(pages, facts);
  const changed = [...fresh].filter(([name, text]) => text !== pages.get(name));
  for (const [name, text] of changed) writeFileSync(join(RUNBOOKS_FOLDER, `${name}.md`), text);

  const faults = pageFaults(fresh, facts);
  if (faults.length > 0) return say(faults.join('\n'), 1);
  return say(
    `${fresh.size} pages are up to date${changed.length > 0 ? `, ${changed.length} of them written now` : ''}`,
    0,
  );
});

function say(text: string, code: number): number {
  process.stdout.write(`${text}\n`);
  return code;
}
