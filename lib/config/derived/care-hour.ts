import type { EnvironmentConfig } from '../schema/environment';
import { parseWeeklyWindow, touchesDaily, type WeeklyWindow } from './weekly-window';

/** Hours (UTC) in which the jobs of care run, in the order in which they are tried: before the working day of Europe, and clear of backups and drills. */
const HOURS = [5, 9, 13, 17, 21];

/** The weekly maintenance window of an environment's servers. */
export function maintenanceWindow({ database }: Pick<EnvironmentConfig, 'database'>): WeeklyWindow {
  const window = parseWeeklyWindow(database.maintenanceWindow);
  // The schema has checked it.
  if (!window) throw new Error(`the maintenance window ${database.maintenanceWindow} cannot be read`);
  return window;
}

/**
 * The hour (UTC) of the jobs of care: the first that the maintenance window touches on no day. A window that leaves none is of most of a
 * day; the function then leaves out what falls into it.
 */
export function careHour(config: Pick<EnvironmentConfig, 'database'>): number {
  const window = maintenanceWindow(config);
  return HOURS.find((hour) => !touchesDaily(window, hour, hour + 1)) ?? HOURS[0]!;
}
