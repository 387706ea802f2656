import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { EnvironmentAssembly } from '../../assembly/environment-assembly';
import type { PostgresServer } from '../../local-postgres/server';
import { filterPattern } from './filter-pattern';

/** A metric filter of CloudWatch Logs, which on AWS reads the PostgreSQL log of each server. */
export interface LogFilter {
  /** A pattern in the syntax of CloudWatch Logs, as far as `filterPattern` reads it. */
  readonly pattern: string;
  readonly namespace: string;
  readonly metricName: string;
  /** Published where no line matches. Default: nothing is. */
  readonly defaultValue?: number;
}

/** Stands in for the metric filters of CloudWatch Logs, on the servers' real log files. */
export class LogFilters {
  private readonly read = new Map<string, number>();
  private readonly matching: readonly (Omit<LogFilter, 'pattern'> & { readonly matches: (line: string) => boolean })[];

  /** @throws Error naming a pattern of another form */
  constructor(
    filters: readonly LogFilter[],
    private readonly servers: readonly PostgresServer[],
  ) {
    this.matching = filters.map(({ pattern, ...metric }) => ({ ...metric, matches: filterPattern(pattern) }));
    for (const { logFile } of servers) this.newLines(logFile);
  }

  /** Publishes how many lines of each filter the servers wrote since the last call; without a match, the filter's default value. */
  async publish(cloudWatch: Pick<CloudWatchClient, 'send'>, time: Date): Promise<void> {
    const lines = this.servers.flatMap(({ logFile }) => this.newLines(logFile));
    for (const { matches, namespace, metricName, defaultValue } of this.matching) {
      const count = lines.filter(matches).length || defaultValue;
      if (count === undefined) continue;
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
      // A line that is still being written is read by the next call.
      const complete = buffer.subarray(0, buffer.lastIndexOf('\n') + 1);
      this.read.set(logFile, from + complete.length);
      return complete.toString('utf8').split('\n');
    } finally {
      closeSync(file);
    }
  }
}

/** Reads the metric filters of an assembly, each once: on AWS there is one for each server's log group. */
export function readLogFilters(assembly: EnvironmentAssembly): LogFilter[] {
  const filters = assembly.ofType('AWS::Logs::MetricFilter').map(({ properties }): LogFilter => {
    const [transformation] = properties['MetricTransformations'] as {
      MetricNamespace: string;
      MetricName: string;
      DefaultValue?: number;
    }[];
    return {
      pattern: String(properties['FilterPattern']),
      namespace: transformation?.MetricNamespace ?? '',
      metricName: transformation?.MetricName ?? '',
      defaultValue: transformation?.DefaultValue,
    };
  });
  return filters.filter(
    ({ metricName }, index) => filters.findIndex((other) => other.metricName === metricName) === index,
  );
}
