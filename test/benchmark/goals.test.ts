import { judge, reachedBy } from '../../lib/benchmark/goals';
import { gainsOf } from '../../lib/benchmark/gains';
import type { BenchReport, PatternReport } from '../../lib/benchmark/report/report';
import { summarize } from '../../lib/benchmark/report/summary';

/** @param worst how many times as long the worst turn took */
const side = (medianMs: number, p95Ms: number, worst = 1) => ({
  medianMs,
  p95AloneMs: medianMs,
  p95Ms,
  medianLoadedMs: p95Ms,
  samples: { alone: 9, loaded: 30 },
  turns: [1, 1, worst].map((times) => ({ medianMs: medianMs * times, p95Ms: p95Ms * times })),
});
const KEY = side(0.1, 1);
const pattern = (
  name: string,
  before: [number, number],
  after: [number, number, worst?: number],
  index?: string,
): PatternReport => ({
  name,
  before: side(...before),
  after: side(...after),
  ...gainsOf(side(...before), side(...after), KEY),
  index,
  conditions: [],
});
const analytics = (name: string, beforeMs: number, afterMs: number, growthMiB: number) => ({
  name,
  before: { medianMs: beforeMs, samples: 3, growthMiB: 600, rows: 1 },
  after: { medianMs: afterMs, samples: 3, growthMiB, rows: 1 },
  ratioMedian: beforeMs / afterMs,
});
const GOOD = pattern('good', [1000, 7000], [1, 30], 'idx');

const report = (changes: Partial<BenchReport>): BenchReport => ({
  scale: 1,
  postgres: '15.18',
  machine: { cpus: 2, memoryGiB: 8, node: 'v20' },
  settings: {},
  rows: {},
  sizes: { before: {}, after: {} },
  patterns: [GOOD],
  variants: [],
  floor: { selectOne: KEY, primaryKey: KEY },
  analytics: [analytics('quality', 13_000, 1000, 5)],
  seconds: { loading: 1, all: 1 },
  ...changes,
});

test('a run that reaches its goals misses nothing', () => {
  expect(judge(report({}))).toEqual([]);
});

test('every pattern and every goal is judged at scale 1', () => {
  const missed = judge(
    report({
      patterns: [
        GOOD,
        pattern('slow median', [9, 7000], [1, 30], 'idx'),
        pattern('slow p95', [1000, 299], [1, 30], 'idx'),
        pattern('long', [1000, 7000], [1, 100], 'idx'),
        pattern('unserved', [1000, 7000], [1, 30]),
      ],
      analytics: [analytics('quality', 9000, 1000, 5), analytics('intents', 9000, 1, 65)],
    }),
  );
  expect(missed).toEqual([
    expect.stringMatching(
      /^slow median: the gain is 9\.0 \(9\.0 to 9\.0\) times at the median .* where it takes 10\.0 and 30\.0 times as long$/,
    ),
    expect.stringMatching(/^slow p95: the gain is 1,000 .* and 10\.0 \(10\.0 to 10\.0\) at p95 of ten/),
    'long: p95 of ten clients is 100 ms, the goal under 100 ms',
    'unserved: the plan after the migrations reads none of the intended indexes',
    'quality: gain in time 9.0 times, the goal at least 10',
    'intents: the application grows by 65.0 MiB, the goal is at most 64 MiB',
  ]);
});

test('a pattern is judged by its worst turn, or by its distance from a row by its key', () => {
  const reached = (before: [number, number], after: [number, number, number?]) =>
    reachedBy(pattern('any', before, after, 'idx'));
  expect(reached([10, 100], [1, 10])).toBe('gain');
  // The middle turn gains 15 times, the worst 9.
  expect(reached([15, 150], [1, 10, 15 / 9])).toBeUndefined();
  // Hardly any gain, but as fast as three rows by their key; and not quite.
  expect(reached([0.4, 4], [0.3, 3])).toBe('floor');
  expect(reached([0.4, 4], [0.3, 3.1])).toBeUndefined();
  expect(reached([0.4, 4], [0.31, 3])).toBeUndefined();
});

test('the collector is judged where it was measured', () => {
  const collector = { ratio: 19.9 } as NonNullable<BenchReport['collector']>;
  expect(judge(report({ collector }))).toEqual([
    'collector: the original queries, compared with a pass, take 19.9 times, the goal at least 20',
  ]);
  expect(judge(report({ collector: { ...collector, ratio: 20 } }))).toEqual([]);
});

test('a smaller scale is judged by its plans only, and the summary says so', () => {
  const small = report({ scale: 0.1, patterns: [pattern('slow', [2, 2], [1, 1], 'idx')] });
  expect(judge(small)).toBeUndefined();
  expect(summarize({ ...small, missed: judge(small) }).at(-1)).toBe(
    'not judged at scale 0.1: the goals apply from scale 1',
  );
  expect(judge({ ...small, patterns: [pattern('slow', [2, 2], [1, 1])] })).toHaveLength(1);
});

test('the summary explains what is known about a fault, and does not judge variants', () => {
  const collector = { ratio: 5, passMs: 1, slowestPassMs: 2, coldPassMs: 3, originalMs: 5, series: 1, values: 9 };
  const bad = report({
    collector: collector as unknown as NonNullable<BenchReport['collector']>,
    analytics: [analytics('conversation quality, all salons', 9000, 1000, 5)],
    variants: [pattern('another shape', [2, 2], [1, 1])],
  });
  const lines = summarize({ ...bad, missed: judge(bad) });
  expect(lines.slice(-4)).toEqual([
    'FAILED conversation quality, all salons: gain in time 9.0 times, the goal at least 10',
    expect.stringContaining('every message of the period is counted'),
    'FAILED collector: the original queries, compared with a pass, take 5.0 times, the goal at least 20',
    '2 goals missed',
  ]);
  expect(lines.find((line) => line.startsWith('another shape'))).not.toContain('FAILED');
});

test('the summary marks what was missed, and says why', () => {
  const bad = report({ patterns: [pattern('slow median', [9, 7000], [1, 30], 'idx'), GOOD] });
  const lines = summarize({ ...bad, missed: judge(bad) });
  expect(lines.filter((line) => line.includes('FAILED'))).toEqual([
    expect.stringMatching(/^slow median .* FAILED$/),
    expect.stringMatching(/^FAILED slow median: the gain is 9\.0/),
  ]);
  expect(lines.at(-1)).toBe('1 goals missed');
  expect(lines.find((line) => line.startsWith('good'))).toMatch(/ ok \(gain\)$/);
});
