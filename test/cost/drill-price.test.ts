import { loadEnvironment } from '../../lib/config';
import { drillPrice } from '../../lib/cost/drill-price';

const production = loadEnvironment('production');

test('the drills of production cost under $4 a month', () => {
  const { drillsAMonth, dollars } = drillPrice(production);
  expect(drillsAMonth).toBeCloseTo(5.67, 2);
  // 5.67 times 1.25 hours of r6g.xlarge at 0.45 and of 100 GiB at 0.0158 an hour, and a cent for each drill's steps.
  expect(dollars).toBeCloseTo((68 / 12) * (1.25 * (0.45 + 11.5 / 730) + 0.01125), 2);
  expect(dollars).toBeLessThan(4);
});

test('a smaller class is cheaper, but for the full drill', () => {
  const drills = { ...production.drills, instanceClass: 't4g.large' } as typeof production.drills;
  const { dollars } = drillPrice({ ...production, drills });
  expect(dollars).toBeLessThan(drillPrice(production).dollars / 2);
  expect(dollars).toBeGreaterThan((4 / 12) * 1.25 * 0.45);
});

test('no drills cost nothing', () => {
  expect(drillPrice(loadEnvironment('dev'))).toEqual({ drillsAMonth: 0, dollars: 0 });
});

test('a class without a price is refused', () => {
  const database = { ...production.database, instanceClass: 'x2g.huge' };
  expect(() => drillPrice({ ...production, database })).toThrow('the class x2g.huge has no price; allowed: t4g.small,');
});
