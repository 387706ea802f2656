import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import * as drill from '../../../lambda/drill';
import * as drillCheck from '../../../lambda/drill-check';
import * as restoreValidation from '../../../lambda/restore-validation';
import { createApp } from '../../../lib/app';
import { EnvironmentAssembly } from '../../../lib/assembly/environment-assembly';
import type { Cluster } from '../../../lib/local-postgres/cluster';
import { RunFolder } from '../../../lib/local-postgres/run-folder';
import { AutomatedBackups } from '../../../lib/rehearsal/restore/local-rds/automated-backups';
import { type DrillContext, DeployedDrill, type DrillRun } from '../../../lib/rehearsal/restore/deployed-drill';
import { BREAKS } from '../../../lib/rehearsal/restore/broken-copies';
import { LocalRds } from '../../../lib/rehearsal/restore/local-rds/local-rds';
import { rehearseRestore } from '../../../lib/rehearsal/restore/rehearse-restore';
import { addMessages } from '../../../lib/rehearsal/restore/restore-data';
import type { PublishedNotification } from '../../../lib/rehearsal/restore/state-machine';
import { restoreFailures, summarizeRestore } from '../../../lib/rehearsal/restore/restore-report';
import { DATABASE, startMigratedCluster } from '../../support/database/migrated-cluster';
import { Rows } from '../../support/database/rows';

/** Jest cannot load the bundles, which are ES modules: here the handlers come from their sources. The test of the rehearsal runs the bundles. */
class SourceAssembly extends EnvironmentAssembly {
  override loadFunction<Module>(name: string): Promise<{ folder: string; module: Module }> {
    const modules: Record<string, unknown> = {
      drill,
      'drill-check': drillCheck,
      'restore-validation': restoreValidation,
    };
    return Promise.resolve({ folder: '', module: modules[name] as Module });
  }
}

let folder: RunFolder;
let assembly: EnvironmentAssembly;
let cluster: Cluster;
let admin: Client;
let deployed: DeployedDrill;
let backups: AutomatedBackups;
let rds: LocalRds;

beforeAll(async () => {
  folder = new RunFolder();
  const outdir = join(folder.path, 'cdk.out');
  createApp({ environments: ['production'], outdir, bundle: false }).synth();
  assembly = new SourceAssembly(outdir, 'production');
  ({ cluster, admin } = await startMigratedCluster(folder, 1));
}, 120_000);

afterAll(async () => {
  await admin?.end();
  folder.dispose();
});

/** Folders and logs of restored servers. */
function restoredFiles(): string[] {
  return readdirSync(folder.path).filter((name) => name.startsWith('restored-'));
}

/** Loads the drill and starts backups of a database with a few rows. */
async function startDrill(): Promise<void> {
  deployed = (await DeployedDrill.load(assembly, cluster, DATABASE))!;
  const rows = new Rows(admin);
  await rows.salon('rehearsed');
  await addMessages(admin, 'there', 10);
  await admin.query('INSERT INTO heartbeat (id, beat_at) VALUES (1, now())');
  backups = await AutomatedBackups.start(cluster, folder);
}

function newRds(): LocalRds {
  return new LocalRds({
    folder,
    cluster,
    backups,
    servers: deployed.servers(backups.earliestRestorableTime),
    parameterGroups: deployed.parameterGroups(),
  });
}

/** Runs the drill; whatever happens, it must notify once and leave nothing of the restored instance behind. */
async function run(name: string, context: Partial<DrillContext> = {}): Promise<DrillRun & { text: string }> {
  const outcome = await deployed.run({}, name, { rds, ...context });
  expect(outcome.notifications).toHaveLength(1);
  expect(rds.identifiers).toHaveLength(2);
  expect(restoredFiles()).toEqual([]);
  const [{ Subject, Message }] = outcome.notifications as [PublishedNotification];
  return { ...outcome, text: `${Subject}\n${Message['default']}` };
}

