import type { EnvironmentInput } from './schema';

/** Serves the salons: as the owner's document sizes it. */
export const production: EnvironmentInput = {
  name: 'production',
  region: 'us-east-1',
  network: { kind: 'create', availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c'] },
  database: {
    instanceClass: 'r6g.xlarge',
    multiAz: true,
    allocatedStorageGiB: 100,
    maxAllocatedStorageGiB: 390,
    backupRetentionDays: 35,
  },
  replicas: [{ availabilityZone: 'us-east-1b' }, { availabilityZone: 'us-east-1c' }],
  proxy: {},
  secretRotationDays: 30,
  logRetentionDays: 365,
  dns: { zoneName: 'production.whatsapp-saas.internal' },
  notifications: { emails: ['ops@yourdomain.com'] },
};
