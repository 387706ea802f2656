import type { Cluster } from '../../lib/local-postgres/cluster';
import { RunFolder } from '../../lib/local-postgres/run-folder';
import type { PostgresServer } from '../../lib/local-postgres/server';
import { rehearseMove } from '../../lib/move-rehearsal/move';
import { moveFailures, type MoveReport } from '../../lib/move-rehearsal/report';
import { addressOf, ROWS, run, startSource, startTarget, targetAddress } from '../import/servers';

let folder: RunFolder;
let target: Cluster;
let source: PostgresServer;

beforeAll(async () => {
  folder = new RunFolder();
  target = await startTarget(folder);
  source = await startSource(folder, 15);
  await run(addressOf(source), ROWS);
}, 120_000);
afterAll(() => folder?.dispose());

test('a database moves in and back under load, and what was measured says so', async () => {
  const report = await rehearseMove({
    from: addressOf(source),
    to: targetAddress(target),
    onProgress: () => undefined,
  });
  // With so few rows the fixed costs of the import outweigh the copy: only the whole rehearsal judges that.
  expect(moveFailures({ ...report, copySeconds: 0 })).toEqual([]);
  expect(report.rows).toBeGreaterThan(30_000);
  expect(report.acknowledged).toBeGreaterThan(100);
  expect(report.backAcknowledged).toBeGreaterThan(100);
  for (const seconds of [
    report.copySeconds,
    report.baselineSeconds,
    report.downtimeSeconds,
    report.backDowntimeSeconds,
  ])
    expect(seconds).toBeGreaterThan(0);
  const [{ found } = { found: true }] = await run<{ found: boolean }>(
    { ...targetAddress(target), database: 'postgres' },
    "SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'bare_copy') AS found",
  );
  expect(found).toBe(false);
}, 60_000);

const GOOD: MoveReport = {
  rows: 200_000,
  copySeconds: 3,
  baselineSeconds: 2,
  lagSeconds: 0,
  downtimeSeconds: 1,
  acknowledged: 1000,
  lost: 0,
  checksumsDiffer: 0,
  backDowntimeSeconds: 1,
  backAcknowledged: 1000,
  backLost: 0,
};

test.each<[Partial<MoveReport>, string]>([
  [{ lost: 1 }, 'the import lost 1 acknowledged rows'],
  [{ backLost: 2 }, 'the way back of the import lost 2 acknowledged rows'],
  [{ checksumsDiffer: 1 }, '1 tables differ by checksum after the import'],
  [{ downtimeSeconds: 5 }, 'the cutover of the import left clients without writes for 5.0 s; expected: under 5 s'],
  [{ backDowntimeSeconds: 7 }, 'the way back of the import left clients without writes for 7.0 s; expected: under 5 s'],
  [{ copySeconds: 4.1 }, 'the import copied in 4.1 s, a bare COPY in 2.0 s; expected: at most 2 times as long'],
])('%j is not what an import promises', (change, failure) => {
  expect(moveFailures(GOOD)).toEqual([]);
  expect(moveFailures({ ...GOOD, ...change })).toEqual([failure]);
});
