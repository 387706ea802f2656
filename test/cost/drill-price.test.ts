import { loadEnvironment } from '../../lib/config';
import { parseEnvironment } from '../../lib/config/parse';
import { production } from '../../lib/config/production';
import { type CostLine, lineAt, sumOf } from '../../lib/cost/cost-line';
import { drillPrice } from '../../lib/cost/drill-price';
import { priceListOf } from '../../lib/cost/prices';
import { DEFAULT_USAGE } from '../../lib/cost/usage';

const LINE = lineAt(priceListOf('us-east-1'));
const price = (config: Parameters<typeof drillPrice>[0]) => drillPrice(config, DEFAULT_USAGE, LINE);
const named = (lines: readonly CostLine[]) =>
  Object.fromEntries(lines.map(({ component, monthlyUsd }) => [component, monthlyUsd]));

// Worked by hand: r6g.xlarge at $0.45 an hour, 100 GiB of gp3 at $0.115 a month of 730 hours, two hours a drill, 52/12 + 1 + 1/3 =
// 5 2/3 drills a month.
test('the drills of production cost what they cost by hand', () => {
  const lines = named(price(loadEnvironment('production')));
  expect(lines['weekly verification: restored instance, r6g.xlarge']).toBeCloseTo((52 / 12) * 2 * 0.45, 10); // 3.90
  expect(lines['monthly point-in-time drill: restored instance, r6g.xlarge']).toBeCloseTo(0.9, 10);
  expect(lines['quarterly full drill: restored instance, r6g.xlarge']).toBeCloseTo(0.3, 10);
  expect(lines['storage of the restored instances']).toBeCloseTo((17 / 3) * 2 * (100 / 730) * 0.115, 10); // 0.18
  // 240 rounds of three states and 30 more.
  expect(lines['states']).toBeCloseTo((17 / 3) * 750 * 0.000025, 10); // 0.11
  // 240 seconds at 256 MB, ten minutes at 512 MB.
  expect(lines['its functions']).toBeCloseTo((17 / 3) * 360 * 0.0000133334, 10); // 0.03
  expect(sumOf(price(loadEnvironment('production')))).toBe(5.41);
});

test('a smaller class makes the weekly and the monthly drill cheaper, the quarterly one stays full', () => {
  const config = parseEnvironment('production', { ...production, drills: { instanceClass: 't4g.large' } });
  const lines = named(price(config));
  expect(lines['weekly verification: restored instance, t4g.large']).toBeCloseTo((52 / 12) * 2 * 0.129, 10);
  expect(lines['quarterly full drill: restored instance, r6g.xlarge']).toBeCloseTo(0.3, 10);
});

test('no drills cost nothing', () => {
  expect(price(loadEnvironment('dev'))).toEqual([]);
});

test('a class without a price is refused, with what there is', () => {
  const config = loadEnvironment('production');
  expect(() => price({ ...config, database: { ...config.database, instanceClass: 'x2g.large' } })).toThrow(
    /no price rds\/instanceHour\/x2g.large; it has t4g.small, .*; look it up and add it/,
  );
});
