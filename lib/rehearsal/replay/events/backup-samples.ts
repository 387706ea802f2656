import type { EventFacts, SampleEvent } from './sample-event';

const OTHER_VAULT = 'arn:aws:backup:us-east-1:111111111111:backup-vault:of-somebody-else';
/** A reason, which a notification must quote. */
const WHY = 'the vault is locked';

const event = (job: 'Backup' | 'Copy' | 'Restore', detail: object) => ({
  source: 'aws.backup',
  'detail-type': `${job} Job State Change`,
  time: '2026-11-26T09:15:04Z',
  detail: { resourceType: 'RDS', ...detail },
});

/** Events of AWS Backup (AWS Backup Developer Guide, "Monitoring events using EventBridge"). */
export function backupEvents(facts: EventFacts): SampleEvent[] {
  return [...jobs(facts), ...copies(facts), ...restores(facts), ...lookAlikes(facts)];
}

function jobs({ vaults }: EventFacts): SampleEvent[] {
  const job = (what: string, rule: string, detail: object, quotes?: string): SampleEvent => ({
    what,
    rules: [rule],
    ...(quotes !== undefined && { quotes }),
    event: event('Backup', detail),
  });
  return [
    job('a completed backup', 'BackupCompleted', { state: 'COMPLETED', backupVaultArn: vaults[0] }),
    ...vaults.flatMap((backupVaultArn) => [
      ...['FAILED', 'ABORTED', 'EXPIRED'].flatMap((state) => [
        job(`a backup that is ${state}`, 'BackupFailed', { state, backupVaultArn, statusMessage: WHY }, WHY),
        job(`a backup that is ${state}, without a reason`, 'BackupFailedWithoutSentence', { state, backupVaultArn }),
      ]),
      job(
        'a completed backup with a remark',
        'BackupWithRemark',
        { state: 'COMPLETED', backupVaultArn, statusMessage: WHY },
        WHY,
      ),
    ]),
  ];
}

function copies({ vaults: [sourceBackupVaultArn] }: EventFacts): SampleEvent[] {
  const failed = { state: 'FAILED', sourceBackupVaultArn };
  return [
    { what: 'a copy', rules: ['CopyCompleted'], event: event('Copy', { state: 'COMPLETED', sourceBackupVaultArn }) },
    {
      what: 'a copy that failed',
      rules: ['PostgreSQLBackupCopyFailed'],
      quotes: WHY,
      event: event('Copy', { ...failed, statusMessage: WHY }),
    },
    {
      what: 'a copy that failed, without a reason',
      rules: ['PostgreSQLBackupCopyFailedWithoutSentence'],
      event: event('Copy', failed),
    },
  ];
}

function restores({ vaults: [backupVaultArn], restoreTestingPlan }: EventFacts): SampleEvent[] {
  return [
    {
      what: 'a restore that failed',
      rules: ['PostgreSQLRestoreFailed'],
      quotes: WHY,
      event: event('Restore', { status: 'FAILED', backupVaultArn, statusMessage: WHY }),
    },
    {
      what: 'a restore that was aborted, without a reason',
      rules: ['PostgreSQLRestoreFailedWithoutSentence'],
      event: event('Restore', { status: 'ABORTED', backupVaultArn }),
    },
    {
      what: 'a restore',
      rules: ['RestoreCompleted'],
      event: event('Restore', { status: 'COMPLETED', backupVaultArn }),
    },
    ...(restoreTestingPlan === undefined
      ? []
      : [
          {
            what: 'a restore test',
            rules: ['RestoreTestingRestored', 'RestoreCompleted'],
            event: event('Restore', {
              status: 'COMPLETED',
              backupVaultArn,
              restoreTestingPlanArn: restoreTestingPlan,
            }),
          },
        ]),
  ];
}

function lookAlikes({ vaults: [backupVaultArn] }: EventFacts): SampleEvent[] {
  const others = { backupVaultArn: OTHER_VAULT, sourceBackupVaultArn: OTHER_VAULT };
  return [
    ...(['Backup', 'Copy', 'Restore'] as const).map((job) => ({
      what: `a ${job.toLowerCase()} of somebody else that failed`,
      rules: [],
      event: event(job, { state: 'FAILED', status: 'FAILED', ...others }),
    })),
    { what: 'a backup that runs', rules: [], event: event('Backup', { state: 'RUNNING', backupVaultArn }) },
    {
      what: 'a restore of a volume from our vault that failed',
      rules: [],
      event: event('Restore', { status: 'FAILED', backupVaultArn, resourceType: 'EBS' }),
    },
  ];
}
