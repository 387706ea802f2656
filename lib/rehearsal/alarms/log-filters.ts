import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { PostgresServer } from '../../local-postgres/server';

/** A metric filter of the assembly over the PostgreSQL log of every server. */
export interface LogFilter {
  /** In CloudWatch Logs' words: `?"one text" ?"or another"`. */
  readonly pattern: string;
  readonly namespace: string;
  readonly metricName: string;
}

const ANY_OF = /^(\?"[^"]+"\s*)+$/;

/** Stands in for the metric filters of CloudWatch Logs, on the servers' real log files. */
export class LogFilters {
  private readonly read = new Map<string, number>();

  /** @throws Error naming a pattern that it cannot apply */
  constructor(
    private readonly filters: readonly LogFilter[],
    private readonly servers: readonly PostgresServer[],
  ) {
    const odd = filters.find(({ pattern }) => !ANY_OF.test(pattern));
    if (odd)
      throw new Error(`the rehearsal cannot apply the filter pattern ${odd.pattern}; it knows ?"a text" ?"or another"`);
    for (const { logFile } of servers) this.newLines(logFile);
  }

  /** Counts what the servers wrote since the last time. Lines without a match count 0, as the filters' default value says. */
  async publish(cloudWatch: Pick<CloudWatchClient, 'send'>, time: Date): Promise<void> {
    const lines = this.servers.flatMap(({ logFile }) => this.newLines(logFile));
    for (const { pattern, namespace, metricName } of this.filters) {
      const texts = [...pattern.matchAll(/"([^"]+)"/g)].map(([, text = '']) => text);
      const count = lines.filter((line) => texts.some((text) => line.includes(text))).length;
      const MetricData = [{ MetricName: metricName, Timestamp: time, Value: count }];
      await cloudWatch.send(new PutMetricDataCommand({ Namespace: namespace, MetricData }));
    }
  }

  private newLines(logFile: string): string[] {
    const from = this.read.get(logFile) ?? 0;
    const file = openSync(logFile, 'r');
    try {
      const buffer = Buffer.alloc(fstatSync(file).size - from);
      readSync(file, buffer, 0, buffer.length, from);
      // A line that is still being written waits for the next look.
      const complete = buffer.subarray(0, buffer.lastIndexOf('\n') + 1);
      this.read.set(logFile, from + complete.length);
      return complete.toString('utf8').split('\n');
    } finally {
      closeSync(file);
    }
  }
}
