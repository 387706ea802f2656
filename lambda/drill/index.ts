import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { RDSClient } from '@aws-sdk/client-rds';
import type { DrillStep, StepEvent } from '../../lib/contract/drill/state';
import { logger } from '../shared/logger';
import { PUBLISHER_CLIENT } from '../shared/publish';
import { readEnv } from './env';
import { type DrillRds, Rds } from './rds';
import { type StepContext, STEPS } from './steps';

/** Settings, AWS clients and clock. The rehearsal replaces RDS with a stand-in that restores real PostgreSQL. */
interface DrillDependencies extends Omit<StepContext, 'rds'> {
  readonly rds: DrillRds;
}

type Handler = (event: StepEvent<DrillStep>) => Promise<unknown>;

/** Creates the handler of the steps in STEPS. */
export function createHandler({ rds, ...dependencies }: DrillDependencies): Handler {
  const context: StepContext = { ...dependencies, rds: new Rds(rds) };
  return async (event) => {
    logger.info('step', { step: event.step, execution: event.execution });
    return STEPS[event.step](event, context);
  };
}

let run: Handler | undefined;

/** Entry point in AWS. */
export const handler: Handler = (event) => {
  run ??= createHandler(awsDependencies());
  return run(event);
};

function awsDependencies(): DrillDependencies {
  const { region, metricsRegion, ...settings } = readEnv();
  return {
    settings,
    rds: new RDSClient({ region, ...PUBLISHER_CLIENT }),
    cloudWatch: new CloudWatchClient({ region: metricsRegion, ...PUBLISHER_CLIENT }),
    now: () => new Date(),
  };
}
