import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchReport } from '../../lib/benchmark/report/report';
import { crossShardQueries } from '../../lib/capacity/beyond';
import { billOf } from '../../lib/capacity/bill';
import { forecast, limitsOf } from '../../lib/capacity/forecast';
import { withCapacity } from '../../lib/capacity/readme';
import { type Rates, ratesOf, readRates } from '../../lib/capacity/rates';
import { loadEnvironment } from '../../lib/config';
import { environmentPrice } from '../../lib/cost/environment-price';
import { resourcesOf } from '../../lib/cost/resources';
import { runCli } from '../support/cli';
import { stackTemplates } from '../support/synth';

const published = JSON.parse(readFileSync(join(__dirname, '../../lib/benchmark/bench.json'), 'utf8')) as BenchReport;
const config = loadEnvironment('production');
const GIB = 1024 ** 3;

/** Round numbers: a GiB a day for 1,000 salons, 20 requests a second, of which a virtual CPU carries 10. */
const RATES: Rates = {
  bytesPerSalonDay: GIB / 1000,
  bytesPerSalon: GIB / 1000,
  walPerSalonDay: (2 * GIB) / 1000,
  requestsPerSalon: 0.02,
  requestsPerCpu: 10,
  cpuSeconds: 0.001,
  connections: 1,
  collectorSeconds: 0.001,
  crossShardQueries: [],
};

test('the published rates predict the storage of a month as it was measured, without what does not grow with salons', () => {
  const [month] = forecast({ salons: 1000, growth: 0, months: 1 }, ratesOf(published, 'bench.json'), 'r6g.xlarge');
  const measured = Object.entries(published.sizes.after)
    .filter(([table]) => published.rows[table] !== undefined)
    .reduce((sum, [, { tableBytes, indexBytes }]) => sum + tableBytes + indexBytes, 0);
  // The benchmark has 30 days, a month 30.4.
  expect(Math.abs((month!.dataGib * GIB) / measured - 1)).toBeLessThan(0.1);
});

test('storage adds up, and what a salon takes once counts once', () => {
  const needs = forecast({ salons: 1000, growth: 100, months: 2 }, RATES, 'r6g.xlarge');
  const days = 365 / 12;
  expect(needs[0]!.dataGib).toBeCloseTo(days + 1, 6);
  expect(needs[1]!.dataGib).toBeCloseTo(days + 2 * days + 2, 6);
  expect(needs[1]).toMatchObject({ salons: 2000, requests: 40, walGibPerDay: 4, connections: 40 });
});

test.each([
  [1000, 'r6g.xlarge'], // 20 requests a second: a smaller one would do.
  [2500, 'r6g.2xlarge'],
  [32_000, 'r6g.16xlarge'],
  [32_100, undefined],
])('%d salons need %s', (salons, instanceClass) => {
  expect(forecast({ salons, growth: 0, months: 1 }, RATES, 'r6g.xlarge')[0]!.instanceClass).toBe(instanceClass);
});

test('each limit is named in its first month, with the line that lifts it until the end', () => {
  const needs = forecast({ salons: 1000, growth: 10, months: 24 }, RATES, 'r6g.xlarge');
  const limits = limitsOf(needs, config, RATES);
  expect(limits.map(({ what }) => what.split(':')[0])).toEqual(
    expect.arrayContaining(['storage', 'CPU', 'connections']),
  );
  expect(limits.map(({ month }) => month)).toEqual([...limits.map(({ month }) => month)].sort((a, b) => a - b));
  // 390 GiB with 30 % free are 273 of data: 1,000 salons write 30.4 in a month, and a tenth more in each.
  const storage = limits.find(({ what }) => what.startsWith('storage'))!;
  const first = needs.findIndex(({ dataGib }) => dataGib / 0.7 > 390);
  expect([storage.month, storage.lift]).toEqual([first, expect.stringMatching(/^maxAllocatedStorageGiB: \d+ /)]);
  // Four virtual CPUs carry 40 a second: 2,000 salons.
  const cpu = limits.find(({ what }) => what.startsWith('CPU'))!;
  expect(cpu.salons).toBeGreaterThan(2000);
  expect(cpu.salons / 1.1).toBeLessThanOrEqual(2000);
  expect(cpu.lift).toBe("instanceClass: 'r6g.8xlarge'");
});

test('what no server has leads beyond one primary', () => {
  const needs = forecast({ salons: 5_000_000, growth: 0, months: 12 }, RATES, 'r6g.xlarge');
  const beyond = limitsOf(needs, config, RATES).filter(({ lift }) => lift.includes('beyond one primary'));
  expect(beyond.map(({ what }) => what.split(':')[0]).sort()).toEqual(['CPU', 'IOPS', 'storage', 'storage']);
});

test('no limit of production is reached with the documented salons today', () => {
  const needs = forecast({ salons: 1000, growth: 0, months: 1 }, readRates(), config.database.instanceClass);
  expect(limitsOf(needs, config, readRates())).toEqual([]);
});

test('the bill of today is that of npm run cost, and another class and more storage change it by their prices', () => {
  const resources = Object.entries(stackTemplates('production')).flatMap(([stack, json]) => resourcesOf(stack, json));
  const price = environmentPrice(config, resources);
  const bill = (instanceClass: string | undefined, storageGib: number) =>
    billOf({ instanceClass, storageGib }, price, config);
  expect(bill('r6g.xlarge', 10)!.monthlyUsd).toBeCloseTo(price.monthlyUsd, 1);
  expect(bill('r6g.xlarge', 200)!.monthlyUsd - price.monthlyUsd).toBeCloseTo(100 * 0.23 + 200 * 0.115, 1);
  // Replicas twice $0.45 more; the primary as two of $0.899 instead of $0.899.
  expect(bill('r6g.2xlarge', 10)!.monthlyUsd - price.monthlyUsd).toBeCloseTo(730 * (2 * 0.449 + 0.899), 1);
  expect(bill('r6g.4xlarge', 10)).toMatchObject({ isDerived: true });
  expect(bill(undefined, 10)).toBeUndefined();
});

test('the README has the table of the published figures; else run npm run capacity -- --publish', () => {
  const resources = Object.entries(stackTemplates('production')).flatMap(([stack, json]) => resourcesOf(stack, json));
  const readme = readFileSync(join(__dirname, '../../lib/capacity/README.md'), 'utf8');
  expect(readme).toBe(withCapacity(readme, readRates(), environmentPrice(config, resources), config));
});

test('queries that look up no salon would ask every shard', () => {
  expect(crossShardQueries(published.patterns)).toEqual([
    'conversation messages',
    'AI history by conversation',
    'webhook events by status',
  ]);
});

test('the command answers for people and programs, and says what it lacks', () => {
  const { status, stdout } = runCli(['capacity', '--months', '2', '--json']);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    environment: 'production',
    sufficient: true,
    forecast: [{ month: 0 }, {}],
  });
  const large = runCli(['capacity', '--months', '1', '--salons', '10000000']);
  expect(large.status).toBe(1);
  expect(large.stdout).toContain('Beyond one primary:');
  expect(large.stdout).toContain('Aurora PostgreSQL');
  expect(runCli(['capacity', '--rates', '/none.json'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('/none.json cannot be read as JSON') as string,
  });
});
