import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, escapeLiteral } from 'pg';
import { takeBaseBackup } from '../../../local-postgres/base-backup';
import type { Cluster } from '../../../local-postgres/cluster';
import type { RunFolder } from '../../../local-postgres/run-folder';
import type { PostgresServer } from '../../../local-postgres/server';

/** Longest time that something committed may stay out of the archive, seconds. On RDS it is about five minutes. */
export const ARCHIVE_INTERVAL_SECONDS = 4;
/** archive_timeout, seconds: the server counts whole seconds and may be one late, and the copying takes its time, too. */
const ARCHIVE_TIMEOUT_SECONDS = 2;
/** Between two transactions that show later how far the archive reaches. */
const MARK_INTERVAL_MS = 100;
/** Longest wait for the archive. */
const ARCHIVE_TIMEOUT_MS = 30_000;

/** A moment of the primary, and the WAL file that holds a commit after it. */
interface Mark {
  readonly at: Date;
  readonly walFile: string;
}

/**
 * What RDS does for a database whose backups are on: a base backup, and every WAL file in an archive beside it. The database can be
 * restored to any moment from the end of the base backup to the last archived commit.
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
    /** Start of the window of moments to restore to. */
    readonly earliestRestorableTime: Date,
    private readonly session: Client,
    private readonly primary: PostgresServer,
  ) {}

  /** Switches archiving on and takes the base backup. */
  static async start(cluster: Cluster, folder: RunFolder): Promise<AutomatedBackups> {
    const [base, archive] = [join(folder.path, 'base-backup'), join(folder.path, 'wal-archive')];
    mkdirSync(archive);
    folder.give(archive);
    const session = await cluster.connect(cluster.primary, cluster.superuser);
    // Moved into place when it is whole, so that nobody reads half a file.
    const command = `cp "%p" "${archive}/%f.tmp" && mv "${archive}/%f.tmp" "${archive}/%f"`;
    await session.query(`ALTER SYSTEM SET archive_command TO ${escapeLiteral(command)}`);
    await session.query(`ALTER SYSTEM SET archive_timeout TO '${ARCHIVE_TIMEOUT_SECONDS}s'`);
    await session.query('SELECT pg_reload_conf()');
    const { lastWalFile, consistentAt } = await takeBaseBackup(session, folder, cluster.primary.dataFolder, base);
    const backups = new AutomatedBackups(base, archive, roundUp(consistentAt), session, cluster.primary);
    // Both the end of the base backup and a first moment after it have to be in the archive.
    await sleep(5);
    await backups.mark();
    await session.query('SELECT pg_switch_wal()');
    await backups.until(
      () => backups.isArchived(lastWalFile) && backups.latestRestorableTime() > backups.earliestRestorableTime,
    );
    // A primary that is down commits nothing: the window just ends there.
    backups.timer = setInterval(() => {
      backups.marking = backups.mark().catch(() => undefined);
    }, MARK_INTERVAL_MS);
    return backups;
  }

  /** End of the window: everything that was committed up to then is in the archive. */
  latestRestorableTime(): Date {
    return this.marks.findLast(({ walFile }) => this.isArchived(walFile))?.at ?? this.earliestRestorableTime;
  }

  /**
   * Waits until the window reaches beyond a moment.
   * @throws Error when it does not within half a minute
   */
  async untilRestorable(moment: Date): Promise<void> {
    await this.until(() => this.latestRestorableTime() >= moment);
  }

  /** Ends the archiving and removes the backups. */
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
      if (Date.now() > deadline) throw new Error(`WAL is not archived:\n${this.primary.lastLogLines()}`);
      await sleep(20);
    }
  }

  private isArchived(walFile: string): boolean {
    return existsSync(join(this.archive, walFile));
  }

  /**
   * One transaction with a commit record: recovery to a moment stops at the first commit after it, so there has to be one. It changed
   * nothing, so that the server need not have written it yet: the position is that of insertion.
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

/** The driver cuts microseconds off. */
function roundUp(time: Date): Date {
  return new Date(time.getTime() + 1);
}
