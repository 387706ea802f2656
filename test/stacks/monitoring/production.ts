import { loadEnvironment } from '../../../lib/config';
import { loadAlerts } from '../../../lib/monitoring/alerts';
import { compile } from '../../../lib/monitoring/compiler/compile';
import { compileContext } from '../../../lib/monitoring/context';
import { METRIC_SOURCES } from '../../../lib/monitoring/sources/metric-sources';
import { once } from '../../../lib/shared/once';
import { find as findIn, onlyOne, type Properties, synthesize } from '../../support/synth';

/** Production's templates. */
export const production = once(() => synthesize('production'));

/** What the compiler makes of alerts.yml for production. */
export const compilation = once(() =>
  compile(loadAlerts(), METRIC_SOURCES, compileContext(loadEnvironment('production'))),
);

/** Properties of resources of production's Monitoring stack, by logical id. */
export const find = (type: string, properties: object = {}) => findIn(production().monitoring, type, properties);

/** All alarms except composite ones. */
export const alarms = (): Properties[] => Object.values(find('AWS::CloudWatch::Alarm'));

/** The alarm of a name. */
export const alarm = (name: string): Properties => onlyOne(find('AWS::CloudWatch::Alarm', { AlarmName: name }));

/** Reference to the topic of a name, such as `Critical`. */
export function topic(name: string): { Ref: string } {
  const ids = Object.keys(find('AWS::SNS::Topic')).filter((id) => id.startsWith(`Topics${name}`));
  return { Ref: onlyOne(Object.fromEntries(ids.map((id) => [id, id]))) };
}
