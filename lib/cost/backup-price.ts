import { type BackupRule, backupRules } from '../config/derived/backup-rules';
import type { EnvironmentConfig } from '../config/schema/environment';
import { type CostLine, DAYS_PER_MONTH, HOURS_PER_MONTH, type Line } from './cost-line';
import type { Usage } from './usage';

/** Days between two snapshots of a rule. */
const INTERVAL_DAYS = {
  continuous: 1,
  hourly: 1 / 24,
  daily: 1,
  weekly: 7,
  monthly: DAYS_PER_MONTH,
} as const satisfies Record<BackupRule['name'], number>;

type Backups = Pick<EnvironmentConfig, 'database' | 'backups'>;

/** Price of the backups a month: point-in-time recovery, snapshots, and their copies in other places. */
export function backupPrice(config: Backups, usage: Usage, line: Line): CostLine[] {
  const { database, backups } = config;
  if (database.backupRetentionDays === 0) return [];
  const data = database.allocatedStorageGiB * usage.dataShare;
  const change = data * usage.dailyChange;
  const stored = (what: string, gib: number) => line(what, gib, 'GB', 'rds/backupGbMonth', 'dataShare', 'dailyChange');
  const moved = (what: string) =>
    line(what, change * DAYS_PER_MONTH, 'GB', 'transfer/crossRegionGb', 'dataShare', 'dailyChange');
  const chain = (rules: readonly Kept[]) => chainGib(rules, data, usage.dailyChange);
  const rules = backupRules(config).filter(({ name }) => name !== 'continuous');
  const copies = rules.flatMap(({ name, copyDays }) => (copyDays === undefined ? [] : [{ name, keepDays: copyDays }]));
  const { recoveryRegion, recoveryAccountVaultArn, crossRegionPointInTime } = backups;
  return [
    stored('point-in-time recovery', data + change * database.backupRetentionDays),
    stored('snapshots', chain(rules)),
    ...(recoveryRegion
      ? [stored(`copies in ${recoveryRegion}`, chain(copies)), moved(`transfer to ${recoveryRegion}`)]
      : []),
    ...(recoveryAccountVaultArn ? [stored('copies in the other account', chain(copies))] : []),
    ...(crossRegionPointInTime
      ? [
          stored('point-in-time recovery in the recovery region', data + change * crossRegionPointInTime.retentionDays),
          moved('its transfer'),
        ]
      : []),
  ];
}

/**
 * Price of AWS Backup's restore testing a month.
 * @throws Error when the instance class has no price
 */
export function restoreTestPrice({ database, backups }: Backups, { restoredHours }: Usage, line: Line): CostLine[] {
  if (!backups.restoreTesting) return [];
  const instanceClass = backups.restoreTesting.instanceClass ?? database.instanceClass;
  const gbMonths = (restoredHours * database.allocatedStorageGiB) / HOURS_PER_MONTH;
  return [
    line('recovery point tested', 1, 'recovery point', 'backup/restoreTest'),
    line(
      `restored instance, ${instanceClass}`,
      restoredHours,
      'hours',
      `rds/instanceHour/${instanceClass}`,
      'restoredHours',
    ),
    line('storage of the restored instance', gbMonths, 'GB-months', 'rds/gp3GbMonth', 'restoredHours'),
  ];
}

type Kept = Pick<BackupRule, 'name' | 'keepDays'>;

/**
 * Size of the snapshots that rules keep. The oldest holds all data; each younger one holds what was written since the one before it,
 * and never more than all data.
 */
function chainGib(rules: readonly Kept[], data: number, dailyChange: number): number {
  const ages = rules.flatMap(({ name, keepDays }) =>
    Array.from({ length: Math.max(1, Math.floor(keepDays / INTERVAL_DAYS[name])) }, (_, i) => i * INTERVAL_DAYS[name]),
  );
  const sorted = [...new Set(ages)].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((age, i) => age - sorted[i]!);
  return data + gaps.reduce((sum, days) => sum + Math.min(data, data * dailyChange * days), 0);
}
