import { backupRules } from '../derived/backup-rules';
import type { Combination } from './combination';

/** Combinations of backup settings that AWS refuses, or that would silently lose a backup. */
export const BACKUP_COMBINATIONS: readonly Combination[] = [
  {
    reads: ['database.backupRetentionDays', 'backups'],
    refuses: ({ database, backups }) => {
      const asked = (
        ['vaultLock', 'recoveryRegion', 'recoveryAccountVaultArn', 'crossRegionPointInTime', 'restoreTesting'] as const
      ).filter((field) => backups[field] !== undefined);
      const named = [...asked, ...(backups.audit ? ['audit'] : []), ...(backups.hourlyDays > 0 ? ['hourlyDays'] : [])];
      return database.backupRetentionDays === 0 && named.length > 0
        ? `at least 1 with backups.${named.join(', backups.')}, which need backups`
        : undefined;
    },
  },
  {
    reads: ['backups.weeklyDays', 'backups.dailyDays'],
    refuses: ({ backups }) => notLonger(backups.weeklyDays, backups.dailyDays, 'dailyDays'),
  },
  {
    reads: ['backups.monthlyDays', 'backups.weeklyDays', 'backups.dailyDays'],
    refuses: ({ backups }) =>
      backups.weeklyDays > 0
        ? notLonger(backups.monthlyDays, backups.weeklyDays, 'weeklyDays')
        : notLonger(backups.monthlyDays, backups.dailyDays, 'dailyDays'),
  },
  {
    reads: ['backups.vaultLock.minimumDays', 'backups', 'database.backupRetentionDays', 'database.maintenanceWindow'],
    refuses: (config) => {
      const shortest = Math.min(...backupRules(config).flatMap(retentions));
      const { vaultLock } = config.backups;
      return vaultLock && vaultLock.minimumDays > shortest
        ? `at most ${shortest}, the shortest retention (database.backupRetentionDays included), or its jobs fail`
        : undefined;
    },
  },
  {
    reads: ['backups.vaultLock.maximumDays', 'backups', 'database.backupRetentionDays', 'database.maintenanceWindow'],
    refuses: (config) => {
      const { vaultLock } = config.backups;
      const longest = Math.max(...backupRules(config).flatMap(retentions));
      if (vaultLock && vaultLock.maximumDays < longest)
        return `at least ${longest}, the longest retention, or its jobs fail`;
      return vaultLock && vaultLock.maximumDays <= vaultLock.minimumDays ? 'more than minimumDays' : undefined;
    },
  },
  {
    reads: ['backups.recoveryRegion', 'region'],
    refuses: ({ backups, region }) =>
      backups.recoveryRegion === region ? `another region than the environment’s own, ${region}` : undefined,
  },
  {
    reads: ['backups.recoveryAccountVaultArn', 'accountId'],
    refuses: ({ backups, accountId }) =>
      accountId !== undefined && backups.recoveryAccountVaultArn?.split(':')[4] === accountId
        ? `a vault of another account than the environment’s own, ${accountId}`
        : undefined,
  },
  {
    reads: ['backups.recoveryAccountVaultArn', 'region'],
    // Of RDS one copy cannot go to another region and account at once (AWS Backup developer guide, "Feature availability by resource").
    refuses: ({ backups, region }) =>
      backups.recoveryAccountVaultArn && backups.recoveryAccountVaultArn.split(':')[3] !== region
        ? `a vault in the environment’s own region, ${region}`
        : undefined,
  },
  {
    reads: ['backups.restoreTesting', 'drills'],
    refuses: ({ backups, drills }) =>
      backups.restoreTesting && !drills ? 'none without drills, whose checks it uses' : undefined,
  },
  {
    reads: ['backups.crossRegionPointInTime', 'backups.recoveryRegion'],
    refuses: ({ backups: { crossRegionPointInTime, recoveryRegion } }) =>
      crossRegionPointInTime && !recoveryRegion ? 'none without backups.recoveryRegion' : undefined,
  },
];

function retentions({ keepDays, copyDays = keepDays }: { keepDays: number; copyDays?: number }): number[] {
  return [keepDays, copyDays];
}

function notLonger(days: number, other: number, name: string): string | undefined {
  return days > 0 && days <= other
    ? `0, or more than ${name} (${other}): AWS Backup runs only the longer one where both are due`
    : undefined;
}
