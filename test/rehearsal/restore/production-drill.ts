import { LocalStateMachine } from '../../../lib/rehearsal/restore/state-machine';
import { drillMachineName } from '../../../lib/contract/drill/kinds';
import { synthesize } from '../../support/synth';

/** The state machine of production's restore drill, or another one of its stack. */
export function productionDrill(name = drillMachineName('production')): LocalStateMachine {
  const { Resources } = synthesize('production').drills.toJSON() as {
    Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
  };
  const resources = Object.entries(Resources).map(([logicalId, { Type: type, Properties: properties = {} }]) => ({
    logicalId,
    type,
    properties,
  }));
  return new LocalStateMachine(resources, name);
}
