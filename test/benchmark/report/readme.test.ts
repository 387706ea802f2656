import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { draw } from '../../../lib/benchmark/report/picture';
import { benchmarkMarkdown, withBenchmark } from '../../../lib/benchmark/report/readme';
import type { BenchReport } from '../../../lib/benchmark/report/report';

const ROOT = join(__dirname, '../../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const report = JSON.parse(read('lib/benchmark/bench.json')) as BenchReport;

test('README.md has the figures of bench.json; else run npm run bench -- --publish lib/benchmark', () => {
  const readme = read('README.md');
  expect(readme).toBe(withBenchmark(readme, report));
});

test('the picture is that of bench.json', () => {
  expect(read('lib/benchmark/bench.svg')).toBe(draw(report));
});

test('what was missed is said, and what was not measured is not', () => {
  const text = benchmarkMarkdown({ ...report, collector: undefined, missed: ['a is 1, the goal 2', 'b is 3'] });
  expect(text).toContain('**Missed**: a is 1, the goal 2; b is 3.');
  expect(text).not.toContain('The collector');
  expect(benchmarkMarkdown({ ...report, missed: [] })).not.toContain('Missed');
});
