import type { EnvironmentAssembly } from '../../assembly/environment-assembly';
import type { EvaluatedAlarm, EvaluatedMetric } from '../../rehearsal/alarms/alarm-evaluator';
import { type CompositeAlarm, readCompositeAlarms } from '../../rehearsal/alarms/minutes/composite-alarm';
import { readAlarm } from '../../rehearsal/alarms/read-alarm';
import type { Severity } from '../../shared/severities';

/** An alarm of the environment with the topic that it notifies. */
export interface WatchedAlarm extends EvaluatedAlarm {
  readonly severity: Severity;
  /** Muted in the weekly maintenance window. */
  readonly muted: boolean;
}

/** The alarms of an environment, as they are synthesized. */
export interface Watched {
  readonly alarms: readonly WatchedAlarm[];
  /** The alarms that page. */
  readonly composites: readonly CompositeAlarm[];
  /** Names of the paging alarms that are muted in the maintenance window. */
  readonly mutedComposites: readonly string[];
}

interface Reference {
  readonly Ref?: string;
  readonly 'Fn::GetAtt'?: readonly [string, string];
}

/**
 * Reads all alarms of an assembly.
 * @throws Error naming an alarm that notifies no topic of a severity
 */
export function readWatched(assembly: EnvironmentAssembly): Watched {
  const mutedIds = assembly
    .ofType('AWS::CloudWatch::AlarmMuteRule')
    // That of the cache has another window, in which nothing is planned.
    .filter(({ logicalId }) => !logicalId.includes('CacheMute'))
    .flatMap(({ properties }) => (properties['MuteTargets'] as { AlarmNames: Reference[] }).AlarmNames)
    .map(({ Ref = '' }) => Ref);
  const found = assembly.ofType('AWS::CloudWatch::Alarm');
  const composites = assembly.ofType('AWS::CloudWatch::CompositeAlarm');
  return {
    alarms: found.map(({ logicalId, properties }) => ({
      ...readAlarm(properties),
      severity: severityOf(String(properties['AlarmName']), (properties['AlarmActions'] ?? []) as Reference[]),
      muted: mutedIds.includes(logicalId),
    })),
    composites: readCompositeAlarms(assembly.resources),
    mutedComposites: composites
      .filter(({ logicalId }) => mutedIds.includes(logicalId))
      .map(({ properties }) => String(properties['AlarmName'])),
  };
}

/** An alarm that only pages, on an event, notifies nobody else: its rule does. */
function severityOf(name: string, actions: readonly Reference[]): Severity {
  if (actions.length === 0) return 'critical';
  const topic = /^Topics(Critical|Warning|Info)/.exec(actions[0]?.Ref ?? '')?.[1]?.toLowerCase();
  if (topic === undefined)
    throw new Error(`the alarm ${name} notifies ${JSON.stringify(actions)}; allowed: a severity's topic`);
  return topic as Severity;
}

/**
 * The server of a metric: by the collector's dimension, or by the reference to the instance; of the cache the node, such as `001`. Undefined
 * where it is not of one.
 */
export function serverOfMetric({ dimensions }: EvaluatedMetric): string | undefined {
  if (dimensions['Server'] !== undefined) return dimensions['Server'];
  const node = /-(\d{3})\b/.exec(dimensions['CacheClusterId'] ?? '')?.[1];
  if (node !== undefined) return node;
  const instance = dimensions['DBInstanceIdentifier'];
  if (instance === undefined) return undefined;
  const replica = /Replica(\d)/.exec(instance)?.[1];
  return replica === undefined ? 'primary' : `replica-${replica}`;
}
