import { production } from '../../../lib/config/production';
import type { EnvironmentInput } from '../../../lib/config/schema/environment';

/** A vault of another account. */
export const OTHER_VAULT = 'arn:aws:backup:us-east-1:210987654321:backup-vault:copies';

/** Every option that production leaves out. */
export const EVERYTHING: EnvironmentInput['backups'] = {
  ...production.backups,
  hourlyDays: 7,
  audit: true,
  recoveryAccountVaultArn: OTHER_VAULT,
  crossRegionPointInTime: {},
};
