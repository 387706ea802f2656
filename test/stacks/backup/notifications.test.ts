import { transform } from '../../../lib/rehearsal/replay/events/input-transformer';
import { find, onlyOne, synthesize, type Properties, type Templates } from '../../support/synth';

let production: Templates;
beforeAll(() => {
  production = synthesize('production');
});

interface SentNotification {
  readonly pattern: { readonly source: string[]; readonly 'detail-type': string[]; readonly detail: Properties };
  readonly topics: string[];
  readonly paths: Record<string, string>;
  readonly template: string;
}

/** The notifications of backups by their rule's construct. */
function notifications({ monitoring }: Templates): Record<string, SentNotification> {
  const rules = Object.entries(find(monitoring, 'AWS::Events::Rule')).filter(([id]) => id.startsWith('BackupNotices'));
  return Object.fromEntries(
    rules.map(([id, { EventPattern, Targets }]) => {
      const targets = Targets as {
        Arn: { Ref: string };
        InputTransformer: { InputPathsMap: Record<string, string>; InputTemplate: string };
        DeadLetterConfig: object;
      }[];
      for (const target of targets) expect(target).toHaveProperty('DeadLetterConfig');
      return [
        id.replace(/^BackupNotices(.*?)[0-9A-F]{8}$/, '$1'),
        {
          pattern: EventPattern as SentNotification['pattern'],
          topics: targets.map(({ Arn }) => Arn.Ref.replace(/^Topics(.*?)[0-9A-F]{8}$/, '$1')),
          paths: targets[0]?.InputTransformer.InputPathsMap ?? {},
          template: targets[0]?.InputTransformer.InputTemplate ?? '',
        },
      ];
    }),
  );
}

function rendered({ template, paths }: SentNotification, event: Properties): string {
  return transform({ InputTemplate: template, InputPathsMap: paths }, event);
}

test('success goes to the addresses, a remark to warning, failure to where the alarm goes', () => {
  const found = notifications(production);
  expect(Object.fromEntries(Object.entries(found).map(([name, { topics }]) => [name, topics]))).toEqual({
    BackupCompleted: ['Info'],
    CopyCompleted: ['Info'],
    RestoreCompleted: ['Info'],
    BackupWithRemark: ['Warning'],
    BackupFailed: ['Critical'],
    BackupFailedWithoutSentence: ['Critical'],
  });
});

test('each job says its outcome in the field that its events have', () => {
  const { BackupCompleted, BackupWithRemark, BackupFailed, CopyCompleted, RestoreCompleted } =
    notifications(production);
  const vault = [expect.anything()];
  const vaults = [expect.anything(), expect.anything()];
  expect(BackupCompleted?.pattern).toEqual({
    source: ['aws.backup'],
    'detail-type': ['Backup Job State Change'],
    detail: { state: ['COMPLETED'], backupVaultArn: vault, statusMessage: [{ exists: false }, ''] },
  });
  expect(BackupWithRemark?.pattern.detail).toEqual({
    state: ['COMPLETED'],
    backupVaultArn: vaults,
    statusMessage: [{ 'anything-but': '' }],
  });
  expect(BackupFailed?.pattern.detail).toEqual({
    state: ['FAILED', 'ABORTED', 'EXPIRED'],
    backupVaultArn: vaults,
    statusMessage: [{ exists: true }],
  });
  expect(CopyCompleted?.pattern.detail).toEqual({ state: ['COMPLETED'], sourceBackupVaultArn: vault });
  expect(RestoreCompleted?.pattern.detail).toEqual({ status: ['COMPLETED'], backupVaultArn: vault });
});

// Shaped like the events in AWS Backup's developer guide, "Monitoring AWS Backup events using Amazon EventBridge".
const failed = {
  time: '2026-11-25T03:00:01Z',
  detail: {
    backupVaultName: 'vault',
    resourceArn: 'arn:aws:rds:us-east-1:123456789012:db:primary',
    state: 'EXPIRED',
    statusMessage: 'Backup job expired before completion.',
    completionDate: '2026-11-25T03:00:00.000Z',
  },
};

test('a person reads what happened to which server', () => {
  const { BackupCompleted, BackupFailed, RestoreCompleted } = notifications(production);
  const success = { ...failed, detail: { ...failed.detail, state: 'COMPLETED' } };
  expect(rendered(BackupCompleted!, success).split('\n')).toEqual([
    '"Backup of production: COMPLETED"',
    '"Server: arn:aws:rds:us-east-1:123456789012:db:primary"',
    '"Vault: vault"',
    '"Ended: 2026-11-25T03:00:00.000Z"',
    '"Time: 2026-11-25T03:00:01Z"',
  ]);
  expect(rendered(BackupFailed!, failed).split('\n')).toEqual([
    '"Backup of production: EXPIRED"',
    '"Reason: Backup job expired before completion."',
    '"Server: arn:aws:rds:us-east-1:123456789012:db:primary"',
    '"Vault: vault"',
    '"Ended: 2026-11-25T03:00:00.000Z"',
    '"Time: 2026-11-25T03:00:01Z"',
  ]);
  expect(Object.values(RestoreCompleted!.paths)).toEqual([
    '$.detail.status',
    '$.detail.createdResourceArn',
    '$.detail.recoveryPointArn',
    '$.detail.completionDate',
    '$.time',
  ]);
});

test('copies and restores that failed are alerts, in environments that have them', () => {
  const alerts = (templates: Templates) =>
    Object.values(find(templates.monitoring, 'AWS::Events::Rule'))
      .flatMap(({ Name }) => (typeof Name === 'string' ? [Name] : []))
      .filter((name) => /Copy|Restore/.test(name));
  expect(alerts(production)).toEqual(['production-PostgreSQLBackupCopyFailed', 'production-PostgreSQLRestoreFailed']);
  expect(alerts(synthesize('dev'))).toEqual(['dev-PostgreSQLRestoreFailed']);
  const { EventPattern, Targets } = onlyOne(
    find(production.monitoring, 'AWS::Events::Rule', { Name: 'production-PostgreSQLBackupCopyFailed' }),
  );
  expect(EventPattern).toMatchObject({ 'detail-type': ['Copy Job State Change'], detail: { state: ['FAILED'] } });
  expect(JSON.stringify(Targets)).toContain('$.detail.statusMessage');
});
