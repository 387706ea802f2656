import { JOB_CADENCE, type JobMetric, jobMetric, SCHEDULED_JOBS, type ScheduledJob } from '../../contract/care/jobs';
import type { DriftMetric } from '../../contract/metrics';
import type { PublishedSource } from './source';

const DAYS_A_MONTH = 31;

const common = {
  from: 'job',
  domain: 'number',
  kind: 'gauge',
  per: 'environment',
  servers: 'primary',
  periodSeconds: 300,
  missingData: 'notBreaching',
} as const;

function successes(job: ScheduledJob): PublishedSource {
  const { runsPerMonth, everyHour } = JOB_CADENCE[job];
  const successes = everyHour ? DAYS_A_MONTH : Math.ceil(runsPerMonth);
  return {
    ...common,
    meaning: `1 for each run of the job ${job} that succeeded`,
    // With room for a run by hand.
    hoursAMonth: successes + 1,
  };
}

const SUCCESSES = Object.fromEntries(SCHEDULED_JOBS.map((job) => [jobMetric(job), successes(job)])) as Readonly<
  Record<JobMetric, PublishedSource>
>;

/** Metrics of the jobs. The inspector's care_overdue_days watches that they run at all. */
export const JOB_SOURCES = {
  ...SUCCESSES,
  drift_findings: {
    ...common,
    domain: 'count',
    meaning: 'differences between the account and the deployed templates; each Monday',
    hoursAMonth: Math.ceil(JOB_CADENCE.drift.runsPerMonth) + 1,
  },
} as const satisfies Record<JobMetric | DriftMetric, PublishedSource>;
