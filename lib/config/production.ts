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
  notifications: {
    emails: ['ops@yourdomain.com'],
    // Names and numbers are the owner's to fill in; PagerDuty and Slack, too: until then their notices go to the address above.
    contacts: [
      { role: 'Primary DBA', name: '[Name]', reach: '[Phone]' },
      { role: 'DevOps Lead', name: '[Name]', reach: '[Phone]' },
      { role: 'Slack', name: '#incidents-production', reach: 'everybody in an incident' },
      { role: 'PagerDuty', name: 'emergency escalation', reach: '[service]' },
    ],
    escalation: [
      'this page',
      'the history of Slack #database-ops',
      'page the on-call DBA',
      'the engineering manager, if it is not resolved',
    ],
  },
};
