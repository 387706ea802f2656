import type { CompileContext } from '../../monitoring/compiler/compile';
import type { Severity } from '../../shared/severities';
import { METRIC_NAMESPACE } from '../../contract/metrics';

/** Values of a metric that are published in the same minute. An empty list: none. */
export interface Published {
  readonly namespace: string;
  readonly metricName: string;
  /** A value that only a deployment knows: an expression that the JSON of the template's reference must match. */
  readonly dimensions: Readonly<Record<string, string | RegExp>>;
  readonly values: readonly number[];
}

/**
 * What an alarm is for: the levels at which it must fire and must not. They are stated here a second time, independently of alerts.yml, in the
 * metrics' own units: so a threshold, a metric, a statistic or a topic that was changed by mistake is seen. Those at the border are within a tenth
 * of the threshold where the values are not whole numbers.
 */
export interface Level {
  readonly severity: Severity;
  /** Another severity whose topic is notified too, because that of its own may be what does not work. */
  readonly also?: Severity;
  /** Just above: published for `minutes`, it fires. */
  readonly fires: readonly Published[];
  /** What does not make it fire, however long it lasts. The first is just below; before and after the fault, that is published too. */
  readonly staysOk: readonly [readonly Published[], ...(readonly Published[])[]];
  /** How long the fault lasts until the alarm fires, minutes. 0: the values are published once. */
  readonly minutes: number;
  /** A fault of so many minutes does not fire. Default: none is tried. */
  readonly tooShort?: number;
  /** Minutes from one publication to the next. Default 1. */
  readonly every?: number;
  /** Whether it fires when nothing is published at all. Default false. */
  readonly firesWithoutValues?: boolean;
  /** Servers that have the alarm, where it is of a server. Default: all. */
  readonly servers?: 'primary' | 'replicas';
}

/** What the levels of a server's alarm depend on. */
export interface Facts {
  readonly environment: string;
  /** Such as `replica-1`, for a node of the cache `001`; `primary` for alarms that are not of a server. */
  readonly server: string;
  readonly context: CompileContext;
}

/** Levels by the alarm's name without the environment and the server. */
export type Levels = Readonly<Record<string, (facts: Facts) => Level>>;

/** A metric of the collector or the inspector about the environment. */
export function own({ environment }: Facts, metricName: string, ...values: number[]): Published {
  return { namespace: METRIC_NAMESPACE, metricName, dimensions: { Environment: environment }, values };
}

/** A metric of the collector or the inspector about a server. */
export function ofServer({ environment, server }: Facts, metricName: string, ...values: number[]): Published {
  const dimensions = { Environment: environment, Server: server };
  return { namespace: METRIC_NAMESPACE, metricName, dimensions, values };
}

/** A count of lines in the servers' logs. */
export function logLines({ environment }: Facts, metricName: string, ...values: number[]): Published {
  return { namespace: `${METRIC_NAMESPACE}/${environment}`, metricName, dimensions: {}, values };
}

/** A metric of RDS about a server. */
export function rds({ server }: Facts, metricName: string, ...values: number[]): Published {
  const name = server === 'primary' ? /Primary/ : new RegExp(server.replace('replica-', 'Replica'));
  return { namespace: 'AWS/RDS', metricName, dimensions: { DBInstanceIdentifier: name }, values };
}

/** A metric of RDS about the proxy. */
export function proxy(_facts: Facts, metricName: string, ...values: number[]): Published {
  return { namespace: 'AWS/RDS', metricName, dimensions: { ProxyName: /Proxy/ }, values };
}

/** A metric of another service of AWS. */
export function aws(
  service: string,
  metricName: string,
  dimensions: Published['dimensions'],
  ...values: number[]
): Published {
  return { namespace: `AWS/${service}`, metricName, dimensions, values };
}

/** The server of an alarm, as the configuration has it. */
export function serverOf({ context, server }: Facts): CompileContext['servers'][number] {
  return context.servers.find(({ name }) => name === server)!;
}

/** How a metric is published, such as `ofServer`. */
type Publish = (facts: Facts, metricName: string, ...values: number[]) => Published;

/**
 * The level of an alarm on one metric.
 * @param publish how the metric is published
 * @param values just above and just below; of a list all are published in the same minute
 * @param minutes how long the fault lasts; three quarters of it are too short
 */
export function border(
  publish: Publish,
  metric: string,
  { fires, ok }: { readonly fires: number | readonly number[]; readonly ok: number | readonly number[] },
  { severity, minutes }: Pick<Level, 'severity' | 'minutes'>,
): (facts: Facts) => Level {
  return (facts) => ({
    severity,
    fires: [publish(facts, metric, ...[fires].flat())],
    staysOk: [[publish(facts, metric, ...[ok].flat())]],
    minutes,
    tooShort: Math.floor(minutes * 0.75),
  });
}
