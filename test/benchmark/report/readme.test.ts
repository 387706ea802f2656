import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { draw } from '../../../lib/benchmark/report/picture';
import { benchmarkMarkdown, headlineMarkdown, withHeadline, withTables } from '../../../lib/benchmark/report/readme';
import type { BenchReport } from '../../../lib/benchmark/report/report';

const ROOT = join(__dirname, '../../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const report = JSON.parse(read('lib/benchmark/bench.json')) as BenchReport;

test.each([
  ['lib/benchmark/README.md', withTables],
  ['README.md', withHeadline],
])('%s has the figures of bench.json; else run npm run bench -- --publish lib/benchmark', (path, withFigures) => {
  const readme = read(path);
  expect(readme).toBe(withFigures(readme, report));
});

test('the picture is that of bench.json', () => {
  expect(read('lib/benchmark/bench.svg')).toBe(draw(report));
});

test('missed goals are listed, and what was not measured is not mentioned', () => {
  const text = benchmarkMarkdown({ ...report, collector: undefined, missed: ['a is 1, the goal 2', 'b is 3'] });
  expect(text).toContain('**Missed**: a is 1, the goal 2; b is 3.');
  expect(text).not.toContain('The collector');
  expect(benchmarkMarkdown({ ...report, missed: [] })).not.toContain('Missed');
  expect(headlineMarkdown({ ...report, collector: undefined })).not.toContain('collector');
});

const gain = (median: number) => ({ median, lowest: median / 2, highest: median * 2 });

test('the headline states the smallest and the largest gain of the patterns', () => {
  const [pattern] = report.patterns;
  const patterns = [
    { ...pattern!, gainMedian: gain(15.04), gainP95: gain(45.3) },
    { ...pattern!, gainMedian: gain(2086.7), gainP95: gain(2278) },
  ];
  expect(headlineMarkdown({ ...report, patterns })).toMatch(
    /queries are 15 to 2,087 times faster .* and 45 to 2,278 times at p95/,
  );
});