describe('the deployed drill with real restores', () => {
  beforeAll(startDrill, 60_000);
  afterAll(() => backups?.stop());
  beforeEach(() => void (rds = newRds()));

  test('succeeds, deletes the restored instance and notifies', async () => {
    const { execution, text } = await run('good');
    expect([execution.status, execution.cause]).toEqual(['SUCCEEDED', undefined]);
    expect(text).toMatch(/^Restore drill of production \(verification\) succeeded\n/);
  }, 30_000);

  test('the restored instance runs with the settings of the primary’s parameter group', () => {
    const { parameterGroup } = deployed.settings.restore;
    expect(deployed.parameterGroups()[parameterGroup]).toMatchObject({
      max_wal_size: expect.any(String) as string,
      log_statement: 'none',
    });
  });

  test('PostgreSQL cannot recover: the drill cleans up and says why', async () => {
    rds.faults.archiveUnreadable = true;
    const { execution, text } = await run('lost-archive');
    expect(execution).toMatchObject({ status: 'FAILED', error: 'RestoreDrillFailed' });
    expect(text).toContain(
      'Why: RestoreFailed: the restored instance has the status failed, from which it does not recover',
    );
  }, 30_000);

  test('the checks fail: the drill cleans up and says why', async () => {
    const foreignKey = 'FOREIGN KEY (salon_id) REFERENCES salons (id)';
    await admin.query(`ALTER TABLE messages ADD CONSTRAINT later ${foreignKey} NOT VALID`);
    await backups.untilRestorable(new Date());
    const { execution, text } = await run('damaged');
    expect(execution).toMatchObject({ status: 'FAILED', error: 'RestoreDrillFailed' });
    expect(text).toContain('Why: ValidationFailed: constraints are not validated: later');
    const moment = new Date();
    await admin.query('ALTER TABLE messages DROP CONSTRAINT later');
    await backups.untilRestorable(moment);
  }, 30_000);

  test('the instance never becomes available: the drill cleans up and says why', async () => {
    rds.faults.neverAvailable = true;
    const { execution, text } = await run('never', { restore: { timeoutMinutes: 0.005 } });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'RestoreDrillFailed' });
    expect(text).toContain('Why: RestoreTimedOut: the restored instance is not available after 0.005 minutes');
  }, 30_000);

  test('throttling and a deletion that fails once are retried', async () => {
    for (const action of ['RestoreDBInstanceToPointInTime', 'DescribeDBInstances', 'DeleteDBInstance'] as const) {
      rds.faults.throttle(action, 2);
    }
    rds.faults.fail('DeleteDBInstance', 1);
    const { execution } = await run('throttled');
    expect([execution.status, execution.cause]).toEqual(['SUCCEEDED', undefined]);
  }, 30_000);
});

test('a dropped table is recovered as it was just before, by checksum, and nothing is left behind', async () => {
  await admin.query('TRUNCATE salons CASCADE');
  const report = (await rehearseRestore({ assembly, cluster, folder, database: DATABASE }))!;
  expect(restoreFailures(report)).toEqual([]);
  expect(report).toMatchObject({ table: 'messages', tableRecovered: true, tablesDiffering: [], leftovers: 0 });
  // A salon, 1,000 messages, 500 bookings, 100 messages more after the base backup; none of those after the target time. The remaining rows are the migration history.
  const { rows } = await admin.query<{ rows: number }>('SELECT count(*)::int AS rows FROM _prisma_migrations');
  expect([report.rowsExpected, report.rowsFound]).toEqual([1601 + rows[0]!.rows, 1601 + rows[0]!.rows]);
  const { restore, connect, validate, total } = report.rtoSeconds;
  expect(restore).toBeGreaterThan(0);
  expect(restore + connect + validate).toBeCloseTo(total, 3);
  expect(report.rpoSeconds).toBeLessThan(report.archiveIntervalSeconds);
  expect(report.brokenCopies!.map(({ broken }) => broken)).toEqual(BREAKS.map(({ broken }) => broken));
  expect(report).not.toHaveProperty('copySeconds');
  expect(summarizeRestore(report)).toContain('messages recovered alone');
  expect((await admin.query("SELECT to_regclass('messages') AS live")).rows).toEqual([{ live: null }]);
  expect(restoredFiles()).toEqual([]);
}, 60_000);
