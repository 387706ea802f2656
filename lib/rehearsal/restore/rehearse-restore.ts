import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { EnvironmentAssembly } from '../../assembly/environment-assembly';
import type { DrillState } from '../../contract/drill/state';
import type { Address, Cluster } from '../../local-postgres/cluster';
import type { RunFolder } from '../../local-postgres/run-folder';
import { compareWithCopies, restoreFiles, timeToCopy } from './copy-baseline';
import { BREAKS } from './broken-copies';
import { deployedChecks } from './deployed-checks';
import { DeployedDrill, type ValidatedCopy } from './deployed-drill';
import { differingTables, fingerprintCopy, fingerprintTables, type TableFingerprint } from './fingerprint';
import { ARCHIVE_INTERVAL_SECONDS, AutomatedBackups } from './local-rds/automated-backups';
import { LocalRds } from './local-rds/local-rds';
import { addMarkedRows, addMessages, ageMigrations, fillToSize, keepHeartbeat } from './restore-data';
import type { RestoreReport } from './restore-report';
import { type TriedCopies, tryBrokenCopies } from './try-broken-copies';

/** The table that is dropped. */
const TABLE = 'messages';

/** Longest time of the restore of a gigabyte, seconds: ten times what it takes on two processors. */
export const RESTORE_SECONDS_PER_GB = 600;

/** Options of a rehearsed restore. */
export interface RestoreRehearsal {
  readonly assembly: EnvironmentAssembly;
  /** Migrated. It loses a table. */
  readonly cluster: Cluster;
  readonly folder: RunFolder;
  readonly database: string;
  /** Size of the data, gigabytes; the restore's time is then compared with a copy's. Default: a few rows. */
  readonly sizeGb?: number;
}

/** A dropped table: what must come back. */
interface TableLoss {
  /** Moment just before the table was dropped. */
  readonly target: Date;
  /** All tables at that moment. */
  readonly expected: readonly TableFingerprint[];
  /** How far the archive was behind when the table was dropped. */
  readonly archiveLagSeconds: number;
}

/**
 * Drops a table at a known moment, has the deployed drill restore the database to just before it and recover that table alone, and
 * compares every row.
 * @returns undefined where the environment has no drills
 * @throws Error with the drill's own reason where the drill fails
 */
export async function rehearseRestore(rehearsal: RestoreRehearsal): Promise<RestoreReport | undefined> {
  const { assembly, cluster, folder, database, sizeGb } = rehearsal;
  const drill = await DeployedDrill.load(assembly, cluster, database);
  if (!drill) return undefined;
  const admin = await cluster.connect(cluster.primary);
  const heartbeatSession = await cluster.connect(cluster.primary);
  let backups: AutomatedBackups | undefined;
  try {
    await addMarkedRows(admin, 1000);
    await ageMigrations(admin);
    if (sizeGb !== undefined) await fillToSize(admin, 'before-backup', sizeGb * 0.9);
    backups = await AutomatedBackups.start(cluster, folder);
    // The remaining rows are in the archived WAL only.
    if (sizeGb !== undefined) await fillToSize(admin, 'after-backup', sizeGb * 0.1);
    const stopHeartbeat = keepHeartbeat(heartbeatSession);
    const loss = await dropTable(admin, backups).catch(async (error: unknown) => {
      // The first error is the cause; the heartbeat may have failed for the same reason.
      await stopHeartbeat().catch(() => undefined);
      throw error;
    });
    await stopHeartbeat();
    return await restoreAndCompare(rehearsal, drill, backups, loss, admin);
  } finally {
    await Promise.allSettled([admin.end(), heartbeatSession.end(), backups?.stop()]);
  }
}

/** Writes rows before and after a moment, then drops the table. Waits until the moment can be restored. */
async function dropTable(admin: Client, backups: AutomatedBackups): Promise<TableLoss> {
  await addMessages(admin, 'before', 100);
  const target = await momentBetweenCommits();
  const expected = await fingerprintTables(admin);
  await addMessages(admin, 'after', 20);
  await admin.query(`DROP TABLE ${TABLE}`);
  const archiveLagSeconds = (Date.now() - backups.latestRestorableTime().getTime()) / 1000;
  await backups.untilRestorable(target);
  return { target, expected, archiveLagSeconds };
}

