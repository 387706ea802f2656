import type { Question } from '../aws';
import { metricValues, type MetricValue } from '../metric-values';

/** The owner's goal, seconds. */
const GOAL_SECONDS = 5;
const DAY_MS = 86_400_000;

/** How far the replicas were behind in the last day. */
export const replicationLag: Question = {
  title: 'Replication lag',
  applies: ({ servers }) => servers.length > 1,
  ask: async ({ cloudWatch }, { servers }, now) => {
    const replicas = servers.slice(1);
    const hours = await metricValues(
      cloudWatch,
      replicas.flatMap(({ instanceId }) =>
        (['Maximum', 'Average'] as const).map((statistic) => ({
          namespace: 'AWS/RDS',
          metric: 'ReplicaLag',
          dimensions: { DBInstanceIdentifier: instanceId },
          statistic,
        })),
      ),
      { from: new Date(now.getTime() - DAY_MS), to: now, periodSeconds: 3600 },
    );
    return decide(
      replicas.map(({ name }, index) => ({ name, highest: hours[2 * index]!, average: hours[2 * index + 1]! })),
    );
  },
};

/** The lag of one replica in each hour, seconds. */
interface ReplicaLag {
  readonly name: string;
  readonly highest: readonly MetricValue[];
  readonly average: readonly MetricValue[];
}

/** A single moment is only named; a whole hour beyond the goal is to be looked at, and so is a replica without values. */
function decide(replicas: readonly ReplicaLag[]): Awaited<ReturnType<Question['ask']>> {
  const look = replicas.some(
    ({ highest, average }) => highest.length === 0 || average.some(({ value }) => value > GOAL_SECONDS),
  );
  return {
    state: look ? 'look' : 'fine',
    lines: replicas.map(({ name, highest, average }) => {
      if (highest.length === 0) return `${name}: CloudWatch has no value of the last day; is it replicating?`;
      const worst = highest.reduce((a, b) => (b.value > a.value ? b : a));
      const slow = average.filter(({ value }) => value > GOAL_SECONDS).length;
      const hour = worst.at.toISOString().slice(11, 16);
      return `${name}: at most ${worst.value.toFixed(1)} s, in the hour from ${hour} UTC${slow > 0 ? `; on average over ${GOAL_SECONDS} s in ${slow} hours` : ''}`;
    }),
  };
}
