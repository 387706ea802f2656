import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deployedDocuments } from '../../lib/recovery-documents/deployed';
import { readDocument } from '../../lib/recovery-documents/content';
import type { RunbookData } from '../../lib/runbooks/render';
import { pageFaults, renderPages } from '../../lib/runbooks/render';
import { productionRunbookData } from '../../lib/runbooks/runbook-data';
import { DECISION_TREE, readPages } from '../../lib/runbooks/pages';
import { loadEnvironment } from '../../lib/config';
import { awsCommandFault, awsCommandsOf } from '../support/aws/aws-commands';

const pages = readPages();
const facts = productionRunbookData();
const alerts = facts.alerts.map(({ name }) => name);

test('every alert has a page with all sections, up to date, and every page has an alert', () => {
  expect(pageFaults(pages, facts)).toEqual([]);
});

test('every page names its severity, condition, alarms, contacts and escalation', () => {
  for (const { alert, severity, expression, becomes } of facts.ledger) {
    const page = pages.get(alert)!;
    expect(page).toContain(`| Severity | ${severity} |`);
    expect(page).toContain(expression);
    expect(becomes.length).toBeGreaterThan(0);
    for (const alarm of becomes) expect(page).toContain(`\`${alarm}\``);
    for (const { role } of facts.contacts) expect(page).toContain(role);
    expect(page).toContain(facts.escalation.at(-1));
  }
});

