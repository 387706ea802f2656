import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RehearsalReport } from '../../../lib/rehearsal/report';
import { ROOT } from '../../support/cli';
import { RunsFolder, startRehearsal, WHOLE_MS } from '../../support/rehearsal-run';

jest.setTimeout(WHOLE_MS);

let folder: RunsFolder;
beforeEach(() => {
  folder = new RunsFolder();
});
afterEach(() => folder.remove());

/** Alerts that a rehearsal of production proves, each by a real fault. */
const PROVEN = [
  'AICostSpike',
  'AIResponseTimeSlow',
  'AITokenUsageHigh',
  'HighBookingConflictRate',
  'HighMessageFailureRate',
  'NoBookingsLast24Hours',
  'NoMessagesReceived',
  'PostgreSQLChecksumFailed',
  'PostgreSQLConfigurationChanged',
  'PostgreSQLConnectionPoolExhausted',
  'PostgreSQLDeadlocks',
  'PostgreSQLDown',
  'PostgreSQLHighQueryDuration',
  'PostgreSQLInvalidIndex',
  'PostgreSQLMasterLogin',
  'PostgreSQLMetricsMissing',
  'PostgreSQLParametersPending',
  'PostgreSQLReplicaBroken',
  'PostgreSQLReplicationLag',
  'PostgreSQLReplicationLagCritical',
  'PostgreSQLReplicationSlotInactive',
  'PostgreSQLRestarted',
  'PostgreSQLSessionsBlocked',
  'PostgreSQLTableBloat',
  'PostgreSQLTooManyConnections',
  'PostgreSQLUnauthorizedAccessAttempts',
  'WebhookProcessingErrors',
];

test('production is rehearsed, and nothing is left behind', async () => {
  const { exit, output } = startRehearsal(folder);
  expect([await exit, output()]).toEqual([
    [0, null],
    expect.stringContaining('production holds what it promises here'),
  ]);
  const report = JSON.parse(readFileSync(join(folder.report, 'rehearsal.json'), 'utf8')) as RehearsalReport;
  expect(report).toMatchObject({
    environment: 'production',
    postgres: '15.18',
    cluster: { primary: 'primary', replicas: ['replica-1', 'replica-2'] },
    migrations: readdirSync(join(ROOT, 'lambda/migrations')).filter((name) => /^\d/.test(name)),
    restore: { table: 'messages', tableRecovered: true, tablesDiffering: [], leftovers: 0 },
    failover: { killed: 'primary', promoted: 'replica-2', fenced: true, rebuilt: true, behind: [], lostAfterwards: 0 },
    import: { lost: 0, checksumsDiffer: 0, backLost: 0 },
    failures: [],
    ok: true,
  });
  expect(report.import!.rows).toBeGreaterThanOrEqual(200_000);
  expect(report.import!.acknowledged).toBeGreaterThan(1000);
  expect(report.failover!.acknowledged).toBeGreaterThanOrEqual(500);
  expect(report.failover!.secondsToFirstWrite).toBeGreaterThan(0);
  expect(report.restore!.brokenCopies!.filter(({ refused }) => !refused)).toEqual([]);
  expect(report.restore!.brokenCopies!.length).toBeGreaterThanOrEqual(20);
  expect(report.restore!.rowsFound).toBe(report.restore!.rowsExpected);
  expect(report.restore!.rowsExpected).toBeGreaterThan(1100);
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(report.checks.length).toBeGreaterThanOrEqual(8);
  expectRoles(report);
  expect(report.logs).toMatchObject({
    hits: [],
    servers: expect.arrayContaining(['primary', 'replica-1', 'replica-2']) as string[],
  });
  expect(report.logs.lines).toBeGreaterThan(100);
  expect(report.speedUp.patterns.map(({ name, index }) => [name, index])).toEqual([
    ['salon messages', 'idx_message_salon_created'],
    ['conversation messages', 'idx_message_conversation_created'],
    ['AI history by conversation', 'idx_ai_msg_conv_created'],
  ]);
  for (const { beforeMs, afterMs, ratio } of report.speedUp.patterns) expect(ratio).toBeCloseTo(beforeMs / afterMs, 9);
  const proven = report.alarms.filter(({ provoked, transitions }) => provoked && transitions.join() === 'OK,ALARM,OK');
  expect(new Set(proven.map(({ name }) => name))).toEqual(new Set(PROVEN));
  expect(proven.filter(({ measured }) => !measured?.values.length).map(({ name }) => name)).toEqual([]);
  expect(report.alarmsNotProven).toEqual([]);
  expect(report.alarms.filter(({ provoked }) => !provoked).map(({ transitions }) => transitions.join())).toEqual(
    report.alarms.filter(({ provoked }) => !provoked).map(() => 'OK,ALARM,OK'),
  );
  expect(report.alarms.length).toBeGreaterThan(100);
  expect(report.crossTalk.filter(({ why }) => why === undefined)).toEqual([]);
  expect(report.eventRules.every(({ matched, refused }) => matched > 0 && refused > 0)).toBe(true);
  expect(report.readiness.after.score).toBeGreaterThan(report.readiness.before.score);
  expect(readFileSync(join(folder.report, 'rehearsal.html'), 'utf8')).toContain(
    'production holds what it promises here',
  );
  expect(folder.servers()).toEqual([]);
  expect(folder.serverFolders()).toEqual([]);
});

/** Every role tried every action, with the expected outcome. */
function expectRoles({ privileges, roles }: RehearsalReport): void {
  expect(privileges.length).toBeGreaterThanOrEqual(100);
  expect(privileges.flatMap(({ surprises }) => surprises)).toEqual([]);
  expect(roles.map(({ role, allowed, refused }) => [role, allowed.length + refused])).toEqual(
    Object.keys(privileges[0]!.outcomes).map((role) => [role, privileges.length]),
  );
}
