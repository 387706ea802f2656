import type { DBInstance } from '@aws-sdk/client-rds';
import { DRILL_STARTED_TAG, DRILL_TAG, instancePrefix } from '../../lib/contract/drill';
import { type InstanceProgress, StepError } from '../../lib/contract/drill-state';
import type { DrillSettings } from './env';

/**
 * After this a restored instance is a leftover, whatever became of its drill. Longer than an execution can last (MACHINE_TIMEOUT in
 * lib/constructs/drills/restore-drill.ts). Hours.
 */
export const LEFTOVER_HOURS = 12;

/** Statuses that an instance does not leave by itself (RDS User Guide, "Viewing DB instance status"). */
const HOPELESS = [
  'failed',
  'inaccessible-encryption-credentials',
  'incompatible-credentials',
  'incompatible-create',
  'incompatible-network',
  'incompatible-option-group',
  'incompatible-parameters',
  'incompatible-restore',
  'insufficient-capacity',
  'restore-error',
  'storage-full',
];
/** Statuses in which it lets people in. */
const USABLE = ['available', 'backing-up', 'storage-optimization'];

/** Whether a drill of this environment made the instance: by its name and its tag, both. The source never is one. */
export function isDrillInstance(
  { DBInstanceIdentifier = '', TagList = [] }: DBInstance,
  { environment, source }: Pick<DrillSettings, 'environment' | 'source'>,
): boolean {
  return (
    DBInstanceIdentifier.startsWith(instancePrefix(environment)) &&
    !('instanceId' in source && DBInstanceIdentifier === source.instanceId) &&
    TagList.some(({ Key, Value }) => Key === DRILL_TAG && Value === environment)
  );
}

/** Instances that drills of this environment left behind. */
export function leftovers(
  instances: readonly DBInstance[],
  settings: Pick<DrillSettings, 'environment' | 'source'>,
  now: Date,
): DBInstance[] {
  return instances.filter((instance) => {
    if (!isDrillInstance(instance, settings) || instance.DBInstanceStatus === 'deleting') return false;
    const tag = instance.TagList?.find(({ Key }) => Key === DRILL_STARTED_TAG)?.Value;
    const started = tag === undefined ? NaN : Date.parse(tag);
    const since = isNaN(started) ? instance.InstanceCreateTime?.getTime() : started;
    // Without any time it may be the one that is being created at this moment.
    return since !== undefined && now.getTime() - since > LEFTOVER_HOURS * 3_600_000;
  });
}

/**
 * What the restored instance's description says.
 * @throws StepError RestoreFailed for a status that it does not leave, RestoreTimedOut after the time that it may take
 */
export function progressOf(
  { DBInstanceStatus: status = 'unknown', Endpoint }: DBInstance,
  startedAt: string,
  timeoutMinutes: number,
  now: Date,
): InstanceProgress {
  if (HOPELESS.includes(status)) {
    throw new StepError('RestoreFailed', `the restored instance is ${status}, which it does not leave by itself`);
  }
  const ready = USABLE.includes(status) && Endpoint?.Address !== undefined;
  if (!ready && now.getTime() - Date.parse(startedAt) > timeoutMinutes * 60_000) {
    throw new StepError(
      'RestoreTimedOut',
      `the restored instance is not available after ${timeoutMinutes} minutes; its status is ${status}`,
    );
  }
  return {
    ready,
    status,
    at: now.toISOString(),
    ...(ready ? { host: Endpoint.Address, port: Endpoint.Port ?? 5432 } : {}),
  };
}
