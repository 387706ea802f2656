import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { RDSClient } from '@aws-sdk/client-rds';
import { instanceName } from '../../lib/contract/drill';
import { type DrillStep, type InstanceProgress, type StepEvent, StepError } from '../../lib/contract/drill-state';
import { logger } from '../shared/logger';
import { publish, PUBLISHER_CLIENT } from '../shared/publish';
import { type DrillSettings, readEnv } from './env';
import { isDrillInstance, leftovers, progressOf } from './instances';
import { measure, measuredSeries, successSeries } from './measure';
import { type DrillRds, isNamed, Rds } from './rds';
import { summarize } from './summary';
import { chooseTarget, restoreInput } from './target';

/** What only AWS can give: replaced in the rehearsal, where a stand-in of RDS restores real PostgreSQL. */
export interface DrillDependencies {
  readonly settings: DrillSettings;
  readonly rds: DrillRds;
  /** Of the region of the alarms. */
  readonly cloudWatch: Pick<CloudWatchClient, 'send'>;
  readonly now: () => Date;
}

type Handler = (event: StepEvent<DrillStep>) => Promise<unknown>;

/** How long an instance may take to go, minutes. */
const DELETE_TIMEOUT_MINUTES = 60;

/** The steps of a drill that speak with AWS. What a step returns is its part of the state; what it throws, the reason why it failed. */
export function createHandler({ settings, rds: client, cloudWatch, now }: DrillDependencies): Handler {
  const rds = new Rds(client);
  const { environment } = settings;
  const steps: Record<DrillStep, Handler> = {
    'choose-target': async (event) => chooseTarget(event, await rds.restorable(settings.source), settings, now()),
    restore: async (event) => {
      const input = restoreInput(event, present(event.state.target), settings);
      try {
        await rds.restore(input);
      } catch (error) {
        if (!isNamed(error, 'DBInstanceAlreadyExistsFault')) throw error;
        // An earlier attempt of this step made it, and its answer was lost.
        await ours(event.execution);
      }
      return { instanceId: input.TargetDBInstanceIdentifier };
    },
    describe: async ({ execution, startedAt }): Promise<InstanceProgress> => {
      const instance = await ours(execution);
      if (!instance) throw new StepError('RestoreFailed', `${instanceName(environment, execution)} has disappeared`);
      return progressOf(instance, startedAt, settings.restore.timeoutMinutes, now());
    },
    measure: async ({ startedAt, state }) => {
      const measured = measure(startedAt, state);
      await publish(cloudWatch, measuredSeries(measured), environment, now());
      return measured;
    },
    delete: async ({ execution }) => {
      const instance = await rds.find(instanceName(environment, execution));
      // One with our name and without our tag is somebody else's; the restore told of it.
      if (instance && isDrillInstance(instance, settings) && instance.DBInstanceStatus !== 'deleting') {
        await rds.delete(instanceName(environment, execution));
      }
      return { requestedAt: now().toISOString() };
    },
    'describe-deleted': async ({ execution, state }) => {
      const instance = await rds.find(instanceName(environment, execution));
      const gone = !instance || !isDrillInstance(instance, settings);
      const since = Date.parse(present(state.deletion).requestedAt);
      if (!gone && now().getTime() - since > DELETE_TIMEOUT_MINUTES * 60_000) {
        throw new StepError(
          'NotDeleted',
          `${instance.DBInstanceIdentifier} is still ${instance.DBInstanceStatus} after ${DELETE_TIMEOUT_MINUTES} minutes`,
        );
      }
      return { gone };
    },
    sweep: async () => {
      const old = leftovers(await rds.all(), settings, now()).map(
        ({ DBInstanceIdentifier = '' }) => DBInstanceIdentifier,
      );
      const outcomes = await Promise.allSettled(old.map((id) => rds.delete(id)));
      const failed = outcomes.flatMap((outcome, i) =>
        outcome.status === 'rejected' ? [`${old[i]} (${String(outcome.reason)})`] : [],
      );
      if (failed.length > 0) throw new StepError('NotDeleted', `leftovers of earlier drills: ${failed.join(', ')}`);
      return { deleted: old };
    },
    summarize: async (event) => {
      // People are told in any case: without the metric the drill counts as overdue later.
      await publish(cloudWatch, successSeries(event.state), environment, now()).catch((error: unknown) => {
        logger.error('the success is not published', { error: String(error) });
      });
      return summarize(event, settings);
    },
  };

  /** The instance that this execution restored. */
  async function ours(execution: string) {
    const id = instanceName(environment, execution);
    const instance = await rds.find(id);
    if (instance && !isDrillInstance(instance, settings)) {
      throw new StepError('NameTaken', `${id} exists and no drill made it; it is left alone`);
    }
    return instance;
  }

  return async (event) => {
    logger.info('step', { step: event.step, execution: event.execution });
    return steps[event.step](event);
  };
}

function present<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('a part of the state is missing; the state machine is at fault');
  return part;
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
