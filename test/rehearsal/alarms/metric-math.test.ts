import { parseMetricMath } from '../../../lib/rehearsal/alarms/metric-math';

test.each([
  ['1 - (m1 - m2) / 4', 0.5],
  ['m1 - m2 - 1', 1],
  ['m1 / m2 / 2', 1],
  ['(m1 > 3) * (m1 < 300)', 1],
  ['(m1 > 4) * (m1 < 300)', 0],
  ['m1 * (-2)', -8],
  ['(m1 >= 4) + (m2 <= 2) + (m1 == 4) + (m1 != 4)', 3],
  ['m1 / 0', undefined],
  ['m1 + m3', undefined],
])('%s is %s', (expression, value) => {
  expect(parseMetricMath(expression, ['m1', 'm2', 'm3'])({ m1: 4, m2: 2 })).toBe(value);
});

test.each([
  ['FILL(m1, 0)', 'has a CallExpression, which the rehearsal cannot evaluate'],
  ['m1 + m9', 'has the unknown id m9'],
  ['m1 && m1', 'has &&'],
  ["m1 > 'a'", 'has "a"'],
])('refuses %s', (expression, sentence) => {
  expect(() => parseMetricMath(expression, ['m1'])).toThrow(sentence);
});
