import { ListRestoreJobsCommand, type RestoreJobsListMember } from '@aws-sdk/client-backup';
import { DRILL_CADENCE } from '../../../lib/contract/drill/cadence';
import { DRILL_KINDS, type DrillKind, SUCCESS_METRICS } from '../../../lib/contract/drill/kinds';
import { formatMinutes } from '../../../lib/contract/care/formats';
import type { DrillMetric } from '../../../lib/contract/metrics';
import type { CareClients, Question } from '../aws';
import type { CareSettings } from '../env';
import { metricValues, type MetricValue } from '../metric-values';
import { allPages } from '../pages';

const DAY_MS = 86_400_000;
const MONTH_DAYS = 31;
const MEASURED = ['drill_recovery_time_seconds', 'drill_recovery_point_seconds'] as const satisfies DrillMetric[];

/** Evidence that what is backed up can be restored: the drills of the last month, and the restore tests of AWS Backup. */
export const restoresOfTheMonth: Question = {
  title: 'Restores',
  applies: ({ drills }) => drills,
  ask: async (clients, settings, now) => {
    const from = new Date(now.getTime() - MONTH_DAYS * DAY_MS);
    const drills = await drillValues(clients, settings, from, now);
    const wanted = { ByCreatedAfter: from, ByResourceType: 'RDS' };
    const pages = await allPages((NextToken) =>
      clients.backup.send(new ListRestoreJobsCommand({ ...wanted, NextToken })),
    );
    const jobs = pages.flatMap(({ RestoreJobs = [] }) => RestoreJobs);
    return decideMonth(
      drills,
      jobs.filter(({ CreatedBy }) => CreatedBy?.RestoreTestingPlanArn !== undefined),
    );
  },
};

/** Evidence of the quarter's full drill. */
export const fullDrill: Question = {
  title: 'Full restore drill',
  applies: ({ drills }) => drills,
  ask: async (clients, settings, now) => {
    const from = new Date(now.getTime() - DRILL_CADENCE.full.overdueAfterDays * DAY_MS);
    const { successes } = await drillValues(clients, settings, from, now);
    const last = successes.full.at(-1);
    return last
      ? { state: 'fine', lines: [`succeeded on ${day(last.at)}`] }
      : {
          state: 'look',
          lines: [
            `none succeeded in ${DRILL_CADENCE.full.overdueAfterDays} days; the page RestoreDrillOverdue says how to start one`,
          ],
        };
  },
};

/** What drills published. */
interface DrillValues {
  readonly successes: Readonly<Record<DrillKind, readonly MetricValue[]>>;
  /** The longest of each hour, seconds. */
  readonly recoveryTimes: readonly MetricValue[];
  readonly recoveryPoints: readonly MetricValue[];
}

async function drillValues(
  { cloudWatch }: CareClients,
  { environment }: CareSettings,
  from: Date,
  to: Date,
): Promise<DrillValues> {
  const dimensions = { Environment: environment };
  const series = await metricValues(
    cloudWatch,
    [
      ...DRILL_KINDS.map((kind) => ({ metric: SUCCESS_METRICS[kind], dimensions, statistic: 'Sum' as const })),
      ...MEASURED.map((metric) => ({ metric, dimensions, statistic: 'Maximum' as const })),
    ],
    { from, to, periodSeconds: 3600 },
  );
  const [recoveryTimes = [], recoveryPoints = []] = series.slice(DRILL_KINDS.length);
  return {
    successes: Object.fromEntries(
      DRILL_KINDS.map((kind, index) => [kind, series[index]!.filter(({ value }) => value > 0)]),
    ) as unknown as DrillValues['successes'],
    recoveryTimes,
    recoveryPoints,
  };
}

/** A month without a drill is to be looked at, and so is a restore test that did not pass. */
function decideMonth(
  { successes, recoveryTimes, recoveryPoints }: DrillValues,
  tests: readonly RestoreJobsListMember[],
): Awaited<ReturnType<Question['ask']>> {
  const drills = DRILL_KINDS.flatMap((kind) => successes[kind].map(({ at }) => `${kind} ${day(at)}`));
  const longest = (values: readonly MetricValue[]) => Math.max(...values.map(({ value }) => value));
  const bad = tests.filter(
    ({ Status, ValidationStatus }) => Status === 'FAILED' || Status === 'ABORTED' || ValidationStatus === 'FAILED',
  );
  const passed = tests.filter(({ ValidationStatus }) => ValidationStatus === 'SUCCESSFUL').length;
  return {
    state: drills.length === 0 || bad.length > 0 ? 'look' : 'fine',
    lines: [
      drills.length > 0 ? `Drills that succeeded: ${drills.join(', ')}` : `no drill succeeded in ${MONTH_DAYS} days`,
      ...(recoveryTimes.length > 0
        ? [
            `Longest recovery ${formatMinutes(longest(recoveryTimes))}, most data lost ${formatMinutes(longest(recoveryPoints))}`,
          ]
        : []),
      `Restore tests of AWS Backup: ${passed} passed, ${bad.length} failed`,
      ...bad.map(
        ({ RestoreJobId, Status, StatusMessage, ValidationStatusMessage }) =>
          `${RestoreJobId}: ${Status}, ${ValidationStatusMessage ?? StatusMessage ?? 'without a reason'}`,
      ),
    ],
  };
}

function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}
