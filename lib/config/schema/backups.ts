import { z } from 'zod';
import { instanceClass, region } from './fields';

/** The longest that AWS Backup keeps a snapshot, days (AWS Backup developer guide, "Backup plan options and configuration"). */
const LONGEST_DAYS = 36500;

/** Stands in the configuration of whoever wants a lock that nobody can take off again. */
export const IRREVERSIBLE = 'nobody, not even AWS, can undo this lock';

const keptDays = z.int().min(0).max(LONGEST_DAYS);
const lockDays = z.int().min(1).max(LONGEST_DAYS);
const limits = {
  /** Jobs that ask for less fail: at most the shortest retention, point-in-time recovery's included. */
  minimumDays: lockDays,
  /** Jobs that ask for more fail: at least the longest retention. */
  maximumDays: lockDays,
};

/** Vault Lock: nobody deletes a recovery point, or shortens its life, before its time (AWS Backup developer guide, "Vault Lock"). */
const vaultLock = z.discriminatedUnion(
  'mode',
  [
    /** A person with the permission may take the lock off. */
    z.strictObject({ mode: z.literal('governance'), ...limits }),
    z.strictObject({
      mode: z.literal('compliance'),
      ...limits,
      /** Days until the lock is final, 3 at least. Until then it can be taken off. */
      changeableForDays: z.int().min(3).max(LONGEST_DAYS),
      /** Afterwards the vaults cannot go before their last recovery point has expired, whatever that costs. */
      acknowledged: z.literal(IRREVERSIBLE),
    }),
  ],
  { error: 'an object whose mode is "governance" or "compliance"' },
);

/**
 * Snapshots by AWS Backup beside point-in-time recovery, which is `database.backupRetentionDays`. RDS has no cold storage there.
 * Where that is 0 there are no backups at all.
 */
export const backupsSchema = z.strictObject({
  /** Days that the snapshot of each night (02:00 UTC) is kept. Default 7. */
  dailyDays: z.int().min(1).max(LONGEST_DAYS).default(7),
  /** Days that the snapshot of each Sunday is kept; 0: Sunday is a day like any other. Default 30. */
  weeklyDays: keptDays.default(30),
  /** Days that the snapshot of each month's first is kept; 0: none such. Default 365. */
  monthlyDays: keptDays.default(365),
  /** Days that hourly snapshots are kept; 0: there are none. None is made at 00:00 and 02:00 and around maintenance. Default 0. */
  hourlyDays: keptDays.default(0),
  /** Protects all vaults of the environment, the one in the recovery region included. Default none. */
  vaultLock: vaultLock.optional(),
  /** Region that every nightly and monthly snapshot is copied to, in a stack of its own. Default none: a lost region loses all. */
  recoveryRegion: region.optional(),
  /**
   * Vault in another account of the same organization, which the same snapshots are copied to. Its policy must allow
   * backup:CopyIntoBackupVault to this account, its key must be a customer's own, and the organization must have cross-account
   * backup switched on (AWS Backup developer guide, "Creating backup copies across AWS accounts"). Default none.
   */
  recoveryAccountVaultArn: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:backup:[a-z0-9-]+:\d{12}:backup-vault:[A-Za-z0-9_-]{2,50}$/,
      'the ARN of a backup vault, such as "arn:aws:backup:us-east-1:123456789012:backup-vault:name"',
    )
    .optional(),
  /**
   * RDS's own replication of snapshots and WAL to the recovery region: minutes instead of a day are lost with the region. Default
   * none, because nobody confirmed that RDS does it while AWS Backup manages the automated backups, and a refusal fails the update of
   * the primary; try it in staging first. Where drills are on, the quarterly one runs in the recovery region, from these backups.
   */
  crossRegionPointInTime: z
    .strictObject({
      /** Days of point-in-time recovery there. Default 7. */
      retentionDays: z.int().min(1).max(35).default(7),
    })
    .optional(),
  /** Evidence by AWS Backup Audit Manager: controls and daily reports. Needs AWS Config's recorder in the account. Default false. */
  audit: z.boolean().default(false),
  /** AWS Backup restores the newest snapshot on the first of each month, and a function looks into the copy. Default none. */
  restoreTesting: z
    .strictObject({
      /** Class of the restored server. Default: the primary's, so that the time it takes is the time that an outage would take. */
      instanceClass: instanceClass.optional(),
    })
    .optional(),
});

/** Backups, with all defaults filled in. */
export type BackupSettings = z.output<typeof backupsSchema>;
