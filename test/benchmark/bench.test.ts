import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { PATTERNS, VARIANTS } from '../../lib/benchmark/patterns';
import type { BenchReport } from '../../lib/benchmark/report/report';

const ROOT = join(__dirname, '../..');
let temporary: string;

beforeEach(() => {
  temporary = mkdtempSync(join('/tmp', 'bench-test-'));
  chmodSync(temporary, 0o755);
});
afterEach(() => rmSync(temporary, { recursive: true, force: true }));

async function bench(...args: string[]) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'bin/cli.ts', 'bench', '--report', join(temporary, 'report'), ...args],
    { cwd: ROOT, env: { ...process.env, TMPDIR: temporary } },
  );
  let output = '';
  let progress = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (progress += data.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output, progress };
}

const side = {
  medianMs: expect.any(Number) as number,
  p95Ms: expect.any(Number) as number,
  samples: { alone: expect.any(Number) as number, loaded: expect.any(Number) as number },
};

test('measures everything, writes what it found, and leaves nothing behind', async () => {
  const { code, output, progress } = await bench('--scale', '0.005', '--collector', '--tenant-isolation');
  expect([code, output]).toEqual([
    0,
    expect.stringContaining('not judged at scale 0.005: the goals apply from scale 1'),
  ]);

  const report = JSON.parse(readFileSync(join(temporary, 'report/bench.json'), 'utf8')) as BenchReport;
  expect(report).toMatchObject({
    scale: 0.005,
    postgres: '15.18',
    rows: {
      messages: 15_000,
      bookings: 1500,
      ai_messages: 7500,
      webhook_logs: 22_500,
      intent_analytics: expect.any(Number) as number,
    },
    floor: { selectOne: side, primaryKey: side },
    sizes: { before: { messages: { tableBytes: expect.any(Number) as number } } },
  });
  expect(report.tenantIsolation?.map(({ name }) => name)).toEqual(PATTERNS.map(({ name }) => name));
  for (const { withoutMs, policiesMs, transactionMs } of report.tenantIsolation ?? []) {
    for (const ms of [withoutMs, policiesMs, transactionMs]) expect(ms).toBeGreaterThan(0);
  }
  // Of all together: one pattern alone may be disturbed.
  const total = (pick: (row: { withoutMs: number; transactionMs: number }) => number) =>
    (report.tenantIsolation ?? []).reduce((sum, row) => sum + pick(row), 0);
  expect(total((row) => row.transactionMs)).toBeGreaterThan(total((row) => row.withoutMs));
  expect(report.patterns.map(({ name }) => name)).toEqual(PATTERNS.map(({ name }) => name));
  for (const { name, before, after, gainMedian, gainP95, floorMedian, floorP95, index } of report.patterns) {
    expect([before, after]).toMatchObject([side, side]);
    // One turn at this scale.
    expect(gainMedian.median).toBeCloseTo(before.medianMs / after.medianMs, 9);
    expect(gainP95.median).toBeCloseTo(before.p95Ms / after.p95Ms, 9);
    expect([gainMedian.lowest, gainP95.highest]).toEqual([gainMedian.median, gainP95.median]);
    expect(Math.min(floorMedian, floorP95)).toBeGreaterThan(0.1);
    expect(after.samples.loaded).toBeGreaterThan(100);
    expect(PATTERNS.find((each) => each.name === name)?.indexes).toContain(index);
  }
  expect(report.analytics.map(({ before, after }) => [before.samples, after.samples])).toEqual([
    [6, 6],
    [3, 3],
    [6, 6],
    [3, 3],
  ]);
  const { collector } = report;
  expect(Object.keys(collector?.original.queries ?? {})).toHaveLength(18);
  expect(collector?.series).toBeGreaterThan(20);
  expect(collector?.ratio).toBeCloseTo((collector?.originalMs ?? NaN) / (collector?.passMs ?? NaN), 9);
  expect(collector?.windows['messages, 1 h']).toBeGreaterThan(0);

  expect(readdirSync(join(temporary, 'report/plans'))).toHaveLength(2 * (PATTERNS.length + VARIANTS.length));
  expect(readFileSync(join(temporary, 'report/bench.svg'), 'utf8')).toContain('>active AI conversations</text>');
  expect(progress).toMatch(/ s {2}15,000 rows of messages in \d/);
  for (const { name } of PATTERNS) expect(progress).toContain(`measuring ${name}`);
  expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain(temporary);
  expect(readdirSync(temporary)).not.toContainEqual(expect.stringContaining('postgres-rehearsal-'));
}, 300_000);

test.each(['0', '11', 'big'])(
  'refuses --scale "%s" with a sentence',
  async (scale) => {
    const { code, progress } = await bench(`--scale=${scale}`);
    expect([code, progress]).toEqual([
      1,
      `option '--scale <number>' argument '${scale}' is invalid. Allowed: a number from 0.001 to 10.\n`,
    ]);
  },
  30_000,
);

test('refuses an option that it does not have', async () => {
  const { code, progress } = await bench('--scales', '1');
  expect([code, progress]).toEqual([1, "unknown option '--scales' (Did you mean --scale?)\n"]);
}, 30_000);

test('tells how it is used', async () => {
  const { code, output } = await bench('--help');
  expect([code, output]).toEqual([
    0,
    expect.stringMatching(/--collector +also compares the deployed metrics\s+collector/),
  ]);
}, 30_000);
