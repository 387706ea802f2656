import type { EnvironmentInput } from './schema/environment';

/** Serves the salons. Sizes as in the owner's document. */
export const production: EnvironmentInput = {
  region: 'us-east-1',
  // Set `accountId` and delete this once the account is chosen.
  ownAccount: { enabled: false, reason: 'the account is not chosen yet, and all environments may share it' },
  network: { kind: 'create', availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c'] },
  database: {
    instanceClass: 'r6g.xlarge',
    multiAz: true,
    allocatedStorageGiB: 100,
    maxAllocatedStorageGiB: 390,
    backupRetentionDays: 35,
  },
  backups: {
    vaultLock: { mode: 'governance', minimumDays: 7, maximumDays: 365 },
    recoveryRegion: 'us-west-2',
    restoreTesting: {},
  },
  replicas: [{ availabilityZone: 'us-east-1b' }, { availabilityZone: 'us-east-1c' }],
  proxy: {},
  // One node as in the owner's bill; what two cost and change: schema/cache/cache.ts.
  cache: { nodeType: 'r6g.large' },
  secretRotationDays: 30,
  logRetentionDays: 365,
  // At list price it costs about $1,710, cache included (npm run cost).
  budget: { monthlyUsd: 1750 },
  dns: { zoneName: 'production.whatsapp-saas.internal' },
  notifications: {
    emails: ['ops@yourdomain.com'],
    // From the owner's document; the owner fills in names and numbers, and PagerDuty and Slack: until then their notifications go to
    // the address above.
    contacts: [
      { role: 'Primary DBA', name: '[name, to be filled in]', reach: '[phone, to be filled in]' },
      { role: 'DevOps Lead', name: '[name, to be filled in]', reach: '[phone, to be filled in]' },
      { role: 'Incident channel', name: 'Slack', reach: '#incidents-production' },
      { role: 'Emergency', name: 'PagerDuty', reach: '[service, to be filled in]' },
    ],
    escalation: [
      'this page',
      'the history of Slack #database-ops',
      'page the on-call DBA',
      'the engineering manager, if it is not solved',
    ],
  },
};
