import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { draw } from '../benchmark/report/picture';
import { withBenchmark } from '../benchmark/report/readme';
import type { BenchReport } from '../benchmark/report/report';
import { loadEnvironment } from '../config';
import { loadAlerts } from '../monitoring/alerts';
import { compile } from '../monitoring/compiler/compile';
import { compileContext } from '../monitoring/context';
import { withLedger } from '../monitoring/ledger';
import { METRIC_SOURCES } from '../monitoring/sources/metric-sources';
import { productionRunbookData } from '../runbooks/runbook-data';
import { pagePath, readPages } from '../runbooks/pages';
import { pageFaults, renderPages } from '../runbooks/render';
import { PROJECT_ROOT } from './project-root';

/** Texts of files by their path from the project's root. */
type Files = ReadonlyMap<string, string>;
type Read = (path: string) => string;

const BENCH_REPORT = 'lib/benchmark/bench.json';

/** Every generated file that is checked in and differs from what its sources make of it, with the text that it should have. */
export function staleFiles(): Files {
  const report = JSON.parse(readProjectFile(BENCH_REPORT)) as BenchReport;
  const files = new Map<string, string>();
  const read: Read = (path) => files.get(path) ?? readProjectFile(path);
  const generators = [runbookFiles, ledgerFiles, (current: Read) => benchmarkFiles(report, current)];
  for (const generate of generators) for (const [path, text] of generate(read)) files.set(path, text);
  return new Map([...files].filter(([path, text]) => !isOnDisk(path, text)));
}

/** What is wrong with the runbook pages apart from their generated parts, a sentence for each fault: a person has to mend it. */
export function runbookFaults(): string[] {
  const data = productionRunbookData();
  return pageFaults(renderPages(readPages(), data), data);
}

/**
 * Makes the benchmark report of a folder the one that the documentation shows.
 * @returns the paths written
 */
export function publishBenchmark(folder: string): string[] {
  const report = JSON.parse(readFileSync(join(folder, 'bench.json'), 'utf8')) as BenchReport;
  const files = benchmarkFiles(report, readProjectFile).set(BENCH_REPORT, `${JSON.stringify(report, undefined, 2)}\n`);
  writeFiles(files);
  return [...files.keys()];
}

/** Writes files of the project. */
export function writeFiles(files: Files): void {
  for (const [path, text] of files) writeFileSync(join(PROJECT_ROOT, path), text);
}

function runbookFiles(): Files {
  return new Map([...renderPages(readPages(), productionRunbookData())].map(([name, text]) => [pagePath(name), text]));
}

function ledgerFiles(read: Read): Files {
  const { ledger } = compile(loadAlerts(), METRIC_SOURCES, compileContext(loadEnvironment('production')));
  return new Map([['README.md', withLedger(read('README.md'), ledger)]]);
}

function benchmarkFiles(report: BenchReport, read: Read): Map<string, string> {
  return new Map([
    ['README.md', withBenchmark(read('README.md'), report)],
    ['lib/benchmark/bench.svg', draw(report)],
  ]);
}

function isOnDisk(path: string, text: string): boolean {
  return existsSync(join(PROJECT_ROOT, path)) && readProjectFile(path) === text;
}

function readProjectFile(path: string): string {
  return readFileSync(join(PROJECT_ROOT, path), 'utf8');
}
