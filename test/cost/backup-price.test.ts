import { loadEnvironment } from '../../lib/config';
import { parseEnvironment } from '../../lib/config/parse';
import { production } from '../../lib/config/production';
import type { EnvironmentInput } from '../../lib/config/schema/environment';
import { backupPrice, restoreTestPrice } from '../../lib/cost/backup-price';
import { lineAt } from '../../lib/cost/cost-line';
import { priceListOf } from '../../lib/cost/prices';
import { DEFAULT_USAGE } from '../../lib/cost/usage';

const LINE = lineAt(priceListOf('us-east-1'));
const WITHOUT_REGION = { dailyDays: 7, weeklyDays: 0, monthlyDays: 0 };
const quantities = (change: Partial<EnvironmentInput>) => {
  const config = parseEnvironment('production', { ...production, ...change });
  const lines = [...backupPrice(config, DEFAULT_USAGE, LINE), ...restoreTestPrice(config, DEFAULT_USAGE, LINE)];
  return Object.fromEntries(lines.map(({ component, quantity }) => [component, quantity]));
};

// 100 GiB allocated: 50 GB of data, of which 1 GB changes in a day.
test('seven nightly snapshots are one whole and six days of changes', () => {
  const found = quantities({ backups: WITHOUT_REGION });
  expect(found['snapshots']).toBeCloseTo(50 + 6, 10);
  expect(found['point-in-time recovery']).toBeCloseTo(50 + 35, 10);
});

test('weekly snapshots as well add the changes between them, and no snapshot is larger than the data', () => {
  // Ages 0-6, then 7, 14, 21 days.
  expect(quantities({ backups: { ...WITHOUT_REGION, weeklyDays: 30 } })['snapshots']).toBeCloseTo(50 + 21, 10);
  const large = { ...production.database, allocatedStorageGiB: 100 };
  const monthly = quantities({ database: large, backups: { ...WITHOUT_REGION, monthlyDays: 365 } });
  // The twelfth is eleven months old: eleven months of changes, 30 days 10 hours each.
  expect(monthly['snapshots']).toBeCloseTo(50 + (11 * 730) / 24, 10);
});

test('copies are priced where they are asked for: storage and transfer', () => {
  expect(quantities({ backups: WITHOUT_REGION })).not.toHaveProperty('copies in us-west-2');
  const found = quantities({ backups: { ...WITHOUT_REGION, recoveryRegion: 'us-west-2' } });
  expect(found['copies in us-west-2']).toBeCloseTo(56, 10);
  expect(found['transfer to us-west-2']).toBeCloseTo(730 / 24, 10);
  const account = 'arn:aws:backup:us-east-1:111122223333:backup-vault:copies';
  expect(quantities({ backups: { ...WITHOUT_REGION, recoveryAccountVaultArn: account } })).toHaveProperty(
    'copies in the other account',
    56,
  );
});

test('point-in-time recovery in the recovery region and restore testing are priced where they are on', () => {
  const found = quantities({
    backups: {
      ...WITHOUT_REGION,
      recoveryRegion: 'us-west-2',
      crossRegionPointInTime: {},
      restoreTesting: { instanceClass: 't4g.large' },
    },
  });
  expect(found['point-in-time recovery in the recovery region']).toBeCloseTo(50 + 7, 10);
  expect(found['recovery point tested']).toBe(1);
  expect(found['restored instance, t4g.large']).toBe(2);
});

test('no backups cost nothing', () => {
  const { database, ...config } = loadEnvironment('dev');
  const without = { ...config, database: { ...database, backupRetentionDays: 0 } };
  expect(backupPrice(without, DEFAULT_USAGE, LINE)).toEqual([]);
});
