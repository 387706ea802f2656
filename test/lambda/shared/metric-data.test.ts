import { LIMITS, metricData, requests } from '../../../lambda/shared/metric-data';

const at = new Date(0);
const of = (values: number[], server?: string) =>
  metricData([{ metric: 'm', values, ...(server && { server }) }], 'test', at);

test('equal values are sent once, with their count', () => {
  expect(of([3, 1, 3, 3])).toEqual([
    {
      MetricName: 'm',
      Dimensions: [{ Name: 'Environment', Value: 'test' }],
      Timestamp: at,
      Values: [3, 1],
      Counts: [3, 1],
    },
  ]);
});

test('a server is a dimension', () => {
  expect(of([1], 'primary')[0]?.Dimensions).toEqual([
    { Name: 'Environment', Value: 'test' },
    { Name: 'Server', Value: 'primary' },
  ]);
});

test('a datum has at most 150 different values, and no value is lost or counted twice', () => {
  const values = Array.from({ length: 1000 }, (_, i) => i % 301);
  const data = of(values);
  expect(data.map(({ Values }) => Values?.length)).toEqual([150, 150, 1]);
  const total = data.flatMap(({ Values = [], Counts = [] }) => Values.map((value, i) => value * (Counts[i] ?? 0)));
  expect(total.reduce((sum, value) => sum + value)).toBe(values.reduce((sum, value) => sum + value));
});

test('without values there is no datum and no request', () => {
  expect(of([])).toEqual([]);
  expect(requests([])).toEqual([]);
});

test('a request has at most 1,000 data', () => {
  const data = metricData(
    Array.from({ length: 2001 }, (_, i) => ({ metric: `m${i}`, values: [1] })),
    'test',
    at,
  );
  const batches = requests(data);
  expect(batches.map(({ length }) => length)).toEqual([1000, 1000, 1]);
  expect(batches.flat()).toEqual(data);
});

test('a request has at most 1 MB, however long the numbers are', () => {
  const data = of(Array.from({ length: 60_000 }, (_, i) => i + Math.PI));
  const batches = requests(data);
  expect(batches.length).toBeGreaterThan(1);
  for (const batch of batches)
    expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThanOrEqual(LIMITS.bytesOfRequest);
  expect(batches.flat()).toEqual(data);
});
