import { type BackupRule, backupRules } from '../config/derived/backup-rules';
import type { EnvironmentConfig } from '../config/schema/environment';
import { ASSUMPTIONS } from './assumptions';
import { type CostLine, costLine, DAYS_PER_MONTH, HOURS_PER_MONTH } from './cost-line';

/** Days between two snapshots of a rule. */
const INTERVAL_DAYS = {
  continuous: 1,
  hourly: 1 / 24,
  daily: 1,
  weekly: 7,
  monthly: DAYS_PER_MONTH,
} as const satisfies Record<BackupRule['name'], number>;

/**
 * Price of the backups a month: point-in-time recovery, snapshots, their copies in other places, and the restore testing of AWS Backup.
 * @throws Error when an instance class has no price
 */
export function backupPrice(config: Pick<EnvironmentConfig, 'database' | 'backups'>): CostLine[] {
  const { database, backups } = config;
  if (database.backupRetentionDays === 0) return [];
  const data = database.allocatedStorageGiB * ASSUMPTIONS.dataShare;
  const change = data * ASSUMPTIONS.dailyChange;
  const stored = (what: string, gib: number) => costLine(what, gib, 'GB', 'rds/backupGbMonth');
  const moved = (what: string) => costLine(what, change * DAYS_PER_MONTH, 'GB', 'transfer/crossRegionGb');
  const rules = backupRules(config).filter(({ name }) => name !== 'continuous');
  const copies = rules.flatMap(({ name, copyDays }) => (copyDays === undefined ? [] : [{ name, keepDays: copyDays }]));
  const { recoveryRegion, recoveryAccountVaultArn, crossRegionPointInTime, restoreTesting } = backups;
  return [
    stored('point-in-time recovery', data + change * database.backupRetentionDays),
    stored('snapshots', chainGib(rules, data)),
    ...(recoveryRegion
      ? [stored(`copies in ${recoveryRegion}`, chainGib(copies, data)), moved(`transfer to ${recoveryRegion}`)]
      : []),
    ...(recoveryAccountVaultArn ? [stored('copies in the other account', chainGib(copies, data))] : []),
    ...(crossRegionPointInTime
      ? [
          stored('point-in-time recovery in the recovery region', data + change * crossRegionPointInTime.retentionDays),
          moved('its transfer'),
        ]
      : []),
    ...(restoreTesting ? testLines(restoreTesting.instanceClass ?? database.instanceClass, database) : []),
  ];
}

/**
 * Size of the snapshots that rules keep. The oldest holds all data; each younger one holds what was written since the one before it,
 * and never more than all data.
 */
function chainGib(rules: readonly Pick<BackupRule, 'name' | 'keepDays'>[], data: number): number {
  const ages = rules.flatMap(({ name, keepDays }) =>
    Array.from({ length: Math.max(1, Math.floor(keepDays / INTERVAL_DAYS[name])) }, (_, i) => i * INTERVAL_DAYS[name]),
  );
  const sorted = [...new Set(ages)].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((age, i) => age - sorted[i]!);
  return data + gaps.reduce((sum, days) => sum + Math.min(data, data * ASSUMPTIONS.dailyChange * days), 0);
}

function testLines(instanceClass: string, { allocatedStorageGiB }: EnvironmentConfig['database']): CostLine[] {
  const { restoredHours } = ASSUMPTIONS;
  return [
    costLine('restore test of AWS Backup', 1, 'recovery point', 'backup/restoreTest'),
    costLine(`its restored instance, ${instanceClass}`, restoredHours, 'hours', `rds/instanceHour/${instanceClass}`),
    costLine('its storage', (restoredHours * allocatedStorageGiB) / HOURS_PER_MONTH, 'GB-months', 'rds/gp3GbMonth'),
  ];
}
