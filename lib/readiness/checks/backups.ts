import { check, type Finding, failed, notSeen, passed, WEIGHTS } from '../check';
import { type Database, onlyRow, settings } from '../database';

/** WAL that is not archived for longer is lost with the server: the owner's limit for the recovery point is 5 minutes, and a quiet server switches files by archive_timeout only. */
const LATE_SECONDS = 3600;

interface Archiving {
  readonly mode: string;
  /** Whether a command or library is set that keeps something. Its text may hold credentials and is not repeated. */
  readonly keeps: boolean;
  readonly visible: boolean;
  readonly archived: number;
  readonly secondsSinceArchived: number | null;
  readonly failing: boolean;
  readonly isStandby: boolean;
  readonly vendor: string | undefined;
}

/** Commands that keep nothing. */
const DISCARDS = /^\s*(\/(usr\/)?bin\/)?(true|:|exit 0)?\s*$|^\(disabled\)$/;

async function read(database: Database): Promise<Archiving> {
  const values = await settings(database, ['archive_mode', 'archive_command', 'archive_library']);
  const { isStandby, vendor } = database.facts;
  const archiver = await onlyRow<{ archived: number; seconds: number | null; failing: boolean }>(
    database,
    `SELECT archived_count::float8 AS archived, extract(epoch FROM now() - last_archived_time)::float8 AS seconds,
            coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) AS failing FROM pg_stat_archiver`,
  );
  const destination = [values['archive_command'], values['archive_library']].filter((value) => value !== undefined);
  return {
    mode: values['archive_mode'] ?? 'off',
    keeps: destination.some((value) => !DISCARDS.test(value)),
    visible: destination.length > 0,
    archived: archiver.archived,
    secondsSinceArchived: archiver.seconds,
    failing: archiver.failing,
    isStandby,
    vendor,
  };
}

/** Judges the archiving of WAL, without which nothing can be restored to a moment. */
function decideArchiving(seen: Archiving): Finding {
  if (seen.isStandby) return notSeen('this is a standby; the primary archives', 'ask the primary');
  if (seen.mode === 'off') {
    return seen.vendor === undefined
      ? failed('archive_mode is off, so nothing can be restored to a moment')
      : notSeen(
          `archive_mode is off, and the backups of ${seen.vendor} cannot be seen from a session`,
          'look at its console for the latest restorable time',
        );
  }
  if (seen.visible && !seen.keeps)
    return failed(`archive_mode is ${seen.mode}, but the command or library keeps nothing`);
  if (seen.failing) return failed('the last attempt to archive WAL failed');
  if (seen.secondsSinceArchived === null) return failed('no WAL was archived since the statistics began');
  const minutes = Math.round(seen.secondsSinceArchived / 60);
  if (seen.secondsSinceArchived > LATE_SECONDS) return failed(`the last WAL was archived ${minutes} minutes ago`);
  return passed(`${seen.archived} WAL files archived, the last ${minutes} minutes ago`);
}

/** Backups, as far as a session sees them. */
export const BACKUP_CHECKS = [
  check({
    name: 'WAL is archived',
    area: 'backups',
    weight: WEIGHTS.loss,
    question: 'Is WAL archived now, so that the database can be restored to a moment?',
    action:
      'enable automated backups (on RDS a backup retention of some days), or archive_mode with a tool such as pgBackRest or WAL-G, and restore once',
    read,
    decide: decideArchiving,
  }),
];
