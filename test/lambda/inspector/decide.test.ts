import type { DBInstance, PendingMaintenanceAction } from '@aws-sdk/client-rds';
import { decide } from '../../../lambda/inspector/decide';
import { daysFromNow, instance, NOW } from '../../support/aws/inspected-instance';

/** Values of one inspection of the primary. */
function valuesOf(changes: Partial<DBInstance>, pendingMaintenance: PendingMaintenanceAction[] = []) {
  const { series, missing } = decide(
    [{ server: 'primary', instance: instance('db-1', changes), pendingMaintenance }],
    'primary',
    NOW,
  );
  return {
    ...Object.fromEntries(series.map(({ metric, values }) => [metric, values[0]])),
    missing: missing.map(({ field }) => field),
  } as Record<string, unknown>;
}

describe('the recovery point', () => {
  test.each([
    [0.5, 0],
    [1, 0],
    [1.5, 1800],
    [24, 23 * 3600],
  ])('without a first backup, %s hours after the creation of the server, is %s seconds old', (hours, seconds) => {
    const values = valuesOf({ LatestRestorableTime: undefined, InstanceCreateTime: daysFromNow(-hours / 24) });
    expect(values['rds_recovery_point_age_seconds']).toBe(seconds);
  });

  test('is not published without automated backups, and is reported as missing with them', () => {
    expect(valuesOf({ LatestRestorableTime: undefined, BackupRetentionPeriod: 0 })).not.toHaveProperty(
      'rds_recovery_point_age_seconds',
    );
    expect(valuesOf({ LatestRestorableTime: undefined, InstanceCreateTime: undefined })['missing']).toEqual([
      'LatestRestorableTime',
    ]);
  });

  test('is not negative when the clock of RDS is ahead', () => {
    expect(valuesOf({ LatestRestorableTime: daysFromNow(1) })['rds_recovery_point_age_seconds']).toBe(0);
  });
});

test.each<[string, PendingMaintenanceAction[], number]>([
  ['nothing', [], 365],
  ['an action that nothing forces', [{ Action: 'db-upgrade' }], 365],
  ['one that is applied in a window', [{ AutoAppliedAfterDate: daysFromNow(9) }], 9],
  ['one that is forced', [{ AutoAppliedAfterDate: daysFromNow(9), ForcedApplyDate: daysFromNow(8) }], 8],
  ['one that is scheduled', [{ CurrentApplyDate: daysFromNow(2) }, { ForcedApplyDate: daysFromNow(5) }], 2],
  ['one that is overdue', [{ ForcedApplyDate: daysFromNow(-1) }], -1],
])('pending maintenance: %s', (_, actions, days) => {
  expect(valuesOf({}, actions)['rds_forced_maintenance_days']).toBe(days);
});

test('names the fields that RDS leaves out', () => {
  const values = valuesOf({ AllocatedStorage: undefined, CertificateDetails: undefined, EngineVersion: undefined });
  expect(values['missing']).toEqual([
    'AllocatedStorage',
    'CertificateDetails.ValidTill',
    'an EngineVersion of the support calendar (found: none)',
  ]);
});
