import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { scripts } from '../../package.json';
import { once } from '../../lib/shared/once';
import { PROJECT_ROOT } from '../../lib/shared/project-root';
import { schemaFields } from '../support/schema-fields';
import { stackTemplates } from '../support/synth';
import { markdownTables, type Row } from './tables';

const PAGES = ['lib/procedures/README.md', 'lib/procedures/CHECKLISTS.md'];
const STATES = ['automatic', 'command', 'person', 'not done'];

/** How many lines each chapter of the owner's document has. */
const LINES: Readonly<Record<string, number>> = {
  'Daily operations': 4,
  'Weekly operations': 4,
  'Monthly operations': 4,
  'Quarterly operations': 4,
  'Before production': 8,
  'After production': 6,
  Targets: 9,
  Troubleshooting: 10,
  'Security hardening': 8,
};

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

const resources = once(() =>
  Object.values(stackTemplates('production')).flatMap(({ Resources }) =>
    Object.values(Resources as Record<string, Resource>),
  ),
);
const values = (type: RegExp, property: string) =>
  resources()
    .filter(({ Type }) => type.test(Type))
    .map(({ Properties }) => String(Properties?.[property]));

/** What finds a target, by the first word of it. */
const FINDS: Readonly<Record<string, (name: string) => boolean>> = {
  // An alert is one alarm, one for each server, or an event rule.
  alarm: (name) =>
    [...values(/^AWS::CloudWatch::(Composite)?Alarm$/, 'AlarmName'), ...values(/^AWS::Events::Rule$/, 'Name')].some(
      (each) => `${each}-`.startsWith(`production-${name}-`),
    ),
  dashboard: (name) => values(/^AWS::CloudWatch::Dashboard$/, 'DashboardName').includes(`production-${name}`),
  schedule: (expression) =>
    values(/^AWS::(Scheduler::Schedule|Backup::RestoreTestingPlan)$/, 'ScheduleExpression').includes(expression),
  document: (name) => values(/^AWS::SSM::Document$/, 'Name').includes(name),
  resource: (type) => resources().some(({ Type }) => Type === type),
  parameter: (text) => {
    const [name = '', value] = text.split('=');
    const groups = resources().filter(({ Type }) => Type === 'AWS::RDS::DBParameterGroup');
    return (
      groups.length > 0 &&
      groups.every(({ Properties }) => (Properties?.['Parameters'] as Record<string, string>)[name] === value)
    );
  },
  config: (field) => schemaFields().some(({ path }) => `${path.join('.')}.`.startsWith(`${field}.`)),
  npm: (text) => text.replace(/^run /, '') in scripts,
};

/** Targets of a cell that do not exist; the whole cell when it is not a list of targets. */
function missing(cell: string, page: string): string[] {
  const targets = [...cell.matchAll(/`([^`]+)`|\[[^\]]+\]\(([^)]+)\)/g)];
  if (targets.map(([text]) => text).join(', ') !== cell || cell === '') return [`not a list of targets: "${cell}"`];
  return targets
    .filter(([, code, link]) => {
      if (link !== undefined) return !existsSync(join(PROJECT_ROOT, dirname(page), link.replace(/#.*/, '')));
      const [kind = '', ...name] = code!.split(' ');
      return !FINDS[kind]?.(name.join(' '));
    })
    .map(([text]) => text);
}

const tables = PAGES.flatMap((page) =>
  Object.entries(markdownTables(readFileSync(join(PROJECT_ROOT, page), 'utf8'))).map(([chapter, rows]) => ({
    page,
    chapter,
    rows: rows.filter((row) => 'line' in row),
  })),
).filter(({ rows }) => rows.length > 0);

test('every chapter of the owner has all of its lines, each once', () => {
  expect(Object.fromEntries(tables.map(({ chapter, rows }) => [chapter, rows.length]))).toEqual(LINES);
  for (const { rows } of tables) expect(new Set(rows.map(({ line }) => line)).size).toBe(rows.length);
});

describe.each(tables)('$chapter', ({ page, rows }) => {
  test.each(rows.map((row): [string, Row] => [row['line']!, row]))('%s', (_, row) => {
    expect(Object.keys(row)).toEqual(['line', 'state', 'targets', 'how']);
    expect(Object.entries(row).filter(([, text]) => text === '')).toEqual([]);
    expect(STATES).toContain(row['state']);
    expect(missing(row['targets']!, page)).toEqual([]);
  });
});

test.each([
  '`alarm PostgreSQLReplicationLa`',
  '`dashboard overview`',
  '`schedule rate(2 minutes)`',
  '`document production-restor`',
  '`resource AWS::RDS::DBCluster`',
  '`parameter rds.force_ssl=0`',
  '`config database.engin`',
  '`npm run deploy`',
  '`cron 0 2 * * *`',
  '[page](../runbooks/Nothing.md)',
  'somebody looks at it',
  '',
])('a target that does not exist is found: %s', (cell) => {
  expect(missing(cell, PAGES[0]!)).not.toEqual([]);
});
