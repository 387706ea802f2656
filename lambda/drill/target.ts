import type { RestoreDBInstanceToPointInTimeCommandInput } from '@aws-sdk/client-rds';
import { DRILL_STARTED_TAG, DRILL_TAG, fractionOf, instanceName } from '../../lib/contract/drill';
import { type DrillTarget, type StepEvent, StepError } from '../../lib/contract/drill-state';
import type { DrillSettings } from './env';
import { readInput } from './input';

/** From when until when the source can be restored, and how RDS names it. */
export interface Restorable {
  readonly source: DrillTarget['source'];
  readonly earliest: Date;
  readonly latest: Date;
}

const DAY_MS = 86_400_000;

/**
 * What the execution restores. A point in time that nobody named is a moment of the last day before the latest one that can be restored,
 * the same for every attempt of an execution.
 * @throws StepError InvalidInput, NotRestorable
 */
export function chooseTarget(
  { execution, state }: Pick<StepEvent, 'execution' | 'state'>,
  restorable: Restorable,
  { restore }: Pick<DrillSettings, 'restore'>,
  now: Date,
): DrillTarget {
  const { drill, targetTime, table, keepTable = false } = readInput(state.input);
  const restoreTime =
    drill === 'pointInTime' ? pointInTime(execution, targetTime, restorable).toISOString() : undefined;
  return {
    drill,
    source: restorable.source,
    restoreTime,
    wantedAt: restoreTime ?? now.toISOString(),
    instanceClass: drill === 'full' ? restore.fullInstanceClass : restore.instanceClass,
    table,
    keepTable,
  };
}

function pointInTime(execution: string, targetTime: string | undefined, { earliest, latest }: Restorable): Date {
  if (targetTime === undefined) {
    const from = Math.max(earliest.getTime(), latest.getTime() - DAY_MS);
    return wholeSecond(from + fractionOf(execution) * (latest.getTime() - from));
  }
  const wanted = new Date(targetTime);
  if (wanted < earliest || wanted > latest) {
    throw new StepError(
      'NotRestorable',
      `targetTime is ${targetTime}; allowed: from ${earliest.toISOString()} to ${latest.toISOString()}, which is what RDS can restore`,
    );
  }
  return wanted;
}

/** RDS's moments are whole seconds. */
function wholeSecond(ms: number): Date {
  return new Date(Math.floor(ms / 1000) * 1000);
}

/**
 * The restore, with a value for everything that RDS would choose worse: without Tags it copies the source's, by which the backup plan
 * would select the copy; without a parameter group, security group or subnet group it takes the defaults of the account (RDS API
 * Reference, RestoreDBInstanceToPointInTime).
 */
export function restoreInput(
  { execution, startedAt }: Pick<StepEvent, 'execution' | 'startedAt'>,
  target: DrillTarget,
  { environment, restore }: Pick<DrillSettings, 'environment' | 'restore'>,
): RestoreDBInstanceToPointInTimeCommandInput {
  return {
    ...('instanceId' in target.source
      ? { SourceDBInstanceIdentifier: target.source.instanceId }
      : { SourceDBInstanceAutomatedBackupsArn: target.source.automatedBackupsArn }),
    ...(target.restoreTime === undefined
      ? { UseLatestRestorableTime: true }
      : { RestoreTime: new Date(target.restoreTime) }),
    TargetDBInstanceIdentifier: instanceName(environment, execution),
    Tags: [
      { Key: DRILL_TAG, Value: environment },
      { Key: DRILL_STARTED_TAG, Value: startedAt },
    ],
    DBInstanceClass: target.instanceClass,
    DBSubnetGroupName: restore.subnetGroup,
    DBParameterGroupName: restore.parameterGroup,
    VpcSecurityGroupIds: [...restore.securityGroupIds],
    PubliclyAccessible: false,
    MultiAZ: false,
    StorageType: 'gp3',
    // No MaxAllocatedStorage: RDS refuses one too close to what the source has grown to, and the copy does not live to grow.
    BackupRetentionPeriod: 0,
    DeletionProtection: false,
    CopyTagsToSnapshot: true,
    EnableIAMDatabaseAuthentication: true,
    // Exported logs would leave a log group behind for every drill.
    EnableCloudwatchLogsExports: [],
    CACertificateIdentifier: 'rds-ca-rsa2048-g1',
    AutoMinorVersionUpgrade: false,
    EngineLifecycleSupport: restore.engineLifecycleSupport,
  };
}
