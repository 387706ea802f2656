import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, escapeLiteral } from 'pg';
import { takeBaseBackup } from '../../../local-postgres/replicas/base-backup';
import type { Cluster } from '../../../local-postgres/cluster';
import type { RunFolder } from '../../../local-postgres/run-folder';
import type { PostgresServer } from '../../../local-postgres/server';

/** Longest time that a commit may be missing from the archive, seconds. On RDS it is about five minutes. */
export const ARCHIVE_INTERVAL_SECONDS = 4;
/** archive_timeout, seconds. It is shorter than the interval because the server may be a second late and copying takes time. */
const ARCHIVE_TIMEOUT_SECONDS = 2;
/** Time between two marks: transactions that show how far the archive reaches. */
const MARK_INTERVAL_MS = 100;
/** Longest wait for the archive. */
const ARCHIVE_TIMEOUT_MS = 30_000;

/** A moment by the primary's clock, and the WAL file that contains a commit after it. */
interface Mark {
  readonly at: Date;
  readonly walFile: string;
}

/**
 * Stands in for the automated backups of RDS: a base backup and an archive of every WAL file. The database can be restored to any moment
 * from the end of the base backup to the last archived commit.
 */
export class AutomatedBackups {
  private readonly marks: Mark[] = [];
  private timer: NodeJS.Timeout | undefined;
  private marking: Promise<void> = Promise.resolve();

  private constructor(
    /** Folder of the base backup. */
    readonly base: string,
    /** Folder of the archived WAL files. */
    readonly archive: string,
    /** Earliest moment that can be restored. */
    readonly earliestRestorableTime: Date,
    private readonly session: Client,
    private readonly primary: PostgresServer,
  ) {}

  /** Enables archiving and takes the base backup. */
  static async start(cluster: Cluster, folder: RunFolder): Promise<AutomatedBackups> {
    const [base, archive] = [join(folder.path, 'base-backup'), join(folder.path, 'wal-archive')];
    mkdirSync(archive);
    folder.give(archive);
    const session = await cluster.connect(cluster.primary, cluster.superuser);
    // The copy is renamed when it is complete, so that a partial file is never read.
    const command = `cp "%p" "${archive}/%f.tmp" && mv "${archive}/%f.tmp" "${archive}/%f"`;
    await session.query(`ALTER SYSTEM SET archive_command TO ${escapeLiteral(command)}`);
    await session.query(`ALTER SYSTEM SET archive_timeout TO '${ARCHIVE_TIMEOUT_SECONDS}s'`);
    await session.query('SELECT pg_reload_conf()');
    const { lastWalFile, consistentAt } = await takeBaseBackup(session, folder, cluster.primary.dataFolder, base);
    const backups = new AutomatedBackups(base, archive, roundUp(consistentAt), session, cluster.primary);
    // The end of the base backup and a first mark after it must be in the archive.
    await sleep(5);
    await backups.mark();
    await session.query('SELECT pg_switch_wal()');
    await backups.until(
      () => backups.isArchived(lastWalFile) && backups.latestRestorableTime() > backups.earliestRestorableTime,
    );
    // Errors are ignored: while the primary is down it commits nothing, and the restorable window ends there.
    backups.timer = setInterval(() => {
      backups.marking = backups.mark().catch(() => undefined);
    }, MARK_INTERVAL_MS);
    return backups;
  }

  /** Latest moment that can be restored: everything that was committed before it is in the archive. */
  latestRestorableTime(): Date {
    return this.marks.findLast(({ walFile }) => this.isArchived(walFile))?.at ?? this.earliestRestorableTime;
  }

  /**
   * Waits until a moment can be restored.
   * @throws Error when this takes more than 30 seconds
   */
  async untilRestorable(moment: Date): Promise<void> {
    await this.until(() => this.latestRestorableTime() >= moment);
  }

  /** Disables archiving and deletes the backups. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.marking;
    try {
      await this.session.query('ALTER SYSTEM RESET archive_command');
      await this.session.query('ALTER SYSTEM RESET archive_timeout');
      await this.session.query('SELECT pg_reload_conf()');
    } finally {
      await this.session.end();
      for (const folder of [this.base, this.archive])
        rmSync(folder, { recursive: true, maxRetries: 5, retryDelay: 50 });
    }
  }

  private async until(isArchived: () => boolean): Promise<void> {
    const deadline = Date.now() + ARCHIVE_TIMEOUT_MS;
    while (!isArchived()) {
      if (Date.now() > deadline) throw new Error(`WAL was not archived within 30 s:\n${this.primary.lastLogLines()}`);
      await sleep(20);
    }
  }

  private isArchived(walFile: string): boolean {
    return existsSync(join(this.archive, walFile));
  }

  /**
   * Commits a transaction with a commit record: recovery to a moment stops at the first commit after the moment, so there must be one.
   * The transaction changes nothing, so the server may not have written its record yet: the insert position is used, not the write
   * position.
   */
  private async mark(): Promise<void> {
    const results = (await this.session.query(
      `BEGIN; SELECT clock_timestamp() AS at, pg_current_xact_id(); COMMIT;
       SELECT pg_walfile_name(pg_current_wal_insert_lsn()) AS file`,
    )) as unknown as { rows: { at: Date; file: string }[] }[];
    const [at, walFile] = [results[1]?.rows[0]?.at, results[3]?.rows[0]?.file];
    if (at && walFile !== undefined) this.marks.push({ at, walFile });
  }
}

/** Adds a millisecond, because the driver drops microseconds. */
function roundUp(time: Date): Date {
  return new Date(time.getTime() + 1);
}
