import type { DBInstance } from '@aws-sdk/client-rds';
import { DRILL_STARTED_TAG, DRILL_TAG, instancePrefix } from '../../lib/contract/drill/kinds';
import { type InstanceProgress, StepError } from '../../lib/contract/drill/state';
import type { DrillSettings } from './env';

/**
 * Age at which a restored instance counts as a leftover, hours. Longer than an execution can last (MACHINE_TIMEOUT in
 * lib/constructs/drills/drill-machine.ts).
 */
const LEFTOVER_HOURS = 12;

/** Statuses that last until somebody acts (RDS User Guide, "Viewing DB instance status"). */
const FAILED_STATUSES = [
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
/** Statuses in which an instance accepts log-ins. */
const USABLE_STATUSES = ['available', 'backing-up', 'storage-optimization'];

/** Whether a drill of this environment made the instance: both its name and its tag must say so. The source is never one. */
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
    // An instance without any time may be one that is being created at this moment.
    return since !== undefined && now.getTime() - since > LEFTOVER_HOURS * 3_600_000;
  });
}

/**
 * The progress of the restore by the instance's description.
 * @throws StepError RestoreFailed for a status that lasts, RestoreTimedOut when the restore takes longer than it may
 */
export function progressOf(
  { DBInstanceStatus: status = 'unknown', Endpoint }: DBInstance,
  startedAt: string,
  timeoutMinutes: number,
  now: Date,
): InstanceProgress {
  if (FAILED_STATUSES.includes(status)) {
    throw new StepError(
      'RestoreFailed',
      `the restored instance has the status ${status}, from which it does not recover`,
    );
  }
  const ready = USABLE_STATUSES.includes(status) && Endpoint?.Address !== undefined;
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
