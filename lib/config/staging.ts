import type { EnvironmentInput } from './schema/environment';

/** For releases before production: every part of production once, on smaller instances. */
export const staging: EnvironmentInput = {
  region: 'us-east-1',
  // Set `accountId` and delete this once the account is chosen.
  ownAccount: { enabled: false, reason: 'the account is not chosen yet, and all environments may share it' },
  network: { kind: 'create', cidr: '10.1.0.0/16', availabilityZones: ['us-east-1a', 'us-east-1b'] },
  database: {
    instanceClass: 't4g.large',
    multiAz: true,
    allocatedStorageGiB: 50,
    maxAllocatedStorageGiB: 100,
    backupRetentionDays: 7,
  },
  backups: { weeklyDays: 14, monthlyDays: 0 },
  replicas: [{ availabilityZone: 'us-east-1b' }],
  proxy: {},
  secretRotationDays: 30,
  logRetentionDays: 90,
  dns: { zoneName: 'staging.whatsapp-saas.internal' },
  notifications: { emails: ['ops@yourdomain.com'] },
};
