import { jobMetric } from '../../../lib/contract/care/jobs';
import { formatCount } from '../../../lib/contract/care/formats';
import type { Question } from '../aws';
import { metricValues } from '../metric-values';

const DAY_MS = 86_400_000;
/** A refresh of the intents in each hour. Two may be missing: the maintenance window leaves one out, and a day does not end at a full hour. */
const LEAST_REFRESHES = 22;

/** What went wrong in the last day, by the metrics that count it. */
export const errors: Question = {
  title: 'Errors',
  ask: async ({ cloudWatch }, { errors: counted }, now) => {
    const hours = await metricValues(
      cloudWatch,
      counted.map(({ namespace, metric, dimensions }) => ({
        namespace,
        metric,
        dimensions,
        statistic: 'Sum' as const,
      })),
      { from: new Date(now.getTime() - DAY_MS), to: now, periodSeconds: 3600 },
    );
    const sums = hours.map((values) => values.reduce((sum, { value }) => sum + value, 0));
    return {
      state: sums.some((sum) => sum > 0) ? 'look' : 'fine',
      lines: counted.map(({ meaning }, index) => `${meaning}: ${formatCount(sums[index]!)} in 24 h`),
    };
  },
};

/** Whether the hourly refresh of the intents' counts went on. It sends no notice of its own. */
export const refreshes: Question = {
  title: 'Hourly refresh of the intents',
  ask: async ({ cloudWatch }, { environment }, now) => {
    const [values = []] = await metricValues(
      cloudWatch,
      [{ metric: jobMetric('intents'), dimensions: { Environment: environment }, statistic: 'Sum' }],
      { from: new Date(now.getTime() - DAY_MS), to: now, periodSeconds: 3600 },
    );
    const runs = values.reduce((sum, { value }) => sum + value, 0);
    return {
      state: runs < LEAST_REFRESHES ? 'look' : 'fine',
      lines: [`${runs} runs succeeded in 24 h`],
    };
  },
};
