import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { GetScheduleCommand, ResourceNotFoundException, type SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  JOB_CADENCE,
  type JobMetric,
  jobMetric,
  SCHEDULED_JOBS,
  type ScheduledJob,
  scheduleName,
} from '../../lib/contract/care/jobs';
import type { InspectorMetric } from '../../lib/contract/metrics';
import { tell } from '../shared/errors';
import type { SeriesValues } from '../shared/metric-data';
import { isDailyHour } from './daily';
import { overdueDays, readLastSuccesses } from './last-successes';

const ofEachJob = <Value>(value: (job: ScheduledJob) => Value) =>
  Object.fromEntries(SCHEDULED_JOBS.map((job) => [job, value(job)])) as Readonly<Record<ScheduledJob, Value>>;

const METRICS: Readonly<Record<ScheduledJob, JobMetric>> = ofEachJob(jobMetric);
const OVERDUE_AFTER_DAYS = ofEachJob((job) => JOB_CADENCE[job].overdueAfterDays);

/** What is asked about the jobs of an environment. */
interface JobClients {
  readonly cloudWatch: Pick<CloudWatchClient, 'send'>;
  readonly scheduler: SchedulerClient;
}

/**
 * Reads by how many days jobs are overdue, in one hour of each day. A job that never succeeded counts from the creation of its schedule;
 * one whose schedule is gone, from the creation of the server: it should be there.
 * @param serverCreated when the primary was created, as RDS says
 * @returns the series; undefined in the other hours; a sentence when it cannot be known
 */
export async function overdueJobs(
  { cloudWatch, scheduler }: JobClients,
  environment: string,
  serverCreated: Date | undefined,
  now: Date,
): Promise<SeriesValues | string | undefined> {
  if (!isDailyHour(now)) return undefined;
  try {
    const last = await readLastSuccesses(cloudWatch, environment, METRICS, OVERDUE_AFTER_DAYS, now);
    const since = new Map<ScheduledJob, Date>();
    for (const job of SCHEDULED_JOBS.filter((each) => last[each] === undefined)) {
      const began = (await scheduledSince(scheduler, environment, job)) ?? serverCreated;
      if (!began) return `RDS does not give InstanceCreateTime of the primary, from which the job ${job} is due`;
      since.set(job, began);
    }
    return {
      metric: 'care_overdue_days' satisfies InspectorMetric,
      values: overdueDays(last, (job) => since.get(job)!, OVERDUE_AFTER_DAYS, now),
    };
  } catch (error) {
    return `jobs of care: ${tell(error)}`;
  }
}

/**
 * When a job's schedule was made; undefined where there is none.
 * @throws the SDK's error
 */
async function scheduledSince(
  scheduler: SchedulerClient,
  environment: string,
  job: ScheduledJob,
): Promise<Date | undefined> {
  try {
    const { CreationDate } = await scheduler.send(new GetScheduleCommand({ Name: scheduleName(environment, job) }));
    return CreationDate;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
