import { ALARM_CHANGES } from './alarm-changes';
import type { Change } from './change';
import { DATABASE_CHANGES } from './database-changes';

/** All changes that a rehearsal must see. */
export const CHANGES: readonly Change[] = [...ALARM_CHANGES, ...DATABASE_CHANGES];
