import type { EnvironmentConfig } from '../schema/environment';
import { parseWeeklyWindow, touchesDaily } from './weekly-window';

/** Start of a rule, UTC, as fields of a cron expression. The minute is 0. */
interface BackupSchedule {
  readonly hour: string;
  readonly weekDay?: string;
  readonly day?: string;
}

/** A rule of the backup plan. */
export interface BackupRule {
  readonly name: 'continuous' | 'hourly' | 'daily' | 'weekly' | 'monthly';
  readonly schedule: BackupSchedule;
  readonly keepDays: number;
  /** Days that copies in other regions and accounts are kept. Undefined: the rule makes no copies. */
  readonly copyDays?: number;
}

/**
 * Hours (UTC) that the maintenance window must not touch: AWS Backup's daily job starts between 02:00 and 03:00, and a snapshot within
 * an hour before the maintenance window fails (AWS Backup developer guide, "Backup plan options and configuration").
 */
export const BACKUP_HOURS = { start: 2, end: 4 };
/** Hour of the continuous rule. It makes no snapshot; it only maintains the one continuous recovery point. */
const CONTINUOUS_HOUR = 0;

/**
 * The rules of an environment's backup plan; none where backups are off. When two rules start in the same hour, AWS Backup runs only
 * the one that keeps longer (developer guide, "Overlapping backup rules"). So the continuous rule has a separate hour, because it
 * would replace the daily rule. The weekly and the monthly rule do replace it, so their snapshots are copied instead of the daily one.
 */
export function backupRules({ database, backups }: Pick<EnvironmentConfig, 'database' | 'backups'>): BackupRule[] {
  const { dailyDays, weeklyDays, monthlyDays, hourlyDays } = backups;
  if (database.backupRetentionDays === 0) return [];
  const night = String(BACKUP_HOURS.start);
  const rules: BackupRule[] = [
    { name: 'continuous', schedule: { hour: String(CONTINUOUS_HOUR) }, keepDays: database.backupRetentionDays },
    { name: 'hourly', schedule: { hour: hourlyHours(database.maintenanceWindow) }, keepDays: hourlyDays },
    { name: 'daily', schedule: { hour: night }, keepDays: dailyDays, copyDays: dailyDays },
    { name: 'weekly', schedule: { hour: night, weekDay: 'SUN' }, keepDays: weeklyDays, copyDays: dailyDays },
    { name: 'monthly', schedule: { hour: night, day: '1' }, keepDays: monthlyDays, copyDays: monthlyDays },
  ];
  return rules.filter(({ keepDays }) => keepDays > 0);
}

/** Every hour except those of other rules, and those in which, or within an hour after which, maintenance may run on any day. */
function hourlyHours(maintenanceWindow: string): string {
  const window = parseWeeklyWindow(maintenanceWindow);
  return Array.from({ length: 24 }, (_, hour) => hour)
    .filter((hour) => hour !== CONTINUOUS_HOUR && hour !== BACKUP_HOURS.start)
    .filter((hour) => !window || !touchesDaily(window, hour, hour + 2))
    .join(',');
}
