import type { EnvironmentConfig } from './schema/environment';
import { parseWeeklyWindow, touchesDaily } from './weekly-window';

/** When a rule starts, UTC, in the fields of a cron expression. The minute is 0. */
export interface BackupSchedule {
  readonly hour: string;
  readonly weekDay?: string;
  readonly day?: string;
}

/** A rule of the backup plan. */
export interface BackupRule {
  readonly name: 'continuous' | 'hourly' | 'daily' | 'weekly' | 'monthly';
  readonly schedule: BackupSchedule;
  readonly keepDays: number;
  /** Days that copies in other regions and accounts are kept. Undefined: there are none. */
  readonly copyDays?: number;
}

/**
 * Hours (UTC) that maintenance must leave alone: AWS Backup's daily job starts between 02:00 and 03:00, and a snapshot within
 * an hour before the maintenance window fails (AWS Backup developer guide, "Backup plan options and configuration").
 */
export const BACKUP_HOURS = { start: 2, end: 4 };
/** The continuous rule makes no snapshot: it only keeps the one continuous recovery point as it should be. */
const CONTINUOUS_HOUR = 0;

/**
 * The rules of an environment's backup plan; none without backups. Where the hours of two rules meet AWS Backup runs only the one
 * that keeps longer (developer guide, "Overlapping backup rules"). So the continuous rule, which would take the place of the daily
 * one, has an hour of its own; and Sunday's and the first's snapshot, which do take the daily one's place, are copied in its place.
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

/** All but the other rules' hours, and those in which, or an hour after which, the servers may be in maintenance on any day. */
function hourlyHours(maintenanceWindow: string): string {
  const window = parseWeeklyWindow(maintenanceWindow);
  return Array.from({ length: 24 }, (_, hour) => hour)
    .filter((hour) => hour !== CONTINUOUS_HOUR && hour !== BACKUP_HOURS.start)
    .filter((hour) => !window || !touchesDaily(window, hour, hour + 2))
    .join(',');
}
