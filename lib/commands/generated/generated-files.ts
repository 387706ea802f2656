import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportFiles } from '../../benchmark/report/publish';
import type { BenchReport } from '../../benchmark/report/report';
import { ratesFile } from '../../capacity/rates';
import { ledgerFile } from '../../monitoring/ledger';
import { rolesFile } from '../../rehearsal/privileges/table';
import { proofsFile } from '../../rehearsal/scenarios/proofs';
import { readPages } from '../../runbooks/pages';
import { pageFaults, renderPages } from '../../runbooks/render';
import { productionRunbookData } from '../../runbooks/runbook-data';
import { runbookPages } from '../../runbooks/update';
import { PROJECT_ROOT } from '../../shared/project-root';

/** Texts of files by their path from the project's root. */
type Files = ReadonlyMap<string, string>;

/** Every generated file that is checked in and differs from what its sources make of it, with the text that it should have. */
export function staleFiles(): Files {
  const report = JSON.parse(readProjectFile('lib/benchmark/bench.json')) as BenchReport;
  const files = [
    ...runbookPages(),
    ['lib/monitoring/LEDGER.md', ledgerFile()] as const,
    ['lib/rehearsal/privileges/ROLES.md', rolesFile()] as const,
    ['lib/rehearsal/scenarios/PROOFS.md', proofsFile()] as const,
    ['lib/config/derived/measured-rates.json', ratesFile(report)] as const,
    ...Object.entries(reportFiles(report)),
  ];
  return new Map(files.filter(([path, text]) => !isOnDisk(path, text)));
}

/** What is wrong with the runbook pages apart from their generated parts, a sentence for each fault: a person has to correct it. */
export function runbookFaults(): string[] {
  const data = productionRunbookData();
  return pageFaults(renderPages(readPages(), data), data);
}

/** Writes files of the project. */
export function writeFiles(files: Files): void {
  for (const [path, text] of files) writeFileSync(join(PROJECT_ROOT, path), text);
}

function isOnDisk(path: string, text: string): boolean {
  return existsSync(join(PROJECT_ROOT, path)) && readProjectFile(path) === text;
}

function readProjectFile(path: string): string {
  return readFileSync(join(PROJECT_ROOT, path), 'utf8');
}
