import { pageFaults, renderPages, type RunbookData } from '../../lib/runbooks/render';
import { productionRunbookData } from '../../lib/runbooks/runbook-data';

const PAGE = '# Slow\n\n## Meaning\n\na\n\n## Impact\n\nb\n\n## Check\n\nc\n\n## Fix\n\nd\n';

const production = productionRunbookData();
const data: RunbookData = {
  ...production,
  alerts: [{ ...production.alerts[0]!, name: 'Slow' }],
  ledger: [
    {
      alert: 'Slow',
      group: 'g',
      severity: 'critical',
      component: 'c',
      expression: 'a == 1 or b | c',
      forSeconds: 90,
      outcome: 'translated',
      becomes: ['production-Slow-1', 'production-Slow-2'],
      note: 'exactly',
    },
  ],
};
const set = (more: Record<string, string>) => new Map(Object.entries({ README: '# Tree\n', Slow: PAGE, ...more }));
const fresh = renderPages(set({}), data);

test('pages have no fault after rendering, and rendering again changes nothing', () => {
  expect(pageFaults(fresh, data)).toEqual([]);
  expect(renderPages(fresh, data)).toEqual(fresh);
});

test('the head states alarms and condition, and the rest of the page stays', () => {
  expect(fresh.get('Slow')).toContain('| Condition | `a == 1 or b \\| c` for 90 s |');
  expect(fresh.get('Slow')).toContain('| In CloudWatch | alarms `production-Slow-1`, `production-Slow-2` |');
  expect(fresh.get('Slow')!.endsWith(PAGE.slice('# Slow\n'.length))).toBe(true);
});

test.each([
  [
    'an event',
    { outcome: 'replaced by an event' as const, forSeconds: 0 },
    'it notifies once; there is no alarm that clears |',
  ],
  ['a rule without a delay', { forSeconds: 0 }, '| Condition | `a == 1 or b \\| c` immediately |'],
  ['an absent rule', { outcome: 'absent' as const }, '| In CloudWatch | nothing (absent): exactly |'],
  ['a rule switched off', { outcome: 'switched off' as const }, '| In CloudWatch | nothing (switched off): exactly |'],
])('the head of %s', (_, change, text) => {
  const ledger = data.ledger.map((entry) => ({ ...entry, ...change }));
  expect(renderPages(set({}), { ...data, ledger }).get('Slow')).toContain(text);
});

test('an alert without a page gets one to fill in', () => {
  const begun = renderPages(new Map([['README', '# Tree\n']]), data);
  expect(begun.get('Slow')).toMatch(
    /^# Slow\n\n<!-- generated: [\s\S]*\n## Meaning\n\n## Impact\n\n## Check\n\n## Fix\n$/,
  );
  expect(pageFaults(begun, data)).toEqual([
    expect.stringContaining('Slow.md has no text for Meaning, Impact, Check, Fix'),
  ]);
});

test('a head that names another command is replaced as well', () => {
  const other = fresh.get('Slow')!.replace('npm run update', 'npm run something');
  expect(pageFaults(set({ ...Object.fromEntries(fresh), Slow: other }), data)).toEqual([
    expect.stringContaining('Slow.md is outdated'),
  ]);
  expect(renderPages(set({ Slow: other }), data).get('Slow')).toBe(fresh.get('Slow'));
});

test('fails without an entry of the ledger', () => {
  expect(() => renderPages(set({}), { ...data, ledger: [] })).toThrow('the ledger has no entry for alert Slow');
});

test.each([
  ['a missing page', new Map([...fresh].filter(([name]) => name !== 'Slow')), 'runbooks/Slow.md is missing'],
  ['a page of no alert', new Map([...fresh, ['Gone', PAGE]]), 'runbooks/Gone.md does not belong to an alert'],
  [
    'a page without a section',
    set({ Slow: PAGE.replace('## Fix', '## Cure') }),
    'runbooks/Slow.md has no text for Fix; a page needs the sections Meaning, Impact, Check, Fix',
  ],
  [
    'a page with another title',
    set({ Slow: PAGE.replace('# Slow', '# Fast') }),
    'begins with "# Fast"; allowed: "# Slow"',
  ],
  [
    'an outdated page',
    new Map([...fresh, ['Slow', fresh.get('Slow')!.replace('90 s', '80 s')]]),
    'Slow.md is outdated; run "npm run update"',
  ],
  ['an outdated index', new Map([...fresh, ['README', '# Tree\n']]), 'README.md is outdated'],
])('finds %s', (_, broken, sentence) => {
  expect(pageFaults(broken, data)).toEqual(expect.arrayContaining([expect.stringContaining(sentence)]));
});
