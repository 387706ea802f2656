import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnvironment } from '../../lib/config';
import { deployedDocuments } from '../../lib/recovery-documents/deployed';
import { DECISION_TREE, pagePath, readPages, RUNBOOKS_FOLDER } from '../../lib/runbooks/pages';
import { pageFaults } from '../../lib/runbooks/render';
import { productionRunbookData } from '../../lib/runbooks/runbook-data';
import { runbookPages } from '../../lib/runbooks/update';
import { awsCommandsOf } from '../support/aws/aws-commands';

const pages = readPages();
const data = productionRunbookData();
const alerts = data.alerts.map(({ name }) => name);

test('every alert has a page with all sections, up to date, and every page has an alert', () => {
  expect(pageFaults(pages, data)).toEqual([]);
});

test('the pages as they should be are the pages as they are', () => {
  expect(runbookPages()).toEqual(new Map([...pages].map(([name, text]) => [pagePath(name), text])));
});

test('every page names its severity, condition, alarms, contacts and escalation', () => {
  for (const { alert, severity, expression, becomes, outcome } of data.ledger) {
    const page = pages.get(alert)!;
    expect(page).toContain(`| Severity | ${severity} |`);
    expect(page).toContain(expression);
    if (outcome === 'absent') expect(page).toContain('| In CloudWatch | nothing (absent)');
    else expect(becomes.length).toBeGreaterThan(0);
    for (const alarm of becomes) expect(page).toContain(`\`${alarm}\``);
    for (const { role } of data.contacts) expect(page).toContain(role);
    expect(page).toContain(data.escalation.at(-1));
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
  const textOf = (file: string) => {
    const path = join(RUNBOOKS_FOLDER, file);
    return pages.get(file.replace(/\.md$/, '')) ?? (existsSync(path) ? readFileSync(path, 'utf8') : undefined);
  };
  const broken: string[] = [];
  for (const [name, markdown] of pages) {
    const links = [...markdown.matchAll(/\]\((?!https:)([^)#]*)(?:#([^)]*))?\)/g)];
    if (links.length === 0) broken.push(`${name} leads nowhere`);
    for (const [, file = '', anchor] of links) {
      const target = textOf(file === '' ? `${name}.md` : file);
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

test('the pages of alerts that a recovery document helps with name it', () => {
  const helping = data.documents.flatMap(({ name, alerts: helped }) => helped.map((alert) => [alert, name] as const));
  expect(helping.length).toBeGreaterThan(5);
  for (const [alert, name] of helping) expect(pages.get(alert)).toContain(`\`${name}\``);
  for (const { name } of data.documents) expect(pages.get(DECISION_TREE)).toContain(`| \`${name}\` |`);
});

test('the command says what it does, and that all is up to date', () => {
  const runbooks = (...flags: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'bin/cli.ts', 'runbooks', ...flags], { encoding: 'utf8' });
  expect(runbooks('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--check') as string });
  expect(runbooks('--check')).toMatchObject({ status: 0, stdout: `${pages.size} pages are up to date\n` });
});

describe('every start of a recovery document', () => {
  const deployed = deployedDocuments(loadEnvironment('production'));
  const texts = new Map([...pages, ['README.md', readFileSync(join(__dirname, '../../README.md'), 'utf8')]]);
  const starts = [...texts]
    .flatMap(([page, text]) => awsCommandsOf(page, text))
    .filter(({ text }) => text.includes('start-automation-execution'))
    .map(({ page, text }) => ({
      page,
      text,
      content: deployed.find(({ name }) => name === /--document-name (\S+)/.exec(text)?.[1])?.content,
      given: (/--parameters "([^"]*)"/.exec(text)?.[1]?.split(',') ?? []).map((each) => each.split('=')),
    }));

  test('names one that exists', () => {
    expect(starts.length).toBeGreaterThan(10);
    for (const { page, text, content } of starts) {
      expect({ page, text, known: content !== undefined }).toEqual({ page, text, known: true });
    }
  });

  test('gives it values that its parameters allow', () => {
    for (const { page, text, content, given } of starts) {
      for (const [parameter = '', value = ''] of given) {
        const { allowedValues, allowedPattern } = content!.parameters[parameter]!;
        // A name in angle brackets is for the person to fill in, unless it shows the form.
        const fits =
          /^<\D/.test(value) ||
          (allowedValues?.includes(value) ?? new RegExp(allowedPattern!).test(value.replace(/[<>]/g, '')));
        expect({ page, text, parameter, fits }).toEqual({ page, text, parameter, fits: true });
      }
    }
  });

  test('gives it every parameter without a default', () => {
    for (const { content, given } of starts) {
      const { parameters } = content!;
      const required = Object.keys(parameters).filter((parameter) => parameters[parameter]!.default === undefined);
      expect(given.map(([name]) => name)).toEqual(expect.arrayContaining(required));
    }
  });
});
