import { Signer } from '@aws-sdk/rds-signer';
import {
  type CheckStep,
  type Connected,
  type SweptCopies,
  type Recovered,
  type StepEvent,
  StepError,
  type Validated,
} from '../../lib/contract/drill/state';
import { errorCode } from '../shared/errors';
import { logger } from '../shared/logger';
import { readRdsCa } from '../shared/rds-ca';
import { type DrillCheckSettings, readEnv, type ServerAddress } from './env';
import { type LoginOptions, sessionsOf } from './sessions';
import { STEPS } from './steps';

/** Settings, log-ins and clock; the rehearsal and tests replace what only AWS has. */
interface DrillCheckDependencies extends Omit<LoginOptions, 'database'> {
  readonly settings: DrillCheckSettings;
  readonly now: () => Date;
}

type Handler = (event: StepEvent<CheckStep>) => Promise<Connected | Validated | Recovered | SweptCopies>;

/** Creates the handler of the steps in STEPS. Every error of a session is thrown as a StepError, for the state machine to tell apart. */
export function createHandler({ settings, now, ...login }: DrillCheckDependencies): Handler {
  const withSession = sessionsOf({ database: settings.database, ...login });
  return async (event) => {
    logger.info('step', { step: event.step, execution: event.execution });
    const restored = addressIn(event);
    const step = STEPS[event.step];
    try {
      return await step.run({ event, restored, ...settings, withSession, now });
    } catch (error) {
      if (error instanceof StepError) throw error;
      // Only the code: PostgreSQL's messages may quote data.
      throw new StepError(step.failure, `a session failed with ${errorCode(error)}`);
    }
  };
}

function addressIn({ state: { instance } }: StepEvent): ServerAddress {
  const { host, port } = instance ?? {};
  if (host === undefined || port === undefined) {
    throw new Error('the restored instance has no address in the state; the state machine is at fault');
  }
  return { host, port };
}

let run: Handler | undefined;

/** Entry point in AWS. */
export const handler: Handler = (event) => {
  run ??= createHandler(awsDependencies());
  return run(event);
};

function awsDependencies(): DrillCheckDependencies {
  const { region, caFile, ...settings } = readEnv();
  return {
    settings,
    ca: readRdsCa(caFile),
    password: (role, { host, port }) => new Signer({ hostname: host, port, region, username: role }).getAuthToken(),
    now: () => new Date(),
  };
}
