import type { Publication, Servers } from '../../contract/collected-query';

/** What CloudWatch makes of a period without a value. */
export type MissingData = 'breaching' | 'notBreaching' | 'ignore' | 'missing';

/** How the values of one period become one value. */
export type Statistic = 'Average' | 'Maximum' | 'Minimum' | 'SampleCount' | 'Sum';

interface Described {
  /** What a value says, with its unit. */
  readonly meaning: string;
}

/** What CloudWatch keeps a time series of. */
interface Metric extends Described {
  /**
   * `boolean`: 0 or 1; `count`: whole and never negative. Tells the compiler what an equality means, because CloudWatch has no alarm
   * on equality; and of a sum of AWS's own counts, that no value means 0.
   */
  readonly domain: 'boolean' | 'count' | 'number';
  /** Seconds between two values, also the shortest period of its alarms. */
  readonly periodSeconds: number;
  /** What its alarms make of missing values. `ignore` and `notBreaching` rely on the heartbeat alarm of the publisher. */
  readonly missingData: MissingData;
}

/**
 * A metric of our own, in METRIC_NAMESPACE under its Prometheus name, with the dimension `Environment`.
 *  - `server`: a series for each server, told apart by the dimension `Server`.
 *  - `environment`: one series. A query's rows (a salon, a table, a slot) and the servers are values of it, never dimensions:
 *    Maximum or Minimum over them is the alarm, and the bill is one metric instead of a thousand.
 */
export interface PublishedSource extends Metric, Publication {
  readonly from: 'collector' | 'inspector' | 'drill';
  /**
   * Hours of a month in which it gets values, for its price. Default: all. CloudWatch charges a custom metric by the hour that it is
   * sent in (its pricing page; unconfirmed here by a bill).
   */
  readonly hoursAMonth?: number;
  /** What an environment must have for its alarms to make sense: without a replica none can be connected. */
  readonly needs?: 'replicas' | 'drills';
}

/** A metric that AWS publishes. */
export interface VendedSource extends Metric {
  readonly from: 'vended';
  readonly namespace: 'AWS/RDS' | 'AWS/Backup' | 'AWS/SNS' | 'AWS/SQS' | 'AWS/Lambda' | 'AWS/States';
  readonly metricName: string;
  /** What its series stand for: a server, the proxy, each notification topic, the dead-letter queue, the backup vault, the state machine of the drills. */
  readonly of: 'server' | 'proxy' | 'topic' | 'deadLetterQueue' | 'vault' | 'drillMachine';
  /** Only where `of` is `server`. */
  readonly servers?: Servers;
  readonly statistic: Statistic;
}

/** A metric filter over the PostgreSQL log of every server, one series in all. */
export interface LogSource extends Metric {
  readonly from: 'log';
  /** Filter pattern of CloudWatch Logs. */
  readonly pattern: string;
}

/** A number that the configuration states; the compiler works it out at synthesis. */
export interface SettingSource extends Described {
  readonly from: 'setting';
  /** Which number. */
  readonly setting: 'storageCeilingBytes' | 'vcpus' | 'maxConnections' | 'slotWalKeepBytes';
}

/** Events of EventBridge, for what no metric carries: an alert on it becomes a rule that notifies, without a state to clear. */
export interface EventSource extends Described {
  readonly from: 'event';
  readonly pattern: {
    readonly source: readonly string[];
    readonly detailType: readonly string[];
    readonly detail?: Readonly<Record<string, readonly unknown[]>>;
  };
  /** What an environment must have for such events to be its own. */
  readonly needs?: 'backups' | 'backupCopies';
}

/** Where a name in an alert's expression gets its values. */
export type MetricSource = PublishedSource | VendedSource | LogSource | SettingSource | EventSource;
