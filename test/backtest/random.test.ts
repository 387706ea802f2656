import { Random } from '../../lib/backtest/model/random';

const draw = <T>(count: number, one: () => T) => Array.from({ length: count }, one);
const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('the same seeds give the same numbers, others do not', () => {
  const numbers = (...seeds: number[]) => {
    const random = new Random(...seeds);
    return draw(5, () => random.next());
  };
  expect(numbers(1, 2)).toEqual(numbers(1, 2));
  expect(numbers(1, 2)).not.toEqual(numbers(1, 3));
  expect(numbers(1, 2)).not.toEqual(numbers(2, 1));
});

test.each([0.01, 0.5, 4, 40, 200])('a Poisson process of mean %d has that mean and variance', (mean) => {
  const random = new Random(5, mean * 100);
  const counts = draw(20_000, () => random.poisson(mean));
  const found = average(counts);
  expect(Math.abs(found - mean)).toBeLessThan(5 * Math.sqrt(mean / counts.length));
  const variance = average(counts.map((count) => (count - found) ** 2));
  expect(variance / mean).toBeGreaterThan(0.85);
  expect(variance / mean).toBeLessThan(1.15);
});

test('a log-normal value has its median and its heavy tail', () => {
  const random = new Random(9);
  const values = draw(20_000, () => random.logNormal(2000, 0.6)).sort((one, other) => one - other);
  expect(values[10_000]).toBeGreaterThan(1950);
  expect(values[10_000]).toBeLessThan(2050);
  // e^(0.6 × 2.33) is 4.05.
  expect(values[19_800]! / values[10_000]!).toBeGreaterThan(3.7);
  expect(values[19_800]! / values[10_000]!).toBeLessThan(4.5);
});
