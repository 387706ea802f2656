import type { EnvironmentInput } from './schema/environment';

/** For development: one small server, no replica, no proxy. */
export const dev: EnvironmentInput = {
  region: 'us-east-1',
  network: { kind: 'create', cidr: '10.2.0.0/16', availabilityZones: ['us-east-1a', 'us-east-1b'], endpointZones: 1 },
  database: {
    instanceClass: 't4g.medium',
    multiAz: false,
    allocatedStorageGiB: 50,
    maxAllocatedStorageGiB: 100,
    backupRetentionDays: 1,
    deletionProtection: { enabled: false, reason: 'dev holds no customer data and is created and deleted at will' },
  },
  backups: { dailyDays: 1, weeklyDays: 0, monthlyDays: 0 },
  secretRotationDays: {
    enabled: false,
    reason: 'dev holds no customer data, and nobody needs its secrets after it is deleted',
  },
  drills: { enabled: false, reason: 'dev holds no customer data: lost data is generated again' },
  logRetentionDays: 30,
  dns: { zoneName: 'dev.whatsapp-saas.internal' },
  notifications: { emails: ['ops@yourdomain.com'] },
};
