import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { scripts } from '../../package.json';
import { ENVIRONMENT_NAMES } from '../../lib/config';
import { ROOT, runCli } from '../support/cli';

/** Every command with its options, apart from --help. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  rehearse: [
    '--environment <name>',
    '--report <folder>',
    '--fail-fast',
    '--open',
    '--picture <file>',
    '--restore-size-gb <number>',
    '--keep',
    '--json',
  ],
  'rehearse:upgrade': ['--environment <name>', '--report <folder>', '--json'],
  backtest: [
    '--environment <name>',
    '--days <number>',
    '--seed <number>',
    '--no-incidents',
    '--compare',
    '--report <folder>',
    '--json',
  ],
  review: ['--json'],
  cost: [
    '--environment <name>',
    '--diff <file>',
    '--markdown',
    '--budget <dollars>',
    '--usage <file>',
    '--live',
    '--json',
  ],
  capacity: [
    '--environment <name>',
    '--salons <number>',
    '--growth <percent>',
    '--months <number>',
    '--rates <file>',
    '--publish',
    '--json',
  ],
  diff: ['--environment <name>', '--against <state>', '--markdown', '--never-deployed', '--json'],
  preflight: ['--environment <name>', '--json'],
  drift: ['--environment <name>', '--json'],
  readiness: ['--url <address>', '--password-file <file>', '--minimum <number>', '--json'],
  import: [
    '--from <address>',
    '--to <address>',
    '--from-password-file <file>',
    '--from-secret <arn>',
    '--to-password-file <file>',
    '--to-secret <arn>',
    '--method <method>',
    '--leave-out <name>',
    '--no-way-back',
    '--source-address <address>',
    '--target-address <address>',
    '--slot-limit-gb <number>',
    '--writes-stopped <seconds>',
    '--watch',
    '--check-seconds <number>',
    '--json',
  ],
  'lint:migrations': ['--folder <folder>', '--json'],
  update: ['--check', '--no-snapshots', '--json'],
  runbooks: ['--check', '--json'],
  ledger: ['--environment <name>', '--check <file>', '--write <file>', '--json'],
  bench: [
    '--scale <number>',
    '--collector',
    '--load',
    '--salons <number>',
    '--tenant-isolation',
    '--report <folder>',
    '--publish <folder>',
    '--json',
  ],
  'bench:synth': ['--runs <number>', '--json'],
};
const COMMANDS = Object.keys(OPTIONS);

let temporary: string;
beforeAll(() => (temporary = mkdtempSync(join(tmpdir(), 'cli-test-'))));
afterAll(() => rmSync(temporary, { recursive: true }));

/** Runs a command; `loaded` has the files of the program and its packages that it loaded. */
function run(...args: string[]) {
  const [preload, list] = [join(temporary, 'preload.cjs'), join(temporary, 'loaded.json')];
  writeFileSync(
    preload,
    `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify(Object.keys(require.cache))));`,
  );
  const { status, stdout, stderr } = runCli(args, { preload });
  return { status, stdout, stderr, loaded: JSON.parse(readFileSync(list, 'utf8')) as string[] };
}

function filesOfCdk(loaded: readonly string[]): string[] {
  return loaded.filter((file) => file.includes('/node_modules/aws-cdk-lib/'));
}

