import { formatCount } from '../../../lib/contract/care/formats';
import type { Question } from '../aws';
import { metricValues } from '../metric-values';

const DAY_MS = 86_400_000;

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
