import { z } from 'zod';
import { TABLES } from '../../contract/tables';
import { instanceClass, OPT_OUT, optOut } from './fields';

const settings = z.strictObject({
  /** Only to switch the drills off. */
  enabled: z.never().optional(),
  /** Class of the instances that the weekly and the monthly drill restore. Default: the primary's, which the quarterly drill always uses. */
  instanceClass: instanceClass.optional(),
  /**
   * Table that the monthly and the quarterly drill recover next to the live one; a drill in the recovery region (with
   * backups.crossRegionPointInTime) recovers none. Default bookings.
   */
  table: z.enum(TABLES).default('bookings'),
  /** How long a restore may take before the drill fails, minutes. Default 180. */
  restoreTimeoutMinutes: z.int().min(30).max(240).default(180),
});

/** Restore drills (lib/contract/drill/cadence.ts: when they run). Written as settings or an opt-out; undefined where they are off. */
export const drillsSchema = z
  .union([settings, optOut], { error: `settings of the drills, or ${OPT_OUT}` })
  .prefault({})
  .transform((value) => (value.enabled === false ? undefined : value));

/** Settings of the restore drills, with all defaults filled in. */
export type DrillSettings = z.output<typeof settings>;
