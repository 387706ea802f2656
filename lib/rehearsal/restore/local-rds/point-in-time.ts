import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Settings, writeConfiguration, writeOwned } from '../../../local-postgres/configuration';
import { copyTree } from '../../../local-postgres/copy-tree';
import type { RunFolder } from '../../../local-postgres/run-folder';
import type { PostgresServer } from '../../../local-postgres/server';
import type { AutomatedBackups } from './automated-backups';

/** Longest time that a restored server may take to replay WAL. */
const RECOVERY_SECONDS = 600;

/** Options of a restore. */
export interface PointInTimeRestore {
  readonly folder: RunFolder;
  readonly backups: AutomatedBackups;
  /** The new server, which has no data yet. */
  readonly server: PostgresServer;
  /** Moment to restore to: transactions that committed later are left out. */
  readonly target: Date;
  /** Settings of the server's parameter group. */
  readonly settings: Settings;
  /** False: the recovery fails as with a lost archive. Default true. */
  readonly archiveReadable?: boolean;
}

/**
 * Restores a database to a moment by PostgreSQL's point-in-time recovery: copies the base backup, replays the archived WAL up to the
 * target, then starts a new timeline. Resolves when the server accepts writes.
 * @throws Error with the last lines of the server's log when the recovery fails
 */
export async function restoreToPointInTime(restore: PointInTimeRestore): Promise<void> {
  const { folder, backups, server, target, settings, archiveReadable = true } = restore;
  await copyTree(backups.base, server.dataFolder, { owner: folder.serverUser });
  writeConfiguration(folder, server.name, settings, {
    archive_mode: 'off',
    restore_command: archiveReadable ? `cp "${join(backups.archive, '%f')}" "%p"` : 'false',
    // PostgreSQL does not accept "Z" here.
    recovery_target_time: target.toISOString().replace('T', ' ').replace('Z', '+00'),
    recovery_target_action: 'promote',
    // No log-ins before the recovery is complete.
    hot_standby: 'off',
  });
  writeOwned(folder, `${server.name}/recovery.signal`, '');
  await server.start(RECOVERY_SECONDS);
}

/** Ends a restored server and deletes its data and its log. */
export async function removeServer(server: PostgresServer): Promise<void> {
  await server.quit();
  rmSync(server.dataFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  rmSync(server.logFile, { force: true });
}
