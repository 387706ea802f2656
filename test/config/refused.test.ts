import { TABLES } from '../../lib/contract/tables';
import { type Draft, faults } from './faults';

const refused: [string, (draft: Draft) => void, string][] = [
  ['an unknown field', (c) => (c['databse'] = {}), 'databse is not a field; check its spelling and place'],
  [
    'an unknown nested field',
    (c) => (c.database['multiAZ'] = true),
    'database.multiAZ is not a field; check its spelling and place',
  ],
  [
    'a missing field',
    (c) => delete c.database['multiAz'],
    'database.multiAz is missing; allowed: a value of type boolean',
  ],
  [
    'a text for a number',
    (c) => (c.database['allocatedStorageGiB'] = '100'),
    'database.allocatedStorageGiB is "100"; allowed: a value of type number',
  ],
  [
    'a class with its prefix',
    (c) => (c.database['instanceClass'] = 'db.r6g.xlarge'),
    'database.instanceClass is "db.r6g.xlarge"; allowed: an instance class without the "db." prefix, such as "r6g.xlarge"',
  ],
  [
    'another major version',
    (c) => (c.database['engineVersion'] = '16.3'),
    'database.engineVersion is "16.3"; allowed: a minor version of PostgreSQL 15, such as "15.18"',
  ],
  [
    'a replica older than the primary',
    (c) =>
      (c['replicas'] = [{ availabilityZone: 'us-east-1b' }, { availabilityZone: 'us-east-1c', engineVersion: '15.9' }]),
    'replicas is [{"availabilityZone":"us-east-1b"},{"availabilityZone":"us-east-1c","engineVersion":"15.9"}]; allowed: for engineVersion of replica 2: 15.18, the primary’s, or newer',
  ],
  [
    'too long a retention',
    (c) => (c.database['backupRetentionDays'] = 36),
    'database.backupRetentionDays is 36; allowed: at most 35',
  ],
  [
    'a retention that CloudWatch Logs lacks',
    (c) => (c['logRetentionDays'] = 31),
    'logRetentionDays is 31; allowed: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653',
  ],
  [
    'an opt-out without a reason',
    (c) => (c.database['deletionProtection'] = false),
    'database.deletionProtection is false; allowed: true, or { enabled: false, reason: "a sentence" }',
  ],
  [
    'a log of statements without a reason',
    (c) => (c.database['diagnosticLog'] = { slowStatementsMs: 1000 }),
    'database.diagnosticLog.reason is missing; allowed: a value of type string',
  ],
  [
    'a log of nothing',
    (c) => (c.database['diagnosticLog'] = { reason: 'slow bookings, until Friday' }),
    'database.diagnosticLog is {"reason":"slow bookings, until Friday"}; allowed: at least one of slowStatementsMs, slowPlansMs and errors',
  ],
  [
    'fewer connections than the roles and the proxy take',
    (c) => {
      c.database['maxConnections'] = 100;
      c['proxy'] = { maxConnectionsPercent: 60 };
    },
    'database.maxConnections is 100; allowed: at least 70 more than the proxy’s 60 (60 %): 55 for the other roles, 10 for the master user and people, 5 that RDS reserves',
  ],
  [
    'a malformed window',
    (c) => (c.database['maintenanceWindow'] = 'Sunday 4am'),
    'database.maintenanceWindow is "Sunday 4am"; allowed: a UTC window such as "sun:04:00-sun:05:00", at least 30 minutes long',
  ],
  [
    'a window too short',
    (c) => (c.database['maintenanceWindow'] = 'sun:04:00-sun:04:20'),
    'database.maintenanceWindow is "sun:04:00-sun:04:20"; allowed: a UTC window such as "sun:04:00-sun:05:00", at least 30 minutes long',
  ],
  [
    'maintenance over the backup hour',
    (c) => (c.database['maintenanceWindow'] = 'sun:01:30-sun:02:30'),
    'database.maintenanceWindow is "sun:01:30-sun:02:30"; allowed: a window outside 02:00-04:00 UTC, when the daily backup runs',
  ],
  [
    'maintenance right after the backup',
    (c) => (c.database['maintenanceWindow'] = 'mon:03:30-mon:04:30'),
    'database.maintenanceWindow is "mon:03:30-mon:04:30"; allowed: a window outside 02:00-04:00 UTC, when the daily backup runs',
  ],
  [
    'maintenance over the week’s end',
    (c) => (c.database['maintenanceWindow'] = 'sun:23:00-mon:03:00'),
    'database.maintenanceWindow is "sun:23:00-mon:03:00"; allowed: a window outside 02:00-04:00 UTC, when the daily backup runs',
  ],
  [
    'replicas without backups',
    (c) => (
      (c['backups'] = {}),
      (c.database['backupRetentionDays'] = 0),
      (c['drills'] = { enabled: false, reason: 'nothing to restore' })
    ),
    'database.backupRetentionDays is 0; allowed: at least 1 with replicas, because RDS makes a replica from a backup of its primary',
  ],
  [
    'drills without backups',
    (c) => ((c['backups'] = {}), (c.database['backupRetentionDays'] = 0), (c['replicas'] = [])),
    'drills is missing; allowed: { enabled: false, reason: "a sentence" } without backups, because there is nothing to restore',
  ],
  [
    'a table that is no name',
    (c) => (c['drills'] = { table: 'Bookings' }),
    `drills.table is "Bookings"; allowed: ${TABLES.map((table) => `"${table}"`).join(', ')}`,
  ],
  [
    'a proxy without rotation',
    (c) => (c['secretRotationDays'] = { enabled: false, reason: 'we rotate by hand' }),
    'secretRotationDays is {"enabled":false,"reason":"we rotate by hand"}; allowed: a number of days with a proxy, because the proxy keeps the application’s password',
  ],
  [
    'IOPS under 400 GiB',
    (c) => (c.database['iops'] = 12000),
    'database.iops is 12000; allowed: nothing under 400 GiB of storage, where gp3 has fixed IOPS',
  ],
  [
    'too low a ceiling',
    (c) => (c.database['maxAllocatedStorageGiB'] = 125),
    'database.maxAllocatedStorageGiB is 125; allowed: at least 126, 126 % of the storage',
  ],
  [
    'a ceiling over the striping line',
    (c) => (c.database['maxAllocatedStorageGiB'] = 400),
    'database.maxAllocatedStorageGiB is 400; allowed: under 400, because growing past it moves the volume for hours and must be a person’s decision',
  ],
  [
    'replicas in one zone',
    (c) => (c['replicas'] = [{ availabilityZone: 'us-east-1b' }, { availabilityZone: 'us-east-1b' }]),
    'replicas is [{"availabilityZone":"us-east-1b"},{"availabilityZone":"us-east-1b"}]; allowed: for availabilityZone of replica 2: a zone that no other replica is in',
  ],
  [
    'zones of another region',
    (c) => (c['region'] = 'eu-west-1'),
    'network.availabilityZones is ["us-east-1a","us-east-1b","us-east-1c"]; allowed: different zones of eu-west-1',
  ],
  [
    'NAT gateways without public subnets',
    (c) => (c.network['natGateways'] = 1),
    'network.natGateways is 1; allowed: 0 without public subnets, where NAT gateways live',
  ],
  [
    'functions that reach nothing',
    (c) => (c.network['endpointZones'] = 0),
    'network.endpointZones is 0; allowed: at least 1 without NAT gateways, or the functions reach neither Secrets Manager nor CloudWatch',
  ],
  [
    'more idle than open connections',
    (c) => (c['proxy'] = { maxIdleConnectionsPercent: 60 }),
    'proxy.maxIdleConnectionsPercent is 60; allowed: at most maxConnectionsPercent',
  ],
  [
    'a secret’s ARN for its name',
    (c) =>
      (c['notifications'] = {
        emails: ['a@b.example'],
        pagerDuty: { integrationKeySecretName: 'arn:aws:secretsmanager:x' },
      }),
    'notifications.pagerDuty.integrationKeySecretName is "arn:aws:secretsmanager:x"; allowed: the name of a secret, not its ARN',
  ],
  [
    'a Slack channel by its name',
    (c) =>
      (c['notifications'] = {
        emails: ['a@b.example'],
        slack: { workspaceId: 'T0123ABCD', channelId: '#database-alerts' },
      }),
    'notifications.slack.channelId is "#database-alerts"; allowed: a Slack channel id such as "C0123ABCD"',
  ],
  [
    'nobody to tell',
    (c) => (c['notifications'] = { emails: [] }),
    'notifications.emails is []; allowed: at least 1 entries',
  ],
  [
    'a contact out of reach',
    (c) => (c['notifications'] = { emails: ['a@b.example'], contacts: [{ role: 'DBA', name: 'Ada' }] }),
    'notifications.contacts.0.reach is missing; allowed: a value of type string',
  ],
  [
    'an override of an unknown field',
    (c) => (c['alerts'] = { overrides: { PostgreSQLDown: { treshold: 1 } } }),
    'alerts.overrides.PostgreSQLDown.treshold is not a field; check its spelling and place',
  ],
  [
    'an override with a bad duration',
    (c) => (c['alerts'] = { overrides: { PostgreSQLDown: { for: 'soon' } } }),
    'alerts.overrides.PostgreSQLDown.for is "soon"; allowed: a duration such as 30s, 5m or 1h30m',
  ],
  [
    'an alert switched off without a reason',
    (c) => (c['alerts'] = { overrides: { PostgreSQLDown: { enabled: false } } }),
    'alerts.overrides.PostgreSQLDown.enabled is false; allowed: { enabled: false, reason: "a sentence" }',
  ],
  [
    'a protected environment whose account may have others',
    (c) => (c['ownAccount'] = true),
    'accountId is missing; allowed: the account of this environment alone, or ownAccount: { enabled: false, reason: "a sentence" } for one that it shares',
  ],
  [
    'principals of a role that is not made',
    (c) => (c['recovery'] = { approvers: ['ada'], approverPrincipals: ['arn:aws:iam::111111111111:user/bo'] }),
    'recovery.approverPrincipals is ["arn:aws:iam::111111111111:user/bo"]; allowed: none with recovery.approvers, because then there is no role to assume',
  ],
  [
    'a person who starts and approves',
    (c) => {
      const people = ['arn:aws:iam::111111111111:user/ada'];
      c['recovery'] = { approverPrincipals: people, operatorPrincipals: people };
    },
    'recovery.operatorPrincipals is ["arn:aws:iam::111111111111:user/ada"]; allowed: nobody who may approve, so that nobody approves what they started; arn:aws:iam::111111111111:user/ada may',
  ],
  [
    'more approvals than approvers',
    (c) => (c['recovery'] = { approvers: ['ada'], approvals: 2 }),
    'recovery.approvals is 2; allowed: at most the number of approvers; without any, the approver role is the only one',
  ],
  [
    'a network of no kind',
    (c) => (c.network['kind'] = 'rent'),
    'network.kind is "rent"; allowed: an object whose kind is "create" or "import"',
  ],
];

test.each(refused)('fails on %s', (_, change, sentence) => {
  expect(faults(change)).toEqual([sentence]);
});

test('fails with every fault at once, of fields and of combinations', () => {
  const found = faults((c) => {
    c.database['instanceClass'] = 7;
    c.database['iops'] = 12000;
    c['colour'] = 'blue';
  });
  expect(found).toHaveLength(3);
});
