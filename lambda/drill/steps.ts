import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { DBInstance } from '@aws-sdk/client-rds';
import { instanceName } from '../../lib/contract/drill/kinds';
import {
  type DrillState,
  type DrillStep,
  type DrillTarget,
  type InstanceProgress,
  type Measured,
  type StepEvent,
  StepError,
} from '../../lib/contract/drill/state';
import { logger } from '../shared/logger';
import { publish } from '../shared/publish';
import type { DrillSettings } from './env';
import { isDrillInstance, leftovers, progressOf } from './instances';
import { measure, measuredSeries, successSeries } from './measure';
import { isNamed, type Rds } from './rds';
import { type DrillSummary, summarize } from './summary';
import { chooseTarget, restoreInput } from './target';

/** What the steps work with. */
export interface StepContext {
  readonly settings: DrillSettings;
  readonly rds: Rds;
  /** Client of the region of the alarms. */
  readonly cloudWatch: Pick<CloudWatchClient, 'send'>;
  readonly now: () => Date;
}

type Step = (event: StepEvent<DrillStep>, context: StepContext) => Promise<unknown>;

/** The steps of a drill that call AWS. Each returns its part of the state, or throws the reason why it failed. */
export const STEPS: Readonly<Record<DrillStep, Step>> = {
  'choose-target': chooseRestore,
  restore,
  describe,
  measure: measureAndPublish,
  delete: deleteInstance,
  'describe-deleted': describeDeleted,
  sweep,
  summarize: publishAndSummarize,
};

/** How long the deletion of an instance may take, minutes. */
const DELETE_TIMEOUT_MINUTES = 60;

async function chooseRestore(event: StepEvent, { settings, rds, now }: StepContext): Promise<DrillTarget> {
  return chooseTarget(event, await rds.restorable(settings.source), settings, now());
}

async function restore(event: StepEvent, context: StepContext): Promise<{ instanceId: string | undefined }> {
  const input = restoreInput(event, present(event.state, 'target'), context.settings);
  try {
    await context.rds.restore(input);
  } catch (error) {
    if (!isNamed(error, 'DBInstanceAlreadyExistsFault')) throw error;
    // An earlier attempt of this step created it, and RDS's answer was lost.
    await findOwn(event.execution, context);
  }
  return { instanceId: input.TargetDBInstanceIdentifier };
}

async function describe({ execution, startedAt }: StepEvent, context: StepContext): Promise<InstanceProgress> {
  const { settings, now } = context;
  const instance = await findOwn(execution, context);
  if (!instance) {
    throw new StepError('RestoreFailed', `${instanceName(settings.environment, execution)} has disappeared`);
  }
  return progressOf(instance, startedAt, settings.restore.timeoutMinutes, now());
}

async function measureAndPublish(
  { startedAt, state }: StepEvent,
  { settings, cloudWatch, now }: StepContext,
): Promise<Measured> {
  const measured = measure(startedAt, state);
  await publish(cloudWatch, measuredSeries(measured), settings.environment, now());
  return measured;
}

async function deleteInstance(
  { execution }: StepEvent,
  { settings, rds, now }: StepContext,
): Promise<{ requestedAt: string }> {
  const id = instanceName(settings.environment, execution);
  const instance = await rds.find(id);
  // An instance with this name and without the tag is not a drill's: the step `restore` has reported it.
  if (instance && isDrillInstance(instance, settings) && instance.DBInstanceStatus !== 'deleting') await rds.delete(id);
  return { requestedAt: now().toISOString() };
}

async function describeDeleted(
  { execution, state }: StepEvent,
  { settings, rds, now }: StepContext,
): Promise<{ gone: boolean }> {
  const instance = await rds.find(instanceName(settings.environment, execution));
  const gone = !instance || !isDrillInstance(instance, settings);
  const since = Date.parse(present(state, 'deletion').requestedAt);
  if (!gone && now().getTime() - since > DELETE_TIMEOUT_MINUTES * 60_000) {
    throw new StepError(
      'NotDeleted',
      `${instance.DBInstanceIdentifier} is still ${instance.DBInstanceStatus} after ${DELETE_TIMEOUT_MINUTES} minutes`,
    );
  }
  return { gone };
}

async function sweep(_: StepEvent, { settings, rds, now }: StepContext): Promise<{ deleted: string[] }> {
  const old = leftovers(await rds.all(), settings, now()).map(({ DBInstanceIdentifier = '' }) => DBInstanceIdentifier);
  const outcomes = await Promise.allSettled(old.map((id) => rds.delete(id)));
  const failed = outcomes.flatMap((outcome, i) =>
    outcome.status === 'rejected' ? [`${old[i]} (${String(outcome.reason)})`] : [],
  );
  if (failed.length > 0) {
    throw new StepError('NotDeleted', `leftovers of earlier drills are not deleted: ${failed.join(', ')}`);
  }
  return { deleted: old };
}

async function publishAndSummarize(
  event: StepEvent,
  { settings, cloudWatch, now }: StepContext,
): Promise<DrillSummary> {
  // People are notified even when this fails: without the metric the drill later counts as overdue.
  await publish(cloudWatch, successSeries(event.state), settings.environment, now()).catch((error: unknown) => {
    logger.error('the success of the drill is not published', { error: String(error) });
  });
  return summarize(event, settings);
}

/**
 * The instance that this execution restored; undefined when there is none.
 * @throws StepError NameTaken when an instance of that name is not a drill's
 */
async function findOwn(execution: string, { settings, rds }: StepContext): Promise<DBInstance | undefined> {
  const id = instanceName(settings.environment, execution);
  const instance = await rds.find(id);
  if (instance && !isDrillInstance(instance, settings)) {
    throw new StepError('NameTaken', `${id} exists and was not made by a drill; it is left alone`);
  }
  return instance;
}

function present<Part extends keyof DrillState>(state: DrillState, part: Part): NonNullable<DrillState[Part]> {
  const value = state[part];
  if (value === undefined || value === null) {
    throw new Error(`the part ${part} of the drill's state is missing; the state machine is at fault`);
  }
  return value;
}
