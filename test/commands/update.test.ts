import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, runCli } from '../support/cli';

const PAGE = 'lib/runbooks/PostgreSQLDown.md';
/** Generated files, and a text of each that is replaced to make it stale. */
const GENERATED: Readonly<Record<string, string>> = {
  [PAGE]: '| critical',
  'lib/monitoring/LEDGER.md': '| PostgreSQLDown ',
  'lib/rehearsal/privileges/ROLES.md': '| Reading',
  'lib/rehearsal/scenarios/PROOFS.md': '| fault ',
  'README.md': ' queries are ',
  'lib/benchmark/README.md': '| median before',
  'lib/benchmark/bench.svg': '</svg>',
  'lib/safe-change/record/dev.json': 'AWS::EC2::VPC',
};
const SNAPSHOT = 'test/stacks/__snapshots__/snapshots.test.ts.snap';

/** A copy of this project with a small test in place of the one that compares the snapshots. */
let copy: string;

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'update-test-'));
  for (const path of ['bin', 'lib', 'lambda', 'package.json', 'cdk.json', 'tsconfig.json', 'README.md', 'test/support'])
    cpSync(join(ROOT, path), join(copy, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  mkdirSync(join(copy, 'test/stacks/__snapshots__'), { recursive: true });
  write('test/stacks/snapshots.test.ts', `test('small', () => expect('now').toMatchSnapshot());\n`);
  write(SNAPSHOT, snapshot('now'));
});
afterEach(() => rmSync(copy, { recursive: true }));

test('--check names what is stale, and the command writes it', () => {
  for (const [path, text] of Object.entries(GENERATED)) write(path, read(path).replace(text, 'stale'));
  write(SNAPSHOT, snapshot('before'));
  const stale = Object.keys(GENERATED);

  const check = runCli(['update', '--check'], { cwd: copy });
  expect([check.status, check.stdout]).toEqual([
    1,
    [
      ...stale.map((path) => `${path} is stale; run "npm run update"`),
      'the snapshots are stale or their tests fail, as printed above; run "npm run update"\n',
    ].join('\n'),
  ]);
  expect(read(SNAPSHOT)).toBe(snapshot('before'));

  const update = runCli(['update', '--json'], { cwd: copy });
  expect([update.status, JSON.parse(update.stdout)]).toEqual([0, { stale: [], written: stale, faults: [] }]);
  for (const path of stale) expect(read(path)).toBe(readFileSync(join(ROOT, path), 'utf8'));
  expect(read(SNAPSHOT)).toBe(snapshot('now'));
  expect(update.stderr).toMatch(/ s {2}writing the snapshots\n/);

  expect(runCli(['update', '--check'], { cwd: copy })).toMatchObject({
    status: 0,
    stdout: 'everything is up to date\n',
  });
}, 120_000);

test('a text that only a person can write is left and named', () => {
  write(PAGE, read(PAGE).replace('## Fix', '## Cure'));
  const { status, stdout } = runCli(['update', '--no-snapshots'], { cwd: copy });
  expect([status, stdout]).toEqual([1, expect.stringMatching(/^lib\/runbooks\/PostgreSQLDown\.md .*Fix.*\n$/)]);
}, 60_000);

function read(path: string): string {
  return readFileSync(join(copy, path), 'utf8');
}

function write(path: string, text: string): void {
  writeFileSync(join(copy, path), text);
}

function snapshot(value: string): string {
  return `// Jest Snapshot v1, https://goo.gl/fbAQLP\n\nexports[\`small 1\`] = \`"${value}"\`;\n`;
}
