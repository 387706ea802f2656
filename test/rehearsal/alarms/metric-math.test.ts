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
  // m3 has no value. Beside the value of another series it counts as 0, as the guide says of arithmetic and of comparisons.
  ['m1 + m3', 4],
  ['m3 / m1', 0],
  ['m1 / m3', undefined],
  ['m3 < m1', 1],
  ['(m3 < 1) * (m1 > 3)', 0],
  ['m3 + 1', undefined],
  ['m3 - m3', undefined],
  ['-m3', undefined],
  ['1 / 0 + m1', undefined],
  ['IF(m1 > 3, m2)', 2],
  ['IF(m1 > 4, m2)', undefined],
  ['IF(m3 * 0 == 0, m1)', undefined],
  ['IF(m3, m1)', undefined],
  ['IF((m1 * 0 == 0) * (m3 * 0 == 0), m1 - m3)', undefined],
  ['IF((m1 * 0 == 0) * (m2 * 0 == 0), m1 - m2)', 2],
  ['IF(m1, m3)', 0],
])('%s is %s', (expression, value) => {
  expect(parseMetricMath(expression, ['m1', 'm2', 'm3'])({ m1: 4, m2: 2 })).toBe(value);
});

test.each([
  ['FILL(m1, 0)', 'has a call other than IF(condition, value), which the rehearsal cannot evaluate'],
  ['IF(m1, m1, m1)', 'has a call other than IF(condition, value)'],
  ['m1 + m9', 'has the unknown id m9'],
  ['m1 && m1', 'has &&'],
  ["m1 > 'a'", 'has "a"'],
])('refuses %s', (expression, sentence) => {
  expect(() => parseMetricMath(expression, ['m1'])).toThrow(sentence);
});
