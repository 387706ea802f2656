import { JOB_FUNCTIONS } from '../../contract/care/jobs';
import { METRIC_NAMESPACE } from '../../contract/metrics';
import type { AlarmMetric, ResourceName } from './compiled';
import type { SettingSource, VendedSource } from '../sources/source';
import type { SeriesSource } from './reading';
import { Untranslatable } from './untranslatable';

/** A server as the compiler knows it. */
interface CompiledServer {
  /** `primary`, `replica-1` … */
  readonly name: string;
  readonly storageCeilingBytes: number;
  readonly vcpus: number;
  readonly maxConnections: number;
  /** How much WAL a replication slot may keep on it. */
  readonly slotWalKeepBytes: number;
}

/** The resources of an environment that alarms watch. */
export interface Inventory {
  readonly environment: string;
  /** The primary first. */
  readonly servers: readonly CompiledServer[];
  readonly hasProxy: boolean;
  /** The most server connections that the proxy opens, its share of max_connections; 0 without a proxy. */
  readonly proxyConnections: number;
  /** Names of the nodes of the cache, such as `001`; empty where there is no cache. */
  readonly cacheNodes: readonly string[];
  /** Whether there is a backup vault. */
  readonly hasBackups: boolean;
  /** Whether restore drills run. */
  readonly hasDrills: boolean;
  /** Whether another database may move in. */
  readonly hasImport: boolean;
  /** Whether backups are copied to another region or account. */
  readonly hasBackupCopies: boolean;
  /** Whether people have access to the servers. */
  readonly hasAccess: boolean;
  /** The secrets that a function rotates, such as `master`. */
  readonly rotatedSecrets: readonly string[];
  /** Names of the notification topics. */
  readonly topics: readonly string[];
}

/** The resource that one alarm watches. `name` tells the alarms of a rule apart; it is empty where the rule has only one. */
export type Target =
  { readonly kind: 'environment'; readonly name: '' } | (ResourceName & { readonly server?: CompiledServer });

const DIMENSION: Record<VendedSource['of'], string> = {
  server: 'DBInstanceIdentifier',
  proxy: 'ProxyName',
  cacheNode: 'CacheClusterId',
  topic: 'TopicName',
  deadLetterQueue: 'QueueName',
  vault: 'BackupVaultName',
  drillMachine: 'StateMachineArn',
  rotationFunction: 'FunctionName',
  jobFunction: 'FunctionName',
};

/**
 * Namespace of the metrics that come from logs. A metric filter cannot set a dimension with a constant value, so the environment is
 * in the namespace.
 */
export function logNamespace(environment: string): string {
  return `${METRIC_NAMESPACE}/${environment}`;
}

/**
 * The targets of a rule: each gets an alarm. Empty where the environment has none.
 * @throws Untranslatable where the sources belong to different kinds of targets
 */
export function targetsOf(sources: readonly SeriesSource[], inventory: Inventory): Target[] {
  const kinds = [...new Set(sources.map(kindOf))];
  const [kind, other] = kinds;
  if (kind === undefined || other !== undefined) {
    throw new Untranslatable(
      `its metrics belong to different kinds of resources (${kinds.join(', ')}), which one alarm cannot combine; allowed: metrics of one kind, such as all of a server`,
    );
  }
  switch (kind) {
    case 'environment':
      return sources.every((source) => hasNeeds(source, inventory)) ? [{ kind, name: '' }] : [];
    case 'server':
      return inventory.servers
        .filter((_, index) => sources.every((source) => isOn(source, index === 0)))
        .map((server) => ({ kind, name: server.name, server }));
    case 'proxy':
      return inventory.hasProxy ? [{ kind, name: '' }] : [];
    case 'cacheNode':
      return sources.every((source) => hasNeeds(source, inventory))
        ? inventory.cacheNodes.map((name) => ({ kind, name }))
        : [];
    case 'vault':
      return inventory.hasBackups ? [{ kind, name: '' }] : [];
    case 'drillMachine':
      return inventory.hasDrills ? [{ kind, name: '' }] : [];
    case 'deadLetterQueue':
      return [{ kind, name: '' }];
    case 'topic':
      return inventory.topics.map((name) => ({ kind, name }));
    case 'rotationFunction':
      return inventory.rotatedSecrets.map((name) => ({ kind, name }));
    case 'jobFunction':
      return JOB_FUNCTIONS.map((name) => ({ kind, name }));
  }
}

function hasNeeds(source: SeriesSource, { servers, hasDrills, hasImport, cacheNodes }: Inventory): boolean {
  switch ('needs' in source ? source.needs : undefined) {
    case 'replicas':
      return servers.length > 1;
    case 'drills':
      return hasDrills;
    case 'import':
      return hasImport;
    case 'cacheReplicas':
      return cacheNodes.length > 1;
    case undefined:
      return true;
  }
}

function kindOf(source: SeriesSource): Target['kind'] {
  if (source.from === 'vended') return source.of;
  return source.from !== 'log' && source.per === 'server' ? 'server' : 'environment';
}

function isOn(source: SeriesSource, primary: boolean): boolean {
  const servers = 'servers' in source ? (source.servers ?? 'all') : 'all';
  return servers === 'all' || (servers === 'primary') === primary;
}

/** Name of a series in CloudWatch. */
export function seriesOf(
  metric: string,
  source: SeriesSource,
  target: Target,
  environment: string,
): Pick<AlarmMetric, 'namespace' | 'metricName' | 'dimensions'> {
  if (source.from === 'log') return { namespace: logNamespace(environment), metricName: metric, dimensions: {} };
  if (source.from === 'vended') {
    const resource = { kind: target.kind, name: target.name } as ResourceName;
    return {
      namespace: source.namespace,
      metricName: source.metricName,
      dimensions: { [DIMENSION[source.of]]: resource },
    };
  }
  const server: Record<string, string> = source.per === 'server' ? { Server: target.name } : {};
  return {
    namespace: METRIC_NAMESPACE,
    metricName: metric,
    dimensions: { Environment: environment, ...server },
  };
}

/**
 * A number from the configuration: the proxy's, the target server's, or the primary's where all metrics of the rule are the primary's.
 * @throws Untranslatable where the rule is not about the proxy, or about one server
 */
export function settingOf(
  metric: string,
  { setting }: SettingSource,
  target: Target,
  sources: readonly SeriesSource[],
  { servers, proxyConnections }: Inventory,
): number {
  if (setting === 'proxyConnections') {
    if (target.kind === 'proxy') return proxyConnections;
    throw new Untranslatable(`${metric} is a setting of the proxy; allowed: together with metrics of the proxy`);
  }
  const ofPrimary = target.kind === 'environment' && sources.every((source) => isPrimarys(source));
  const server = ofPrimary ? servers[0] : 'server' in target ? target.server : undefined;
  if (!server) {
    throw new Untranslatable(
      `${metric} is a setting of each server, but its rule is not about one server; allowed: together with metrics of a server or of the primary`,
    );
  }
  return server[setting];
}

function isPrimarys(source: SeriesSource): boolean {
  return 'servers' in source && source.servers === 'primary';
}
