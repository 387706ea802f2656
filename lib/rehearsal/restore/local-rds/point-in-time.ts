import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Settings, writeConfiguration, writeOwned } from '../../../local-postgres/configuration';
import { copyTree } from '../../../local-postgres/copy-tree';
import type { RunFolder } from '../../../local-postgres/run-folder';
import type { PostgresServer } from '../../../local-postgres/server';
import type { AutomatedBackups } from './automated-backups';

/** Longest time that a restored server may take to replay its WAL. */
const RECOVERY_SECONDS = 600;

/** A restore to do. */
export interface PointInTimeRestore {
  readonly folder: RunFolder;
  readonly backups: AutomatedBackups;
  /** The new server, without data yet. */
  readonly server: PostgresServer;
  /** Every transaction that was committed up to this moment is in it, and none after. */
  readonly target: Date;
  /** Settings of its parameter group. */
  readonly settings: Settings;
  /** Whether the archive can be read. Default true; false makes the recovery fail as a lost archive does. */
  readonly archiveReadable?: boolean;
}

/**
 * Restores a database to a moment, as PostgreSQL does it: a copy of the base backup, the archived WAL on top, up to the target, and
 * then a timeline of its own. Ends when the server takes writes.
 * @throws Error with the last lines of the server's log when the recovery fails
 */
export async function restoreToPointInTime(restore: PointInTimeRestore): Promise<void> {
  const { folder, backups, server, target, settings, archiveReadable = true } = restore;
  await copyTree(backups.base, server.dataFolder, { owner: folder.serverUser });
  writeConfiguration(folder, server.name, settings, {
    archive_mode: 'off',
    restore_command: archiveReadable ? `cp "${join(backups.archive, '%f')}" "%p"` : 'false',
    // PostgreSQL takes no "Z" here.
    recovery_target_time: target.toISOString().replace('T', ' ').replace('Z', '+00'),
    recovery_target_action: 'promote',
    // Nobody is let in before the recovery is through.
    hot_standby: 'off',
  });
  writeOwned(folder, `${server.name}/recovery.signal`, '');
  await server.start(RECOVERY_SECONDS);
}

/** Ends a restored server and removes all that there was of it. */
export async function removeServer(server: PostgresServer): Promise<void> {
  await server.kill();
  rmSync(server.dataFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  rmSync(server.logFile, { force: true });
}
