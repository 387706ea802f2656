import { CARE_JOBS, jobMetric } from '../../contract/care/jobs';
import { PLANTS } from '../log-search/planted-statements';
import type { CareRun } from './deployed-care';

/** What the care functions did in a rehearsal. */
export interface CareReport {
  /** The last run of each job. */
  readonly runs: readonly CareRun[];
  /** Counts of intents that the hourly job wrote, and those that a direct count of the messages finds. */
  readonly intents: { readonly counted: number; readonly expected: number };
  /** Runs of all jobs, days that passed for them included. */
  readonly total: number;
}

/** Sections whose state the rehearsal knows: its servers are as the migrations made them. */
const FINE: readonly string[] = [
  'Privileges against the migrations',
  'Roles that may log in',
  'Security of the server',
  'Hourly refresh of the intents',
  'Duplicate indexes',
  'Invalid indexes',
];

/** What does not hold of the care functions, a sentence without a full stop for each. */
export function careFailures({ runs, intents }: CareReport): string[] {
  return [
    ...CARE_JOBS.filter((job) => !runs.some((run) => run.job === job)).map(
      (job) => `the job ${job} of care did not run`,
    ),
    ...runs.flatMap((run) => runFailures(run)),
    ...(intents.counted === intents.expected && intents.expected > 0
      ? []
      : [`the job intents counted ${intents.counted} intents; a direct count finds ${intents.expected}`]),
  ];
}

function runFailures({ job, failure, metrics, notifications, databaseSections }: CareRun): string[] {
  const wanted = job === 'intents' ? 0 : 1;
  const text = notifications.map((each) => `${each.subject}\n${each.text}`).join('\n');
  return [
    ...(failure === undefined ? [] : [`the job ${job} of care failed: ${failure}`]),
    ...(notifications.length === wanted
      ? []
      : [`the job ${job} of care sent ${notifications.length} notifications; expected: ${wanted}`]),
    ...(metrics.includes(jobMetric(job)) ? [] : [`the job ${job} of care did not publish ${jobMetric(job)}`]),
    ...databaseSections
      .filter(({ title, state }) => state !== 'fine' && FINE.includes(title))
      .map(({ title, lines }) => `the job ${job} of care, ${title}: ${lines.join('; ')}`),
    ...databaseSections
      .filter(({ title }) => !text.includes(title) && wanted > 0)
      .map(({ title }) => `the notification of ${job} lacks the part "${title}"`),
    ...Object.entries(PLANTS)
      .filter(([, value]) => text.includes(value))
      .map(([kind]) => `the notification of ${job} holds a planted ${kind}`),
  ];
}

/** One line for the console. */
export function summarizeCare({ runs, total }: CareReport): string {
  const sent = runs.filter(({ notifications }) => notifications.length > 0);
  return `care: ${total} runs of ${runs.length} jobs on these servers, the last notifications: ${sent.map(({ notifications }) => notifications[0]!.subject).join('; ')}`;
}
