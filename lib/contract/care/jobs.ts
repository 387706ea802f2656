/** Jobs of the care functions: the hourly refresh of the intents' counts, and the owner's calendar. */
export const CARE_JOBS = ['intents', 'daily', 'weekly', 'monthly', 'quarterly'] as const;
/** A job of the care functions. */
export type CareJob = (typeof CARE_JOBS)[number];

/** Everything that a schedule of an environment starts besides metrics and drills. */
export const SCHEDULED_JOBS = [...CARE_JOBS, 'drift'] as const;
/** A job that a schedule starts. */
export type ScheduledJob = (typeof SCHEDULED_JOBS)[number];

/**
 * The functions whose errors an alarm watches, by their folders below lambda/. Not drift: what fails there is sent to the topic, and an alarm
 * costs ten cents a month.
 */
export const JOB_FUNCTIONS = ['care'] as const;
/** A function whose errors an alarm watches. */
export type JobFunction = (typeof JOB_FUNCTIONS)[number];

/** The metric that is 1 when a run of a job succeeded. */
export type JobMetric = `care_${ScheduledJob}_successes`;

/** When a job runs. */
export interface JobCadence {
  /** In words, such as `each Monday`. */
  readonly name: string;
  /** Fields of a cron expression in UTC without the hour, which depends on the maintenance window. Absent: every value. */
  readonly schedule: {
    readonly minute: string;
    readonly weekDay?: string;
    readonly day?: string;
    readonly month?: string;
  };
  /** Whether it runs in every hour. Default: once on its days. */
  readonly everyHour?: true;
  /** Runs in an average month. */
  readonly runsPerMonth: number;
  /** Days after the last success when it counts as overdue: its period, and room for a run that was left out or repeated. */
  readonly overdueAfterDays: number;
}

/** The hour (UTC) before the one in which the inspector reads the successes (lambda/inspector/daily.ts). */
const BEFORE_INSPECTION = 6;

/**
 * The owner's calendar. The month begins with the restore drills and the restore test of AWS Backup (days 1 to 3), so that the reviews after
 * them have their results.
 */
export const JOB_CADENCE: Readonly<Record<ScheduledJob, JobCadence>> = {
  intents: {
    name: 'each hour',
    schedule: { minute: '35' },
    everyHour: true,
    runsPerMonth: 730,
    // Its success is published once a day, and the maintenance window may leave that out once.
    overdueAfterDays: 1.5,
  },
  daily: { name: 'each day', schedule: { minute: '5' }, runsPerMonth: 365 / 12, overdueAfterDays: 2.5 },
  weekly: {
    name: 'each Monday',
    schedule: { minute: '15', weekDay: 'MON' },
    runsPerMonth: 52 / 12,
    overdueAfterDays: 8,
  },
  drift: {
    name: 'each Monday',
    schedule: { minute: '20', weekDay: 'MON' },
    runsPerMonth: 52 / 12,
    overdueAfterDays: 8,
  },
  monthly: { name: 'each 4th', schedule: { minute: '25', day: '4' }, runsPerMonth: 1, overdueAfterDays: 33 },
  quarterly: {
    name: 'each 5th of January, April, July and October',
    schedule: { minute: '45', day: '5', month: '1,4,7,10' },
    runsPerMonth: 1 / 3,
    overdueAfterDays: 95,
  },
};

/**
 * Whether a run publishes its success: a job of every hour does so in the hour before the inspector looks, because CloudWatch charges a metric
 * for each hour in which it gets values.
 */
export function publishesSuccess(job: ScheduledJob, at: Date): boolean {
  return !JOB_CADENCE[job].everyHour || at.getUTCHours() === BEFORE_INSPECTION;
}

/** The metric of a job's successes. */
export function jobMetric(job: ScheduledJob): JobMetric {
  return `care_${job}_successes`;
}

/** Name of a job's schedule: the inspector asks since when it exists. */
export function scheduleName(environment: string, job: ScheduledJob): string {
  return `${environment}-care-${job}`;
}
