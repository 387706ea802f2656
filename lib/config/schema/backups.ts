import { z } from 'zod';
import { instanceClass, region } from './fields';

/** The longest that AWS Backup keeps a snapshot, days (AWS Backup developer guide, "Backup plan options and configuration"). */
const LONGEST_DAYS = 36500;

/** Sentence that the configuration must contain for a lock that nobody can remove. */
export const IRREVERSIBLE = 'nobody, not even AWS, can undo this lock';

const keptDays = z.int().min(0).max(LONGEST_DAYS);
const lockDays = z.int().min(1).max(LONGEST_DAYS);
const limits = {
  /** Jobs with a shorter retention fail: at most the shortest retention, including point-in-time recovery. */
  minimumDays: lockDays,
  /** Jobs with a longer retention fail: at least the longest retention. */
  maximumDays: lockDays,
};

/** Vault Lock: nobody deletes a recovery point or shortens its retention (AWS Backup developer guide, "Vault Lock"). */
const vaultLock = z.discriminatedUnion(
  'mode',
  [
    /** A person with the permission may remove the lock. */
    z.strictObject({ mode: z.literal('governance'), ...limits }),
    z.strictObject({
      mode: z.literal('compliance'),
      ...limits,
      /** Days until the lock is final, at least 3. Until then it can be removed. */
      changeableForDays: z.int().min(3).max(LONGEST_DAYS),
      /** Afterwards the vaults cannot be deleted before their last recovery point has expired, whatever that costs. */
      acknowledged: z.literal(IRREVERSIBLE),
    }),
  ],
  { error: 'an object whose mode is "governance" or "compliance"' },
);

/**
 * Snapshots by AWS Backup, in addition to point-in-time recovery (`database.backupRetentionDays`; with 0 there are no backups at all).
 * AWS Backup has no cold storage for RDS.
 */
export const backupsSchema = z.strictObject({
  /** Days that the snapshot of each night (02:00 UTC) is kept. Default 7. */
  dailyDays: z.int().min(1).max(LONGEST_DAYS).default(7),
  /** Days that the snapshot of each Sunday is kept; 0: like the other days. Default 30. */
  weeklyDays: keptDays.default(30),
  /** Days that the snapshot of the first of each month is kept; 0: like the other days. Default 365. */
  monthlyDays: keptDays.default(365),
  /** Days that hourly snapshots are kept; 0: there are none. Not made at 00:00, at 02:00 and around maintenance. Default 0. */
  hourlyDays: keptDays.default(0),
  /** Locks all vaults of the environment, also the one in the recovery region. Default none. */
  vaultLock: vaultLock.optional(),
  /** Region that every nightly snapshot is copied to, with a separate stack. Default none: losing the region loses all backups. */
  recoveryRegion: region.optional(),
  /**
   * Vault in another account of the same organization, in this region, that the same snapshots are copied to. Its policy must allow this account
   * backup:CopyIntoBackupVault, its key must be customer-managed, and cross-account backup must be enabled in the organization (AWS
   * Backup developer guide, "Creating backup copies across AWS accounts"). Default none.
   */
  recoveryAccountVaultArn: z
    .string()
    .regex(
      /^arn:aws:backup:[a-z0-9-]+:\d{12}:backup-vault:[A-Za-z0-9_-]{2,50}$/,
      'the ARN of a backup vault, such as "arn:aws:backup:us-east-1:123456789012:backup-vault:name"',
    )
    .optional(),
  /**
   * Replication of snapshots and WAL to the recovery region by RDS: losing the region then loses minutes of data instead of a day.
   * Default none: it is unconfirmed that RDS supports it while AWS Backup manages the automated backups, and a refusal fails the
   * update of the primary. Try it in staging first. Where drills are on, the quarterly drill restores these backups in that region.
   */
  crossRegionPointInTime: z
    .strictObject({
      /** Days of point-in-time recovery there. Default 7. */
      retentionDays: z.int().min(1).max(35).default(7),
    })
    .optional(),
  /** Controls and daily reports by AWS Backup Audit Manager. Needs the recorder of AWS Config in the account. Default false. */
  audit: z.boolean().default(false),
  /** AWS Backup restores the newest snapshot on the first of each month, and a function checks the restored server. Default none. */
  restoreTesting: z
    .strictObject({
      /** Class of the restored server. Default: the primary's, so that the test takes as long as a recovery would. */
      instanceClass: instanceClass.optional(),
    })
    .optional(),
});
