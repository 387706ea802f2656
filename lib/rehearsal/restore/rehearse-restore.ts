import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DrillState } from '../../contract/drill-state';
import type { EnvironmentAssembly } from '../../assembly/environment-assembly';
import type { Address, Cluster } from '../../local-postgres/cluster';
import type { RunFolder } from '../../local-postgres/run-folder';
import { ARCHIVE_INTERVAL_SECONDS, AutomatedBackups } from './local-rds/automated-backups';
import { comparedWithCopies, restoreFiles, timeToCopy } from './copy-baseline';
import { DeployedDrill } from './deployed-drill';
import { differing, type Fingerprint, fingerprint, fingerprints } from './fingerprint';
import { LocalRds } from './local-rds/local-rds';
import { addMarkedRows, addMessages, fill, keepBeating } from './restore-data';
import type { RestoreReport } from './restore-report';

/** The table that is lost. */
const TABLE = 'messages';

/** What to restore. */
export interface RestoreRehearsal {
  readonly assembly: EnvironmentAssembly;
  /** Migrated. It loses a table. */
  readonly cluster: Cluster;
  readonly folder: RunFolder;
  readonly database: string;
  /** How much data to restore, gigabytes; the restore's time is then compared with a copy's. Default: a few rows. */
  readonly sizeGb?: number;
}

/**
 * Drops a table at a known moment, has the deployed drill restore the database to just before it and recover that table alone, and
 * compares every row.
 * @returns undefined where the environment has no drills
 * @throws Error with the drill's own reason where it fails
 */
export async function rehearseRestore(rehearsal: RestoreRehearsal): Promise<RestoreReport | undefined> {
  const { assembly, cluster, folder, database, sizeGb } = rehearsal;
  const drill = await DeployedDrill.load(assembly, cluster, database);
  if (!drill) return undefined;
  const admin = await cluster.connect(cluster.primary);
  const heart = await cluster.connect(cluster.primary);
  let backups: AutomatedBackups | undefined;
  try {
    await addMarkedRows(admin, 1000);
    if (sizeGb !== undefined) await fill(admin, 'before-backup', sizeGb * 0.9);
    backups = await AutomatedBackups.start(cluster, folder);
    // The rest is in the archived WAL alone.
    if (sizeGb !== undefined) await fill(admin, 'after-backup', sizeGb * 0.1);
    const stopBeating = keepBeating(heart);
    await addMessages(admin, 'before', 100);
    const target = await momentBetweenCommits();
    const expected = await fingerprints(admin);
    await addMessages(admin, 'after', 20);
    await admin.query(`DROP TABLE ${TABLE}`);
    const archiveLagSeconds = (Date.now() - backups.latestRestorableTime().getTime()) / 1000;
    await backups.untilRestorable(target);
    await stopBeating();

    const needed = restoreFiles(backups);
    const copiedBefore = sizeGb === undefined ? undefined : await timeToCopy(needed, folder);
    const rds = new LocalRds({
      folder,
      cluster,
      backups,
      servers: drill.servers(backups.earliestRestorableTime),
      parameterGroups: drill.parameterGroups(),
    });
    let found: Fingerprint[] = [];
    const onValidated = async (copy: Address) => void (found = await fingerprintsOf(copy, cluster));
    const input = { targetTime: target.toISOString(), table: TABLE, keepTable: true };
    const { execution, state } = await drill.run(input, `rehearsal-${target.getTime()}`, { rds, onValidated });
    if (!state) throw new Error(`the restore drill failed: ${execution.cause}`);
    const copiedAfter = sizeGb === undefined ? undefined : await timeToCopy(needed, folder);
    const before = expected.filter(({ table }) => table === TABLE);
    const after = await fingerprint(admin, 'recovery', (state.recovery?.copy ?? '').replace('recovery.', ''));
    return {
      targetTime: input.targetTime,
      ...measured(state),
      archiveLagSeconds,
      archiveIntervalSeconds: ARCHIVE_INTERVAL_SECONDS,
      rowsExpected: sum(expected),
      rowsFound: sum(found),
      tablesDiffering: differing(expected, found),
      table: TABLE,
      tableRecovered: differing(before, [{ ...after, table: TABLE }]).length === 0,
      leftovers: leftovers(rds, folder, 1 + cluster.replicas.length),
      bytes: needed.reduce((bytes, each) => bytes + each.bytes, 0),
      ...(copiedBefore === undefined || copiedAfter === undefined
        ? {}
        : comparedWithCopies(measured(state).rtoSeconds.restore, [copiedBefore, copiedAfter])),
    };
  } finally {
    await Promise.allSettled([admin.end(), heart.end(), backups?.stop()]);
  }
}

/** A moment after everything that is committed, and before everything that will be. */
async function momentBetweenCommits(): Promise<Date> {
  await sleep(5);
  const moment = new Date();
  await sleep(5);
  return moment;
}

async function fingerprintsOf(server: Address, cluster: Cluster): Promise<Fingerprint[]> {
  const session = await cluster.connect(server);
  try {
    return await fingerprints(session);
  } finally {
    await session.end();
  }
}

function measured({ measured: phases }: DrillState): Pick<RestoreReport, 'rtoSeconds' | 'rpoSeconds'> {
  if (!phases) throw new Error('the restore drill succeeded without measuring anything');
  return {
    rtoSeconds: {
      restore: phases.restoreSeconds,
      connect: phases.connectSeconds,
      validate: phases.validateSeconds,
      total: phases.recoveryTimeSeconds,
    },
    rpoSeconds: phases.recoveryPointSeconds,
  };
}

function leftovers(rds: LocalRds, folder: RunFolder, servers: number): number {
  return rds.identifiers.length - servers + readdirSync(folder.path).filter((name) => /^restored-/.test(name)).length;
}

function sum(tables: readonly Fingerprint[]): number {
  return tables.reduce((total, { rows }) => total + rows, 0);
}
