import type { EnvironmentAssembly } from '../../assembly/environment-assembly';
import type { EnvironmentConfig } from '../../config/schema/environment';
import type { CompileContext } from '../../monitoring/compiler/compile';
import { compileContext } from '../../monitoring/context';
import type { EvaluatedAlarm } from '../alarms/alarm-evaluator';
import { readAlarms } from '../alarms/read-alarm';
import type { Level, Published } from './level';
import { LEVELS } from './levels';
import { replayAlarm, type ReplayedAlarm } from './replay-alarm';
import { routesOf } from './routes';

/** An alarm under the values that only its functions or AWS publish. */
export interface Replay extends ReplayedAlarm {
  /** The alert's name in alerts.yml. */
  readonly name: string;
  /** The CloudWatch alarm's name. */
  readonly alarm: string;
  /** The topics that got a message, in words. */
  readonly topics: string[];
}

/** The result of replayAlarms. */
export interface Replays {
  readonly replays: Replay[];
  /** Alarms whose threshold or duration the configuration overrides: only the person who did knows at which level they should fire. */
  readonly overridden: string[];
  /** What does not hold beyond the alarms themselves. */
  readonly faults: string[];
}

/**
 * Replays every alarm of an environment, and follows its notification to the topics.
 * @param config of the environment, as it was synthesized
 */
export function replayAlarms(assembly: EnvironmentAssembly, config: EnvironmentConfig): Replays {
  const context = compileContext(config);
  const routes = routesOf(assembly);
  const alarms = readAlarms(assembly);
  const replays: Replay[] = [];
  const overridden: string[] = [];
  const faults: string[] = [...routes.faults, ...missingAlarms(alarms, config)];
  for (const alarm of alarms) {
    const { key, server } = partsOf(alarm.name, config.name);
    const alert = key.split('-')[0] ?? key;
    const levelOf = LEVELS[key];
    const override = context.overrides[alert];
    if (override?.threshold !== undefined || override?.for !== undefined) {
      overridden.push(alarm.name);
    } else if (levelOf) {
      const stated = levelOf({ environment: config.name, server: server ?? 'primary', context });
      const level: Level = { ...stated, severity: override?.severity ?? stated.severity };
      const replayed = replayAlarm(alarm, level);
      const route = routes.of(alarm.name, level);
      replays.push({
        ...{ name: alert, alarm: alarm.name },
        ...replayed,
        topics: route.topics,
        faults: [...replayed.faults, ...route.faults],
      });
    } else {
      faults.push(
        `alarm ${alarm.name} has no levels in lib/rehearsal/replay/levels, so nothing says when it must fire`,
      );
    }
  }
  return { replays, overridden, faults };
}

/** Alarms that not every environment has, by the beginning of their names. */
const NEEDS: readonly (readonly [start: string, has: (context: CompileContext) => boolean])[] = [
  ['PostgreSQLReplicaBroken', ({ servers }) => servers.length > 1],
  ['PostgreSQLProxy', ({ hasProxy }) => hasProxy],
  ['Cache', ({ cacheNodes }) => cacheNodes.length > 0],
  ['CacheFailover', ({ cacheNodes }) => cacheNodes.length > 1],
  ['CacheReplicationLag', ({ cacheNodes }) => cacheNodes.length > 1],
  ['PostgreSQLSubscription', ({ hasImport }) => hasImport],
  ['RestoreDrill', ({ hasDrills }) => hasDrills],
  ['PostgreSQLSecretRotationFailed-', ({ rotatedSecrets }) => rotatedSecrets.length > 0],
];

/** A sentence for each alarm that the environment should have and has not. */
function missingAlarms(
  alarms: readonly EvaluatedAlarm[],
  { name: environment, ...config }: EnvironmentConfig,
): string[] {
  const context = compileContext({ name: environment, ...config });
  const names = new Set(alarms.map(({ name }) => name));
  return Object.entries(LEVELS).flatMap(([key, levelOf]) => {
    if (NEEDS.some(([start, has]) => key.startsWith(start) && !has(context))) return [];
    const ofCache = key.startsWith('Cache');
    const levels = (ofCache ? context.cacheNodes : context.servers.map(({ name }) => name)).map((server) => ({
      server,
      level: levelOf({ environment, server, context }),
    }));
    return levels
      .filter(
        ({ server, level: { servers = 'all' } }) =>
          servers === 'all' || (servers === 'primary') === (server === 'primary'),
      )
      .map(({ server, level: { fires } }) => [environment, key, ...(isOfServer(fires) ? [server] : [])].join('-'))
      .filter((name, index, all) => all.indexOf(name) === index && !names.has(name))
      .filter(
        (name) => context.overrides[partsOf(name, environment).key.split('-')[0] ?? '']?.switchedOff === undefined,
      )
      .map((name) => `alarm ${name} is missing`);
  });
}

function isOfServer(published: readonly Published[]): boolean {
  const ofServer = ['Server', 'DBInstanceIdentifier', 'CacheClusterId'];
  return published.some(({ dimensions }) => ofServer.some((name) => name in dimensions));
}

/** The alarm's name without the environment, and the server, or node of the cache, where it ends with one. */
function partsOf(name: string, environment: string): { key: string; server?: string } {
  const own = name.startsWith(`${environment}-`) ? name.slice(environment.length + 1) : name;
  const server = /-(primary|replica-\d+|\d{3})$/.exec(own)?.[1];
  return server === undefined ? { key: own } : { key: own.slice(0, -server.length - 1), server };
}