async function restoreAndCompare(
  { assembly, cluster, folder, sizeGb }: RestoreRehearsal,
  drill: DeployedDrill,
  backups: AutomatedBackups,
  { target, expected, archiveLagSeconds }: TableLoss,
  admin: Client,
): Promise<RestoreReport> {
  const files = restoreFiles(backups);
  const copiedBefore = sizeGb === undefined ? undefined : await timeToCopy(files, folder);
  const rds = new LocalRds({
    folder,
    cluster,
    backups,
    servers: drill.servers(backups.earliestRestorableTime),
    parameterGroups: drill.parameterGroups(),
  });
  let found: TableFingerprint[] = [];
  let tried: TriedCopies | undefined;
  const onValidated = async (copy: ValidatedCopy) => {
    found = await fingerprintServer(copy.address, cluster);
    // Each check of a gigabyte takes seconds.
    if (sizeGb === undefined) tried = await breakCopy(assembly, cluster, copy);
  };
  const input = { targetTime: target.toISOString(), table: TABLE };
  const { execution, state } = await drill.run(input, `rehearsal-${target.getTime()}`, {
    rds,
    onValidated,
    ...(sizeGb !== undefined && { moreSeconds: RESTORE_SECONDS_PER_GB * Math.max(1, sizeGb) }),
  });
  if (!state) throw new Error(`the restore drill failed: ${execution.cause}`);
  const copiedAfter = sizeGb === undefined ? undefined : await timeToCopy(files, folder);
  const before = expected.filter(({ table }) => table === TABLE);
  const recovered = await fingerprintCopy(admin, (state.recovery?.copy ?? '').replace('recovery.', ''));
  const times = measuredTimes(state);
  return {
    targetTime: input.targetTime,
    ...times,
    archiveLagSeconds,
    archiveIntervalSeconds: ARCHIVE_INTERVAL_SECONDS,
    rowsExpected: totalRows(expected),
    rowsFound: totalRows(found),
    tablesDiffering: differingTables(expected, found),
    table: TABLE,
    tableRecovered: differingTables(before, [{ ...recovered, table: TABLE }]).length === 0,
    ...tried,
    leftovers: countLeftovers(rds, folder, 1 + cluster.replicas.length),
    bytes: files.reduce((total, { bytes }) => total + bytes, 0),
    ...(copiedBefore === undefined || copiedAfter === undefined
      ? {}
      : compareWithCopies(times.rtoSeconds.restore, [copiedBefore, copiedAfter])),
  };
}

async function breakCopy(
  assembly: EnvironmentAssembly,
  { connect, superuser }: Cluster,
  copy: ValidatedCopy,
): Promise<TriedCopies> {
  const session = await connect(copy.address, superuser);
  try {
    return await tryBrokenCopies(session, BREAKS, await deployedChecks(assembly, copy));
  } finally {
    await session.end();
  }
}

/** A moment that is certainly after the commits so far and before those that follow. */
async function momentBetweenCommits(): Promise<Date> {
  await sleep(5);
  const moment = new Date();
  await sleep(5);
  return moment;
}

async function fingerprintServer(server: Address, cluster: Cluster): Promise<TableFingerprint[]> {
  const session = await cluster.connect(server);
  try {
    return await fingerprintTables(session);
  } finally {
    await session.end();
  }
}

function measuredTimes({ measured }: DrillState): Pick<RestoreReport, 'rtoSeconds' | 'rpoSeconds'> {
  if (!measured) throw new Error('the restore drill succeeded, but its output has no measured times');
  return {
    rtoSeconds: {
      restore: measured.restoreSeconds,
      connect: measured.connectSeconds,
      validate: measured.validateSeconds,
      total: measured.recoveryTimeSeconds,
    },
    rpoSeconds: measured.recoveryPointSeconds,
  };
}

/** Counts instances beyond the given number, and folders and logs of restored servers. */
function countLeftovers(rds: LocalRds, folder: RunFolder, servers: number): number {
  return rds.identifiers.length - servers + readdirSync(folder.path).filter((name) => /^restored-/.test(name)).length;
}

function totalRows(tables: readonly TableFingerprint[]): number {
  return tables.reduce((total, { rows }) => total + rows, 0);
}
