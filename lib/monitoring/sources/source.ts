import type { Publication, Servers } from '../../contract/collected-query';

/** How CloudWatch treats a period without a value. */
export type MissingData = 'breaching' | 'notBreaching' | 'ignore' | 'missing';

/** How the values of one period become one value. */
export type Statistic = 'Average' | 'Maximum' | 'Minimum' | 'SampleCount' | 'Sum';

/** Unit of a value, as dashboards write it. */
export type Unit = 's' | 'ms' | 'µs' | 'bytes' | 'days' | '%' | 'US dollars';

interface Described {
  /** What a value is, without its unit. Dashboards show the part before the first semicolon as the axis label. */
  readonly meaning: string;
  /** Default: none, as for counts and shares. */
  readonly unit?: Unit;
  /** The lowest value that it can have. Default 0. */
  readonly lowest?: number;
  /** The highest value that it can have. Default: 100 of a percentage, 1 of a boolean, else none. */
  readonly highest?: number;
  /** The metric or setting that it is never more than: the two divided are a share. */
  readonly atMost?: string;
}

/** A metric of which CloudWatch keeps a time series. */
interface Metric extends Described {
  /**
   * `boolean`: 0 or 1. `count`: whole and never negative. CloudWatch has no alarm on equality, so the compiler needs the domain to
   * translate one. It also tells that a missing value of a count that AWS publishes means 0.
   */
  readonly domain: 'boolean' | 'count' | 'number';
  /** Seconds between two values, also the shortest period of its alarms. */
  readonly periodSeconds: number;
  /** How its alarms treat missing values. `ignore` and `notBreaching` rely on the heartbeat alarm of the publisher. */
  readonly missingData: MissingData;
  /**
   * Minutes after its alarm is created within which its first value comes, 1 to 2,880. An alarm whose missing values count as breaching
   * waits so long before its first evaluation, or nobody could deploy an environment without an alarm. Default: unknown, which such an
   * alarm refuses.
   */
  readonly firstValueMinutes?: number;
}

/**
 * A metric that this project publishes, in METRIC_NAMESPACE under its Prometheus name, with the dimension `Environment`.
 *  - `server`: a series for each server, told apart by the dimension `Server`.
 *  - `environment`: one series. The servers and a query's rows (a salon, a table, a slot) are values of it, never dimensions: the
 *    alarm is on the Maximum or Minimum over them, and the bill is for one metric instead of a thousand.
 */
export interface PublishedSource extends Metric, Publication {
  readonly from: 'collector' | 'inspector' | 'drill' | 'job';
  /**
   * Hours of a month in which it gets values, for its price. Default: all. CloudWatch charges a custom metric for each hour in which
   * it gets values (its pricing page; not confirmed by a bill).
   */
  readonly hoursAMonth?: number;
  /** Decides on which dashboard the metric is drawn when no alarm reads it. Default: the database. */
  readonly about?: 'application';
  /** The environment must have these for the metric's alarms to make sense: without a replica none can be connected. */
  readonly needs?: 'replicas' | 'drills' | 'import';
}

/** A metric that AWS publishes. */
export interface VendedSource extends Metric {
  readonly from: 'vended';
  readonly namespace:
    'AWS/RDS' | 'AWS/ElastiCache' | 'AWS/Backup' | 'AWS/SNS' | 'AWS/SQS' | 'AWS/Lambda' | 'AWS/States';
  readonly metricName: string;
  /** The kind of resource that has a series: each server, the proxy, each notification topic … */
  readonly of:
    | 'server'
    | 'proxy'
    | 'cacheNode'
    | 'topic'
    | 'deadLetterQueue'
    | 'vault'
    | 'drillMachine'
    | 'rotationFunction'
    | 'jobFunction';
  /** Only where `of` is `server`. */
  readonly servers?: Servers;
  /** The environment must have these for its alarms to make sense: one node alone has no replica. */
  readonly needs?: 'cacheReplicas';
  readonly statistic: Statistic;
}

/** A metric filter over the PostgreSQL logs of all servers, with one series in all. */
export interface LogSource extends Metric {
  readonly from: 'log';
  /** Filter pattern of CloudWatch Logs: `"all" "of these" -"without this"`, or `?"one" ?"or another"`. */
  readonly pattern: string;
  /** Whether matching lines are rare: then the series has values only when there is one, and costs cents. Default false: others count as 0. */
  readonly rare?: true;
}

/** A number from the configuration; the compiler puts it into the expression at synthesis. */
export interface SettingSource extends Described {
  readonly from: 'setting';
  readonly setting: 'storageCeilingBytes' | 'vcpus' | 'maxConnections' | 'slotWalKeepBytes' | 'proxyConnections';
}

/** Events of EventBridge, where no metric exists. An alert on them becomes a rule that notifies and has no state to clear. */
export interface EventSource extends Described {
  readonly from: 'event';
  readonly pattern: {
    readonly source: readonly string[];
    readonly detailType: readonly string[];
    readonly detail?: Readonly<Record<string, readonly unknown[]>>;
  };
  /** The environment must have these, or the events are not about it. */
  readonly needs?: 'backups' | 'backupCopies' | 'access';
}

/** Where a name in an alert's expression gets its values. */
export type MetricSource = PublishedSource | VendedSource | LogSource | SettingSource | EventSource;

/** What a value of a source is, with its unit, as the label of an axis. */
export function axisLabelOf({ meaning, unit }: MetricSource): string {
  const [label] = meaning.split(';');
  return unit === undefined ? label! : `${label}, ${unit}`;
}
