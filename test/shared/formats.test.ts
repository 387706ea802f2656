import * as formats from '../../lib/shared/formats';

test.each<[keyof typeof formats, number, string]>([
  ['formatFigure', 0.238, '0.24'],
  ['formatFigure', 29.66, '29.7'],
  ['formatFigure', 592.6, '593'],
  ['formatFigure', 13_398.4, '13,398'],
  ['formatCount', 2086.7, '2,087'],
  ['formatRatio', 9.03, '9.0'],
  ['formatRatio', 81.36, '81.4'],
  ['formatRatio', 2086.7, '2,087'],
  ['formatSeconds', 5.25, '5.3 s'],
  ['formatMilliseconds', 592.6, '593 ms'],
  ['formatMinutes', 312, '5.2 min'],
  ['formatMemory', 0.3 * 1024 ** 2, '0.3 MiB'],
  ['formatMemory', 4.4 * 1024 ** 3, '4.4 GiB'],
  ['formatGigabytes', 1.25e9, '1.25 GB'],
  ['formatDollars', 5.405, '$5.41'],
  ['formatDollars', 1204, '$1,204.00'],
])('%s writes %d as %s', (format, value, text) => {
  expect(formats[format](value)).toBe(text);
});

test('seconds take as many decimal places as asked for', () => {
  expect(formats.formatSeconds(5.256, 2)).toBe('5.26 s');
});
