import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { draw } from './picture';
import { withHeadline, withTables } from './readme';
import type { BenchReport } from './report';

const ROOT = join(__dirname, '../../..');

/**
 * Makes the figures of a report the project's: in lib/benchmark (bench.json, bench.svg, README.md) and in the headline of README.md.
 * Nothing is written unless everything could be read and made.
 * @param folder the report's folder, with bench.json
 * @throws Error where the report or a marker in a README is missing
 */
export function publish(folder: string): void {
  const report = JSON.parse(readFileSync(join(folder, 'bench.json'), 'utf8')) as BenchReport;
  const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
  const contents = {
    'README.md': withHeadline(read('README.md'), report),
    'lib/benchmark/README.md': withTables(read('lib/benchmark/README.md'), report),
    'lib/benchmark/bench.json': `${JSON.stringify(report, undefined, 2)}\n`,
    'lib/benchmark/bench.svg': draw(report),
  };
  for (const [path, content] of Object.entries(contents)) writeFileSync(join(ROOT, path), content);
}
