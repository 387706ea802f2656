import { Signer } from '@aws-sdk/rds-signer';
import type { CareJob } from '../../lib/contract/care/jobs';
import type { Section } from '../../lib/contract/care/section';
import { CARE_USER } from '../../lib/contract/roles';
import { tell } from '../shared/errors';
import { logger } from '../shared/logger';
import { readRdsCa } from '../shared/rds-ca';
import { readEnv } from './env';
import { type LoginOptions, Sessions } from './sessions';
import type { Found, Task } from './task';
import { TASKS } from './tasks';

/** What the care function asks for. */
export interface CareRequest {
  readonly job: CareJob;
}

/** Log-ins and clock. The rehearsal replaces what only AWS has; its servers are real. */
interface CareDatabaseDependencies extends LoginOptions {
  readonly now: () => Date;
}

/**
 * Creates the function that does the work of a job on the database. It returns a section of the notification for each task; a task that fails is a
 * section that says why, and the others run all the same.
 */
export function createHandler({
  now,
  ...login
}: CareDatabaseDependencies): (request: CareRequest) => Promise<Section[]> {
  return async ({ job }) => {
    const sessions = new Sessions(login);
    try {
      const sections: Section[] = [];
      for (const task of TASKS[job])
        sections.push(await sectionOf(task, () => task.run(sessions, now(), login.settings)));
      return sections;
    } finally {
      await sessions.end();
    }
  };
}

async function sectionOf({ title }: Task, run: () => Promise<Found>): Promise<Section> {
  try {
    return { title, ...(await run()) };
  } catch (error) {
    const reason = tell(error);
    logger.warn('task failed', { title, reason });
    return { title, state: 'failed', lines: [reason] };
  }
}

let care: ((request: CareRequest) => Promise<Section[]>) | undefined;

/** Entry point in AWS. */
export const handler = (request: CareRequest): Promise<Section[]> => {
  care ??= createHandler(awsDependencies());
  return care(request);
};

function awsDependencies(): CareDatabaseDependencies {
  const { caFile, ...settings } = readEnv();
  return {
    settings,
    ca: readRdsCa(caFile),
    password: ({ host, port }) =>
      new Signer({ hostname: host, port, region: settings.region, username: CARE_USER }).getAuthToken(),
    now: () => new Date(),
  };
}
