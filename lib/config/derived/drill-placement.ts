import { DRILL_KINDS, type DrillKind } from '../../contract/drill/kinds';
import type { EnvironmentConfig } from '../schema/environment';

/** Kinds of drill that are scheduled in each region of an environment. */
export interface DrillPlacement {
  readonly home: readonly DrillKind[];
  readonly recoveryRegion: readonly DrillKind[];
}

/**
 * Where the scheduled drills run. Where RDS replicates the backups to the recovery region, the full drill restores them there, and it
 * is not scheduled at home. On demand every kind runs in either region.
 */
export function drillPlacement({ drills, backups }: Pick<EnvironmentConfig, 'drills' | 'backups'>): DrillPlacement {
  if (!drills) return { home: [], recoveryRegion: [] };
  if (!backups.crossRegionPointInTime) return { home: DRILL_KINDS, recoveryRegion: [] };
  return { home: DRILL_KINDS.filter((kind) => kind !== 'full'), recoveryRegion: ['full'] };
}
