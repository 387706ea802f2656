import { z } from 'zod';
import { instanceClass, OPT_OUT, optOut } from './fields';

const settings = z.strictObject({
  /** Class of the instances that the weekly and the monthly drill restore. Default: the primary's, which the quarterly drill always uses. */
  instanceClass: instanceClass.optional(),
  /**
   * Table that the monthly and the quarterly drill recover next to the live one; a drill in the recovery region (with
   * backups.crossRegionPointInTime) recovers none. Default bookings.
   */
  table: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,49}$/, 'the name of a table in lower case')
    .default('bookings'),
  /** How long a restore may take before the drill fails, minutes. Default 180. */
  restoreTimeoutMinutes: z.int().min(30).max(240).default(180),
});

/** Restore drills (lib/contract/drill-cadence.ts: when they run). Written as settings or an opt-out; undefined where they are off. */
export const drillsSchema = z
  .union([settings, optOut], { error: `settings of the drills, or ${OPT_OUT}` })
  .prefault({})
  .transform((value) => ('enabled' in value ? undefined : value));

/** Settings of the restore drills, with all defaults filled in. */
export type DrillSettings = z.output<typeof settings>;
