import type { CareJob } from '../../lib/contract/care/jobs';
import type { Question } from './aws';
import { alarmsOfTheDay, alarmsOfTheWeek } from './tasks/alarms';
import { backups } from './tasks/backups';
import { cost } from './tasks/cost';
import { errors } from './tasks/errors';
import { replicationLag } from './tasks/replication-lag';
import { fullDrill, restoresOfTheMonth } from './tasks/restores';
import { rotation } from './tasks/rotation';
import { storage } from './tasks/storage';

/** What each job asks AWS, in the order of the notification. */
export const QUESTIONS: Readonly<Record<CareJob, readonly Question[]>> = {
  intents: [],
  daily: [replicationLag, backups, alarmsOfTheDay, errors],
  weekly: [storage, alarmsOfTheWeek],
  monthly: [rotation, restoresOfTheMonth, cost],
  quarterly: [fullDrill],
};
