import type { RestoreDBInstanceToPointInTimeCommandInput } from '@aws-sdk/client-rds';
import { DRILL_STARTED_TAG, DRILL_TAG, fractionOf, instanceName } from '../../lib/contract/drill/kinds';
import { type DrillTarget, type StepEvent, StepError } from '../../lib/contract/drill/state';
import type { DrillSettings } from './env';
import { readInput } from './input';

/** The time span to which the source can be restored, and how RDS names the source. */
export interface Restorable {
  readonly source: DrillTarget['source'];
  readonly earliest: Date;
  readonly latest: Date;
}

const DAY_MS = 86_400_000;

/**
 * What the execution restores. A point-in-time drill without a targetTime restores a moment of the 24 hours before the latest restorable
 * one; it depends on the execution's name, so that every attempt chooses the same.
 * @throws StepError InvalidInput, NotRestorable
 */
export function chooseTarget(
  { execution, purpose, state }: Pick<StepEvent, 'execution' | 'purpose' | 'state'>,
  restorable: Restorable,
  { restore, table: drillTable }: Pick<DrillSettings, 'restore' | 'table'>,
  now: Date,
): DrillTarget {
  const { drill, targetTime, table } = readInput(state.input, purpose, drillTable);
  const restoreTime =
    drill === 'pointInTime' ? pointInTime(execution, targetTime, restorable).toISOString() : undefined;
  return {
    drill,
    source: restorable.source,
    restoreTime,
    wantedAt: restoreTime ?? now.toISOString(),
    instanceClass: drill === 'full' ? restore.fullInstanceClass : restore.instanceClass,
    table,
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
      `targetTime is ${targetTime}; allowed: from ${earliest.toISOString()} to ${latest.toISOString()}, the moments that RDS can restore`,
    );
  }
  return wanted;
}

/** RDS restores to whole seconds. */
function wholeSecond(ms: number): Date {
  return new Date(Math.floor(ms / 1000) * 1000);
}

/**
 * Input of the restore. It sets everything that RDS would otherwise choose: without Tags RDS copies the source's tags, and the backup plan
 * would select the restored instance by them; without a parameter group, security group or subnet group it takes the account's defaults
 * (RDS API Reference, RestoreDBInstanceToPointInTime).
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
    // No MaxAllocatedStorage: RDS refuses a ceiling too close to the size of the source, and the restored instance is deleted before it grows.
    BackupRetentionPeriod: 0,
    DeletionProtection: false,
    CopyTagsToSnapshot: true,
    EnableIAMDatabaseAuthentication: true,
    // Exported logs would leave a log group for every drill.
    EnableCloudwatchLogsExports: [],
    CACertificateIdentifier: 'rds-ca-rsa2048-g1',
    AutoMinorVersionUpgrade: false,
    EngineLifecycleSupport: restore.engineLifecycleSupport,
  };
}
