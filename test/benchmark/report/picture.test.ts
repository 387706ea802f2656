import { drawBars } from '../../../lib/benchmark/report/picture';

/** Widths of the bars of a kind, in their order. */
function widths(svg: string, kind: string): number[] {
  return [...svg.matchAll(new RegExp(`<rect class="${kind}" x="220" [^>]*width="([\\d.]+)"`, 'g'))].map(([, width]) =>
    Number(width),
  );
}

test('text is escaped', () => {
  const svg = drawBars('A & B', [{ name: '<script>"x"</script>', beforeMs: 10, afterMs: 1, note: '10× > 9×' }]);
  expect(svg).not.toContain('<script>');
  expect(svg).toContain('&lt;script&gt;&quot;x&quot;&lt;/script&gt;');
  expect(svg).toContain('A &amp; B');
  expect(svg).toContain('10× &gt; 9×');
});

test('the scale is logarithmic: each factor of ten is as wide as another', () => {
  const svg = drawBars('t', [
    { name: 'a', beforeMs: 1000, afterMs: 0.1, note: '' },
    { name: 'b', beforeMs: 100, afterMs: 1, note: '' },
  ]);
  const [thousand = NaN, hundred = NaN] = widths(svg, 'before');
  const [tenth = NaN, one = NaN] = widths(svg, 'after');
  expect(tenth).toBe(0);
  expect(thousand).toBe(490);
  expect(thousand - hundred).toBeCloseTo(one - tenth, 0);
  for (const power of ['0.1', '1', '10', '100', '1000']) expect(svg).toContain(`>${power}</text>`);
});

test('a single time still has a scale', () => {
  const svg = drawBars('t', [{ name: 'a', beforeMs: 1, afterMs: 1, note: '' }]);
  expect(widths(svg, 'before')).toEqual([0]);
  expect(svg).not.toContain('NaN');
});

test('it is readable on a dark page as well', () => {
  expect(drawBars('t', [])).toContain('prefers-color-scheme: dark');
});
