import { ALARM_CHANGES } from './alarm-changes';
import { CARE_CHANGES } from './care-changes';
import type { Change } from './change';
import { DATABASE_CHANGES } from './database-changes';

/** All changes that a rehearsal must see. */
export const CHANGES: readonly Change[] = [...ALARM_CHANGES, ...DATABASE_CHANGES, ...CARE_CHANGES];
