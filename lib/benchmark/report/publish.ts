import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { draw } from './picture';
import { withHeadline, withTables } from './readme';
import type { BenchReport } from './report';

const ROOT = join(__dirname, '../../..');

/**
 * The files that show a report, with their new texts, by their path from the project's root: the headline of README.md, the tables of
 * lib/benchmark/README.md and the picture.
 * @throws Error where a marker in a README is missing
 */
export function reportFiles(report: BenchReport): Record<string, string> {
  const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
  return {
    'README.md': withHeadline(read('README.md'), report),
    'lib/benchmark/README.md': withTables(read('lib/benchmark/README.md'), report),
    'lib/benchmark/bench.svg': draw(report),
  };
}

/**
 * Makes the figures of a report the project's: in lib/benchmark (bench.json, bench.svg, README.md) and in the headline of README.md.
 * Nothing is written unless everything could be read and made.
 * @param folder the report's folder, with bench.json
 * @throws Error where the report or a marker in a README is missing
 */
export function publish(folder: string): void {
  const report = JSON.parse(readFileSync(join(folder, 'bench.json'), 'utf8')) as BenchReport;
  const contents = {
    ...reportFiles(report),
    'lib/benchmark/bench.json': `${JSON.stringify(report, undefined, 2)}\n`,
  };
  for (const [path, content] of Object.entries(contents)) writeFileSync(join(ROOT, path), content);
}