describe('help', () => {
  test('the program lists every command and loads none', () => {
    const { status, stdout, stderr, loaded } = run('--help');
    const ours = loaded.filter((file) => file.startsWith(join(ROOT, 'lib'))).map((file) => relative(ROOT, file));
    expect(ours.sort()).toEqual([
      'lib/commands/console/output.ts',
      'lib/commands/console/require-node.ts',
      'lib/commands/program.ts',
    ]);
    expect([status, stderr]).toEqual([0, '']);
    const listed = [...stdout.slice(stdout.indexOf('Commands:')).matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name);
    expect(listed).toEqual(COMMANDS);
  });

  test.each(COMMANDS)(
    '%s lists its options, an example and the exit codes, and loads nothing of the CDK',
    (command) => {
      const { status, stdout, stderr, loaded } = run(command, '--help');
      expect(loaded).toContain(join(ROOT, 'lib/commands/console/options.ts'));
      expect(filesOfCdk(loaded)).toEqual([]);
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(new RegExp(`^Usage: npm run ${command} -- \\[options\\]\n\n[A-Z]`));
      const listed = [...stdout.matchAll(/^ {2}(--\S+(?: <\w+>)?)/gm)].map(([, option]) => option);
      expect(listed).toEqual(OPTIONS[command]);
      expect(stdout).toMatch(
        new RegExp(`\nExample:\n {2}npm run ${command}\\b.*\n\nExit codes:\n {2}0 {2}.*\n {2}1 {2}.*\n$`),
      );
    },
  );

  test('npm run starts every command, and node in place of the shell where a signal has to stop servers', () => {
    const ours = Object.entries(scripts).filter(([, script]) => script.includes('bin/cli.ts'));
    const expected = COMMANDS.map((name) => [
      name,
      `${['rehearse', 'rehearse:upgrade', 'bench', 'import'].includes(name) ? 'exec ' : ''}node --import tsx bin/cli.ts ${name}`,
    ]);
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(expected));
  });
});

describe('wrong usage is a sentence without colors and exit code 1', () => {
  test.each([
    [['rehears'], "unknown command 'rehears' (Did you mean rehearse?)"],
    [['ledger', '--enviroment', 'dev'], "unknown option '--enviroment' (Did you mean --environment?)"],
    [['cost', 'dev'], "too many arguments for 'cost'. Expected 0 arguments but got 1."],
    [['bench', '--report'], "option '--report <folder>' argument missing"],
    [
      ['bench:synth', '--runs', '1.5'],
      "option '--runs <number>' argument '1.5' is invalid. Allowed: a whole number from 1.",
    ],
    [['ledger', '--check', 'a', '--write', 'b'], "option '--write <file>' cannot be used with option '--check <file>'"],
    [['rehearse', '--keep', '--report', 'a'], "option '--keep' cannot be used with option '--report <folder>'"],
    [
      ['rehearse', '--report', 'package.json'],
      '--report package.json is a file, or below one; allowed: a folder, which may not exist yet',
    ],
    [
      ['bench', '--report', 'package.json/a'],
      '--report package.json/a is a file, or below one; allowed: a folder, which may not exist yet',
    ],
    [['bench', '--publish', 'missing'], 'missing/bench.json does not exist'],
    [
      ['ledger', '--environment', 'prod'],
      `option '--environment <name>' argument 'prod' is invalid. Allowed choices are ${ENVIRONMENT_NAMES.join(', ')}.`,
    ],
  ])('%j', (args, sentence) => {
    const env = { FORCE_COLOR: '1', CI: 'true' };
    expect(runCli(args, { env })).toMatchObject({ status: 1, stdout: '', stderr: `${sentence}\n` });
  });

  test('DEBUG shows the stack trace of an error', () => {
    const { status, stderr } = runCli(['bench', '--publish', 'missing'], { env: { DEBUG: '1' } });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^Error: ENOENT.*'missing\/bench.json'\n {4}at /)]);
  });
});

describe('--json prints JSON and nothing else; what needs no template loads nothing of the CDK', () => {
  test.each([
    [
      ['ledger', '--environment', 'dev'],
      expect.arrayContaining([expect.objectContaining({ group: expect.any(String) as string })]),
    ],
    [['lint:migrations'], { migrations: expect.any(Number) as number, findings: [] }],
    [['runbooks', '--check'], { pages: expect.any(Number) as number, written: [], faults: [] }],
    [['update', '--check', '--no-snapshots'], { stale: [], written: [], faults: [] }],
  ])('%j', (args, expected) => {
    const { status, stdout, loaded } = run(...args, '--json');
    expect([status, JSON.parse(stdout)]).toEqual([0, expected]);
    expect(filesOfCdk(loaded)).toEqual([]);
  });
});
