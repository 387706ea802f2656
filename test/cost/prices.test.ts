import { parsePrices, PRICES } from '../../lib/cost/prices';
import file from '../../lib/cost/prices.us-east-1.json';

test('the price list is taken over as it is', () => {
  expect(PRICES).toEqual(file);
});

test.each([
  ['a missing price', { ...file, backup: {} }, 'backup.restoreTest is missing; allowed: a value of type number'],
  ['a price of 0', { ...file, backup: { restoreTest: 0 } }, 'backup.restoreTest is 0; allowed: a number over 0'],
  ['an unknown field', { ...file, sqs: 1 }, 'sqs is not a field; check its spelling and place'],
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
