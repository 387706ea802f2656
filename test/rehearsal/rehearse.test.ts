import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import type { RehearsalReport } from '../../lib/rehearsal/report';

const ROOT = join(__dirname, '../..');
let temporary: string;

beforeEach(() => {
  // All runs create their folders in here, so that leftovers are found.
  temporary = mkdtempSync(join('/tmp', 'rehearse-test-'));
  chmodSync(temporary, 0o755);
});
afterEach(() => rmSync(temporary, { recursive: true, force: true }));

function start(...args: string[]) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'bin/cli.ts', 'rehearse', '--report', join(temporary, 'report'), ...args],
    {
      cwd: ROOT,
      env: { ...process.env, TMPDIR: temporary },
    },
  );
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  return { child, output: () => output, exit: once(child, 'close').then(([code]) => code as number | null) };
}

/** Servers in this test's folder that are still running. */
function leftovers(): string[] {
  const processes = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
  return processes.filter((line) => line.includes(`${temporary}/postgres-rehearsal-`));
}

/** Waits for the migrations: all servers are running by then, replicas included. */
async function untilMigrating(child: ChildProcess, output: () => string): Promise<void> {
  while (!output().includes('migrating') && child.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

function runFolders(): boolean {
  return execFileSync('ls', [temporary], { encoding: 'utf8' }).includes('postgres-rehearsal-');
}

/** Alerts that a rehearsal of production proves, each by a real fault. */
const PROVEN = [
  'AICostSpike',
  'AIResponseTimeSlow',
  'AITokenUsageHigh',
  'HighBookingConflictRate',
  'HighMessageFailureRate',
  'NoBookingsLast24Hours',
  'PostgreSQLConfigurationChanged',
  'PostgreSQLConnectionPoolExhausted',
  'PostgreSQLDeadlocks',
  'PostgreSQLDown',
  'PostgreSQLHighQueryDuration',
  'PostgreSQLInvalidIndex',
  'PostgreSQLMetricsMissing',
  'PostgreSQLParametersPending',
  'PostgreSQLReplicaBroken',
  'PostgreSQLReplicationLag',
  'PostgreSQLReplicationLagCritical',
  'PostgreSQLReplicationSlotInactive',
  'PostgreSQLTableBloat',
  'PostgreSQLTooManyConnections',
  'PostgreSQLUnauthorizedAccessAttempts',
  'WebhookProcessingErrors',
];

test('production is rehearsed, and nothing is left behind', async () => {
  const { exit, output } = start();
  expect([await exit, output()]).toEqual([0, expect.stringContaining('production holds what it promises here')]);
  const report = JSON.parse(readFileSync(join(temporary, 'report/rehearsal.json'), 'utf8')) as RehearsalReport;
  expect(report).toMatchObject({
    environment: 'production',
    postgres: '15.18',
    cluster: { primary: 'primary', replicas: ['replica-1', 'replica-2'] },
    migrations: readdirSync(join(ROOT, 'lambda/migrations')).filter((name) => /^\d/.test(name)),
    restore: { table: 'messages', tableRecovered: true, tablesDiffering: [], leftovers: 0 },
    failures: [],
    ok: true,
  });
  expect(report.restore!.rowsFound).toBe(report.restore!.rowsExpected);
  expect(report.restore!.rowsExpected).toBeGreaterThan(1100);
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(report.checks.length).toBeGreaterThanOrEqual(8);
  expect(report.speedUp.patterns.map(({ name, index }) => [name, index])).toEqual([
    ['salon messages', 'idx_message_salon_created'],
    ['conversation messages', 'idx_message_conversation_created'],
    ['AI history by conversation', 'idx_ai_msg_conv_created'],
  ]);
  for (const { beforeMs, afterMs, ratio } of report.speedUp.patterns) expect(ratio).toBeCloseTo(beforeMs / afterMs, 9);
  const proven = report.alarms.filter(({ provoked, transitions }) => provoked && transitions.join() === 'OK,ALARM,OK');
  expect(new Set(proven.map(({ name }) => name))).toEqual(new Set(PROVEN));
  for (const { alarm } of proven) expect(report.alarmsNotProven).not.toContain(alarm);
  expect(leftovers()).toEqual([]);
  expect(runFolders()).toBe(false);
}, 240_000);

// SIGINT and SIGTERM: test/commands/signals.test.ts, by way of npm.
test('nothing is left behind after SIGHUP while the servers are running', async () => {
  const { child, exit, output } = start();
  await untilMigrating(child, output);
  expect(leftovers().length).toBeGreaterThan(2);
  child.kill('SIGHUP');
  expect(await exit).toBe(129);
  expect(leftovers()).toEqual([]);
  expect(runFolders()).toBe(false);
}, 240_000);

test('nothing is left behind when the primary is killed during the migrations', async () => {
  const { child, exit, output } = start();
  await untilMigrating(child, output);
  const primary = leftovers().find((line) => line.includes('/native/bin/postgres -D') && line.includes('/primary -p'));
  process.kill(-Number.parseInt(primary ?? '', 10), 'SIGKILL');
  expect(await exit).toBe(1);
  // An error ended the run before there was a report; the replicas were still running.
  expect(existsSync(join(temporary, 'report'))).toBe(false);
  expect(output()).not.toMatch(/holds what it promises|does not hold|proving/);
  expect(leftovers()).toEqual([]);
  expect(runFolders()).toBe(false);
}, 240_000);

test('the next run cleans up after a run that was killed', async () => {
  const { child, exit, output } = start();
  await untilMigrating(child, output);
  child.kill('SIGKILL');
  await exit;
  expect(leftovers().length).toBeGreaterThan(2);
  const next = start('--environment', 'dev');
  expect([await next.exit, next.output()]).toEqual([0, expect.stringContaining('dev holds what it promises here')]);
  expect(next.output()).toContain('dev has no restore drills, so none was rehearsed');
  expect(leftovers()).toEqual([]);
  expect(runFolders()).toBe(false);
}, 240_000);

test.each([
  [
    '--environment',
    'prod',
    "option '--environment <name>' argument 'prod' is invalid. Allowed choices are dev, production, staging.",
  ],
  [
    '--restore-size-gb',
    'much',
    "option '--restore-size-gb <number>' argument 'much' is invalid. Allowed: a number from 0.1 to 20.",
  ],
])(
  'fails with a sentence, not a stack trace, on %s %s',
  async (flag, value, sentence) => {
    const { exit, output } = start(flag, value);
    expect(await exit).toBe(1);
    expect(output().trim()).toBe(sentence);
    expect(existsSync(join(temporary, 'report'))).toBe(false);
  },
  30_000,
);

test('tells how it is used', async () => {
  const { exit, output } = start('--help');
  expect(await exit).toBe(0);
  expect(output()).toMatch(
    /--environment <name> .*\(choices: "dev",\s+"production", "staging", default: "production"\)/,
  );
}, 30_000);