test('every link leads to a page and to a heading that exist, and every page has one', () => {
  const anchors = (markdown: string) =>
    [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
  const broken: string[] = [];
  for (const [name, markdown] of pages) {
    const links = [...markdown.matchAll(/\]\((?!https:)([^)#]*)(?:#([^)]*))?\)/g)];
    if (links.length === 0) broken.push(`${name} leads nowhere`);
    for (const [, file = '', anchor] of links) {
      const target = pages.get(file === '' ? name : file.replace(/\.md$/, ''));
      if (!target || (anchor && !anchors(target).includes(anchor))) broken.push(`${name}: ${file}#${anchor}`);
    }
  }
  expect(broken).toEqual([]);
});

test('the decision tree names only alerts that exist, and its index all of them', () => {
  const tree = pages.get(DECISION_TREE)!;
  const chart = /```mermaid\n([\s\S]*?)```/.exec(tree)?.[1] ?? '';
  const named = chart.match(/\[(?:PostgreSQL|Notification)[A-Za-z]+/g)?.map((node) => node.slice(1)) ?? [];
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !alerts.includes(name))).toEqual([]);
  for (const name of alerts) expect(tree).toContain(`| [${name}](${name}.md) |`);
});

test('every call of the AWS CLI names a command and options that exist', () => {
  const commands = [...pages].flatMap(([page, markdown]) => awsCommandsOf(page, markdown));
  expect(commands.length).toBeGreaterThan(100);
  expect(commands.flatMap((command) => awsCommandFault(command) ?? [])).toEqual([]);
});

test('every document that a page starts exists, and takes what it is given', () => {
  const deployed = deployedDocuments(loadEnvironment('production'));
  const texts = new Map([...pages, ['README.md', readFileSync(join(__dirname, '../../README.md'), 'utf8')]]);
  const starts = [...texts].flatMap(([page, text]) => awsCommandsOf(page, text)).filter(({ text }) => text.includes('start-automation-execution')); // prettier-ignore
  expect(starts.length).toBeGreaterThan(10);
  for (const { page, text } of starts) {
    const name = /--document-name (\S+)/.exec(text)?.[1];
    const document = deployed.find((each) => each.name === name)?.document;
    expect({ page, text, known: document !== undefined }).toEqual({ page, text, known: true });
    const { parameters } = readDocument(document!.file);
    const given = /--parameters "([^"]*)"/.exec(text)?.[1]?.split(',') ?? [];
    for (const [parameter = '', value = ''] of given.map((each) => each.split('='))) {
      const { allowedValues, allowedPattern } = parameters[parameter]!;
      // A name in angle brackets is the person's to fill in, unless it shows the form.
      const fits = /^<\D/.test(value) || (allowedValues?.includes(value) ?? new RegExp(allowedPattern!).test(value.replace(/[<>]/g, ''))); // prettier-ignore
      expect({ page, text, parameter, fits }).toEqual({ page, text, parameter, fits: true });
    }
    const required = Object.keys(parameters).filter((parameter) => parameters[parameter]!.default === undefined);
    expect(given.map((each) => each.split('=')[0])).toEqual(expect.arrayContaining(required));
  }
});

test('the pages of alerts that a document helps with name it', () => {
  const helping = facts.documents.flatMap(({ name, alerts: helped }) => helped.map((alert) => [alert, name] as const));
  expect(helping.length).toBeGreaterThan(5);
  for (const [alert, name] of helping) expect(pages.get(alert)).toContain(`\`${name}\``);
  for (const { name } of facts.documents) expect(pages.get(DECISION_TREE)).toContain(`| \`${name}\` |`);
});

test.each([
  ['aws rds reboot-instance', 'rds has no command reboot-instance'],
  ['aws rds wait db-instance-ready', 'rds has no waiter db-instance-ready'],
  ['aws rds reboot-db-instance --failover', 'reboot-db-instance has no option --failover'],
  ['aws ec2 terminate-instances', 'aws ec2 terminate-instances is not among the known commands'],
])('finds fault with "%s"', (command, sentence) => {
  const markdown = `- do this:\n\n  \`\`\`sh\n  ${command} \\\n    --output table\n  \`\`\`\n`;
  expect(awsCommandsOf('Page', markdown).map(awsCommandFault)).toEqual([expect.stringContaining(sentence)]);
});

describe('the faults of pages', () => {
  const page = '# Slow\n\n## Meaning\n\na\n\n## Impact\n\nb\n\n## Check\n\nc\n\n## Fix\n\nd\n';
  const some: RunbookData = {
    ...facts,
    alerts: [{ ...facts.alerts[0]!, name: 'Slow' }],
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
  const set = (more: Record<string, string>) => new Map(Object.entries({ README: '# Tree\n', Slow: page, ...more }));
  const fresh = renderPages(set({}), some);

  test('none after rendering, and rendering again changes nothing', () => {
    expect(pageFaults(fresh, some)).toEqual([]);
    expect(renderPages(fresh, some)).toEqual(fresh);
  });

  test('the head tells alarms and condition, and leaves what people wrote', () => {
    expect(fresh.get('Slow')).toContain('| Condition | `a == 1 or b \\| c` for 90 s |');
    expect(fresh.get('Slow')).toContain('| In CloudWatch | alarms `production-Slow-1`, `production-Slow-2` |');
    expect(fresh.get('Slow')!.endsWith(page.slice('# Slow\n'.length))).toBe(true);
  });

  test.each([
    ['an event', { outcome: 'replaced by an event' as const, forSeconds: 0 }, 'it tells once, nothing clears |'],
    ['a rule at once', { forSeconds: 0 }, '| Condition | `a == 1 or b \\| c` at once |'],
    ['an absent rule', { outcome: 'absent' as const }, '| In CloudWatch | nothing (absent): exactly |'],
    [
      'a rule switched off',
      { outcome: 'switched off' as const },
      '| In CloudWatch | nothing (switched off): exactly |',
    ],
  ])('the head of %s', (_, change, text) => {
    const ledger = some.ledger.map((entry) => ({ ...entry, ...change }));
    expect(renderPages(set({}), { ...some, ledger }).get('Slow')).toContain(text);
  });

  test('an alert without a page gets one to fill in', () => {
    const begun = renderPages(new Map([['README', '# Tree\n']]), some);
    expect(begun.get('Slow')).toMatch(
      /^# Slow\n\n<!-- generated: [\s\S]*\n## Meaning\n\n## Impact\n\n## Check\n\n## Fix\n$/,
    );
    expect(pageFaults(begun, some)).toEqual([expect.stringContaining('Slow.md lacks Meaning, Impact, Check, Fix')]);
  });

  test('fails without an entry of the ledger', () => {
    expect(() => renderPages(set({}), { ...some, ledger: [] })).toThrow('the ledger has no entry for alert Slow');
  });

  test.each([
    ['a missing page', new Map([...fresh].filter(([name]) => name !== 'Slow')), 'runbooks/Slow.md is missing'],
    ['a page of no alert', new Map([...fresh, ['Gone', page]]), 'runbooks/Gone.md belongs to no alert'],
    ['a page without a section', set({ Slow: page.replace('## Fix', '## Cure') }), 'runbooks/Slow.md lacks Fix'],
    ['a page of another title', set({ Slow: page.replace('# Slow', '# Fast') }), 'its title is "# Slow"'],
    ['a stale page', new Map([...fresh, ['Slow', fresh.get('Slow')!.replace('90 s', '80 s')]]), 'Slow.md is stale'],
    ['a stale index', new Map([...fresh, ['README', '# Tree\n']]), 'README.md is stale'],
  ])('fails on %s', (_, broken, sentence) => {
    expect(pageFaults(broken, some)).toEqual(expect.arrayContaining([expect.stringContaining(sentence)]));
  });
});

test('the command says what it does, and that all is up to date', () => {
  const runbooks = (...flags: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'bin/cli.ts', 'runbooks', ...flags], { encoding: 'utf8' });
  expect(runbooks('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--check') as string });
  expect(runbooks('--check')).toMatchObject({ status: 0, stdout: `${pages.size} pages are up to date\n` });
});
