import { type BackupJob, ListBackupJobsCommand } from '@aws-sdk/client-backup';
import { formatMemory } from '../../../lib/contract/care/formats';
import type { Question } from '../aws';
import { allPages } from '../pages';

/** The nightly backup is planned for 02:00 UTC, starts up to an hour later, and may still run at the digest: the next one sees how it ended. */
const HOURS = 26;
const HOUR_MS = 3_600_000;
/** Ends of a job without a backup (AWS Backup API Reference, BackupJob). */
const ENDED_BADLY: readonly (string | undefined)[] = ['FAILED', 'ABORTED', 'EXPIRED', 'PARTIAL'];

/** The jobs of AWS Backup since the last digest. */
export const backups: Question = {
  title: 'Backups',
  applies: ({ backedUp }) => backedUp !== undefined,
  ask: async ({ backup }, { backedUp }, now) => {
    const wanted = { ByResourceArn: backedUp, ByCreatedAfter: new Date(now.getTime() - HOURS * HOUR_MS) };
    const pages = await allPages((NextToken) => backup.send(new ListBackupJobsCommand({ ...wanted, NextToken })));
    return decide(pages.flatMap(({ BackupJobs = [] }) => BackupJobs));
  },
};

/** A completed backup is fine, and so is one that has not ended yet; none, or one that ended without a backup, is to be looked at. */
function decide(jobs: readonly BackupJob[]): Awaited<ReturnType<Question['ask']>> {
  const bad = jobs.filter(({ State }) => ENDED_BADLY.includes(State));
  const completed = jobs.filter(({ State }) => State === 'COMPLETED');
  const running = jobs.length - bad.length - completed.length;
  const sizes = completed.flatMap(({ BackupSizeInBytes }) => BackupSizeInBytes ?? []);
  return {
    state: bad.length > 0 || completed.length + running === 0 ? 'look' : 'fine',
    lines: [
      `${completed.length} completed in ${HOURS} h${sizes.length > 0 ? `, the largest ${formatMemory(Math.max(...sizes))}` : ''}${running > 0 ? `; ${running} not ended` : ''}`,
      ...bad.map(
        ({ BackupJobId, State, StatusMessage }) => `${BackupJobId}: ${State}, ${StatusMessage ?? 'without a reason'}`,
      ),
    ],
  };
}
