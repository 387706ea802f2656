import { writeFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { parsePrices, PRICES, priceListOf } from '../../lib/cost/prices';
import frankfurt from '../../lib/cost/prices.eu-central-1.json';
import file from '../../lib/cost/prices.us-east-1.json';
import usage from '../../lib/cost/usage.json';
import { DEFAULT_USAGE, meaningOf, readUsage, type UsageName } from '../../lib/cost/usage';
import { runFolder } from '../support/run/shared';

test('the price list is taken over as it is', () => {
  expect(PRICES).toEqual(file);
});

test.each([
  ['a missing price', { ...file, transfer: {} }, 'transfer.crossRegionGb is missing; allowed: a value of type number'],
  [
    'a price of 0',
    { ...file, backup: { ...file.backup, restoreTest: 0 } },
    'backup.restoreTest is 0; allowed: a number over 0',
  ],
  ['an unknown field', { ...file, sqss: 1 }, 'sqss is not a field; check its spelling and place'],
  ['no price of series', { ...file, cloudwatch: { ...file.cloudwatch, metric: [] } }, 'cloudwatch.metric'],
  [
    'an unconfirmed price that is not there',
    { ...file, unconfirmed: ['backup/restore'] },
    'unconfirmed names backup/restore; allowed: the path of a price of this file',
  ],
])('a price list with %s is refused', (_, input, sentence) => {
  expect(() => parsePrices(input)).toThrow('prices.us-east-1.json is wrong:\n- ');
  expect(() => parsePrices(input)).toThrow(sentence);
});

test('a path without a price is an error with what there is', () => {
  const prices = priceListOf('us-east-1');
  expect(() => prices.of('rds/backup')).toThrow('no price rds/backup; it has instanceHour, ');
  expect(() => prices.of('ebs/hour')).toThrow('no price ebs/hour; it has region, ');
  expect(prices.of('transfer/crossRegionGb').unconfirmed).toBe(true);
  expect(prices.of('rds/backupGbMonth').unconfirmed).toBe(false);
});

test('what was found of Frankfurt are prices of the same paths, and each names its source', () => {
  const here = priceListOf('us-east-1');
  for (const { path, each, source } of frankfurt.found) {
    expect([path, here.has(path)]).toEqual([path, true]);
    expect(each / here.of(path).each).toBeGreaterThanOrEqual(1);
    expect(each / here.of(path).each).toBeLessThan(1.3);
    expect(source.length).toBeGreaterThan(10);
  }
  const servers = frankfurt.found.filter(({ path }) => path.startsWith('rds/instanceHour/'));
  const ratios = servers.map(({ path, each }) => each / here.of(path).each);
  expect(Math.max(...ratios)).toBeCloseTo(frankfurt.factors.rds, 2);
});

test('a usage file is checked, and each of its numbers has a meaning', () => {
  const path = join(mkdtempSync(join(runFolder(), 'usage-')), 'usage.json');
  const saved = (content: string) => {
    writeFileSync(path, content);
    return () => readUsage(path);
  };
  expect(saved(JSON.stringify({ ...usage, serverLogGb: 7 }))()).toEqual({ ...DEFAULT_USAGE, serverLogGb: 7 });
  expect(saved(JSON.stringify({ ...usage, dataShare: 2 }))).toThrow(`${path} is wrong:\n- dataShare is 2`);
  expect(saved(JSON.stringify({ ...usage, logs: 2 }))).toThrow('logs is not a field');
  expect(saved('no JSON')).toThrow('cannot be read as JSON');
  expect(() => readUsage('/none/usage.json')).toThrow('/none/usage.json cannot be read as JSON');
  for (const name of Object.keys(usage)) expect(meaningOf(name as UsageName).length).toBeGreaterThan(5);
});
