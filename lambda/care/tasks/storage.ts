import { formatMemory } from '../../../lib/contract/care/formats';
import type { Question } from '../aws';
import { metricValues, type MetricValue, type WantedSeries } from '../metric-values';

const DAYS = 28;
const DAY_MS = 86_400_000;
/** When somebody should decide about a larger ceiling, days before the disk is full. */
const LOOK_DAYS = 90;

/** How long the disks last, from what they filled in the last four weeks. */
export const storage: Question = {
  title: 'Days until the disks are full',
  ask: async ({ cloudWatch }, { environment, servers }, now) => {
    const series = await metricValues(
      cloudWatch,
      servers.flatMap(({ name, instanceId }): WantedSeries[] => [
        {
          namespace: 'AWS/RDS',
          metric: 'FreeStorageSpace',
          dimensions: { DBInstanceIdentifier: instanceId },
          statistic: 'Minimum',
        },
        {
          metric: 'rds_allocated_storage_bytes',
          dimensions: { Environment: environment, Server: name },
          statistic: 'Minimum',
        },
      ]),
      { from: new Date(now.getTime() - DAYS * DAY_MS), to: now, periodSeconds: 86_400 },
    );
    const disks = servers.map(({ name, storageCeilingBytes }, index) => ({
      name,
      storageCeilingBytes,
      free: series[2 * index]!,
      allocated: series[2 * index + 1]!,
    }));
    return decide(disks);
  },
};

/** A server's disk on each day, bytes. */
interface Disk {
  readonly name: string;
  readonly storageCeilingBytes: number;
  readonly free: readonly MetricValue[];
  readonly allocated: readonly MetricValue[];
}

/** Divides what is left below the ceiling by what a day filled. */
function decide(disks: readonly Disk[]): Awaited<ReturnType<Question['ask']>> {
  const judged = disks.map(judge);
  return { state: judged.some(({ look }) => look) ? 'look' : 'fine', lines: judged.map(({ line }) => line) };
}

function judge({ name, storageCeilingBytes, free, allocated }: Disk): {
  readonly line: string;
  readonly look: boolean;
} {
  const used = allocated.flatMap(({ at, value }) => {
    const then = free.find((each) => each.at.getTime() === at.getTime());
    return then ? [{ at, bytes: value - then.value }] : [];
  });
  const [first, last] = [used[0], used.at(-1)];
  const days = first && last ? (last.at.getTime() - first.at.getTime()) / DAY_MS : 0;
  if (!first || !last || days < 1) return { line: `${name}: no two days with values yet`, look: false };
  const perDay = (last.bytes - first.bytes) / days;
  const filled = `${name}: ${formatMemory(last.bytes)} of at most ${formatMemory(storageCeilingBytes)}`;
  if (perDay <= 0) return { line: `${filled}, not growing in ${days.toFixed(0)} days`, look: false };
  const left = (storageCeilingBytes - last.bytes) / perDay;
  return {
    line: `${filled}, ${formatMemory(perDay)} more each day: full in ${left.toFixed(0)} days${left < LOOK_DAYS ? '. Raise database.maxAllocatedStorageGiB, or delete old rows' : ''}`,
    look: left < LOOK_DAYS,
  };
}
