import { median, percentile } from '../../../lib/benchmark/clients/statistics';
import { volumesOf } from '../../../lib/benchmark/databases/volumes';

test.each([
  [[7], 0.95, 7],
  [[3, 1, 2], 0.5, 2],
  [[4, 3, 2, 1], 0.5, 2],
  [Array.from({ length: 100 }, (_, i) => 100 - i), 0.95, 95],
  [Array.from({ length: 20 }, (_, i) => i + 1), 0.95, 19],
  [[1, 2, 3], 1, 3],
  [[1, 2, 3], 0, 1],
])('the percentile of %j at %d is %d, by nearest rank', (values, share, expected) => {
  expect(percentile(values, share)).toBe(expected);
});

test('a percentile leaves the values in their order', () => {
  const values = [3, 1, 2];
  expect(median(values)).toBe(2);
  expect(values).toEqual([3, 1, 2]);
});

test('no values have no percentile', () => {
  expect(() => median([])).toThrow('a percentile needs at least one value; nothing was measured');
});

test('scale 1 is the documented workload', () => {
  expect(volumesOf(1)).toEqual({
    salons: 1000,
    customers: 200_000,
    templates: 5000,
    messages: 3_000_000,
    bookings: 300_000,
    ai_messages: 1_500_000,
    webhook_logs: 4_500_000,
  });
});

test('a small scale still has large and small salons', () => {
  expect(volumesOf(0.001)).toMatchObject({ salons: 10, messages: 3000 });
});
