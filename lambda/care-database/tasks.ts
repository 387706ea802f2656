import type { CareJob } from '../../lib/contract/care/jobs';
import type { Task } from './task';
import { capacity } from './tasks/capacity';
import { duplicateIndexes, invalidIndexes } from './tasks/faulty-indexes';
import { growth } from './tasks/growth';
import { intents, refreshes } from './tasks/intents';
import { oldStatistics } from './tasks/old-statistics';
import { privileges } from './tasks/privileges';
import { roles } from './tasks/roles';
import { rolesAtWork } from './tasks/roles-at-work';
import { security } from './tasks/security';
import { slowStatements } from './tasks/slow-statements';
import { unusedIndexes } from './tasks/unused-indexes';
import { vacuum } from './tasks/vacuum';

/** What each job does on the database, in the order of the notification. */
export const TASKS: Readonly<Record<CareJob, readonly Task[]>> = {
  intents: [intents],
  daily: [slowStatements, rolesAtWork, refreshes],
  weekly: [growth, unusedIndexes, duplicateIndexes, invalidIndexes, vacuum],
  monthly: [capacity, oldStatistics],
  quarterly: [privileges, roles, security],
};
