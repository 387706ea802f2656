import { InvalidConfig, parseEnvironment } from '../../lib/config/parse';
import { production } from '../../lib/config/production';
import { loadAlerts } from '../../lib/monitoring/alerts';
import { compile } from '../../lib/monitoring/compiler/compile';
import { UntranslatableAlerts } from '../../lib/monitoring/compiler/untranslatable';
import { compileContext } from '../../lib/monitoring/context';
import { METRIC_SOURCES } from '../../lib/monitoring/sources/metric-sources';

/** A field, a value that AWS or this project cannot do anything with, a part of what the message allows, and what else is set. */
type Row = readonly [path: string, value: unknown, allowed: string, also?: Readonly<Record<string, unknown>>];

const VAULT = ':backup-vault:copies';
const subnets = (...digits: number[]) => digits.map((digit) => `subnet-0123456789abcdef${digit}`);
const imported = {
  kind: 'import',
  vpcId: 'vpc-0123456789abcdef0',
  cidr: '10.9.0.0/16',
  availabilityZones: ['us-east-1b', 'us-east-1c'],
  applicationSubnetIds: subnets(0, 1),
  databaseSubnetIds: subnets(2, 3),
};
const publicSubnets = { 'network.publicSubnets': true };
const twoZones = { replicas: [], 'network.availabilityZones': ['us-east-1a', 'us-east-1b'] };
const large = { 'database.allocatedStorageGiB': 500, 'database.maxAllocatedStorageGiB': 1000 };
const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`tag${i}`, 'x']));
const ada = { 'recovery.approvers': ['ada'] };
const RATIO = '0 or more and less than 1';

const rows: readonly Row[] = [
  // Accounts, regions and zones.
  ['accountId', '12345678901', 'an AWS account id of 12 digits'],
  ['region', 'us-east-9', 'us-east-1, us-east-2'],
  ['region', 'eu-wst-1', 'a region of AWS’s partition "aws"'],
  ['region', 'US-EAST-1', 'us-east-1'],
  ['region', 'cn-north-1', 'a region of AWS’s partition "aws"'],
  ['region', 'us-gov-west-1', 'a region of AWS’s partition "aws"'],
  ['region', '', 'a region of AWS’s partition "aws"'],
  ['backups.recoveryRegion', 'us-west-9', 'us-west-1, us-west-2'],
  ['backups.recoveryRegion', 'cn-northwest-1', 'a region of AWS’s partition "aws"'],
  ['network.availabilityZones.1', 'us-east-1z', 'us-east-1a, us-east-1b', { replicas: [] }],
  ['network.availabilityZones.1', 'us-east-9a', 'an availability zone of a region', { replicas: [] }],
  ['network.availabilityZones.1', 'use1-az3', 'an availability zone of a region', { replicas: [] }],
  ['network.availabilityZones', ['us-east-1a'], 'at least 2 entries', { replicas: [] }],
  ['replicas.0.availabilityZone', 'us-east-1g', 'us-east-1a, us-east-1b'],

  // Instance classes.
  ['database.instanceClass', 'r6g.huge', 'r6g.large, r6g.xlarge'],
  ['database.instanceClass', 'r6g.24xlarge', 'r6g.16xlarge'],
  ['database.instanceClass', 'q9z.large', 'a size of t3, t4g'],
  ['database.instanceClass', 'm4.large', 'a size of t3, t4g'],
  ['database.instanceClass', 'c6gd.large', 'a size of t3, t4g'],
  ['database.instanceClass', 'constructor.large', 'a size of t3, t4g'],
  ['replicas.0.instanceClass', 'r3.large', 'a size of t3, t4g'],
  ['drills.instanceClass', 'm8i.large', 'a size of t3, t4g'],
  ['backups.restoreTesting.instanceClass', 't2.medium', 'a size of t3, t4g'],
  ['database.maxConnections', 400, 'at most 225', { 'database.instanceClass': 't4g.small' }],
  ['database.maxConnections', 150, 'at most 112', { 'drills.instanceClass': 't4g.micro' }],
  ['database.maxConnections', 5001, 'at most 5000'],

  // The network.
  ['network.kind', 'creat', 'an object whose kind is "create" or "import"'],
  ['network.cidr', '8.8.0.0/16', 'private addresses'],
  ['network.cidr', '172.32.0.0/16', 'private addresses'],
  ['network.cidr', '10.0.1.0/16', '"10.0.0.0/16", the start of that range'],
  ['network.cidr', '10.0.0.0/8', 'an IPv4 CIDR from /16 to /24'],
  ['network.cidr', '10.0.0.0/25', 'an IPv4 CIDR from /16 to /24'],
  ['network.cidr', '10.300.0.0/16', 'an IPv4 CIDR from /16 to /24'],
  ['network.cidr', '010.0.0.0/16', 'an IPv4 CIDR from /16 to /24'],
  ['network.cidr', 'fd00::/16', 'an IPv4 CIDR from /16 to /24'],
  ['network.cidr', '10.0.0.0/22', '/21 or a larger range, with public subnets in 3 zones', publicSubnets],
  ['network.cidr', '10.0.0.0/23', '/22 or a larger range', { ...publicSubnets, ...twoZones }],
  ['network.cidr', '9.9.0.0/16', 'private addresses', { network: imported, replicas: [] }],
  [
    'network.databaseSubnetIds',
    subnets(1, 2),
    'subnets that are not among applicationSubnetIds',
    { network: imported, replicas: [] },
  ],
  ['network.vpcId', 'my-vpc', 'a VPC id', { network: imported, replicas: [] }],
  ['dns.zoneName', 'rds.amazonaws.com', 'not AWS’s own'],
  ['dns.zoneName', `${'x'.repeat(64)}.internal`, 'a domain name'],

  // The database.
  ['database.databaseName', 'rdsadmin', 'a name that neither RDS nor PostgreSQL reserves'],
  ['database.databaseName', 'template0', 'a name that neither RDS nor PostgreSQL reserves'],
  ['database.databaseName', 'template1', 'a name that neither RDS nor PostgreSQL reserves'],
  ['database.databaseName', 'postgres', 'a name that neither RDS nor PostgreSQL reserves'],
  ['database.databaseName', 'user', 'a name that neither RDS nor PostgreSQL reserves'],
  ['database.databaseName', 'Salons', 'a PostgreSQL name in lower case'],
  ['database.allocatedStorageGiB', 65536, 'at most 52012'],
  ['database.iops', 64001, 'at most 64000', large],
  ['database.throughputMiBps', 4000, 'at most a quarter of the IOPS', { ...large, 'database.iops': 12000 }],
  ['database.throughputMiBps', 3500, 'at most a quarter of the IOPS', large],
  ['database.throughputMiBps', 4001, 'at most 4000', { ...large, 'database.iops': 64000 }],
  [
    'database.deletionProtection.reason',
    '            ',
    'a sentence',
    { 'database.deletionProtection.enabled': false },
  ],
  ['database.backupRetentionDays', Number.NaN, 'a value of type number'],
  ['database.maxConnections', 100.5, 'a value of type int'],

  // Backups and drills.
  ['backups.recoveryAccountVaultArn', `arn:aws:backup:us-west-2:210987654321${VAULT}`, 'own region, us-east-1'],
  ['backups.recoveryAccountVaultArn', `arn:aws-cn:backup:us-east-1:210987654321${VAULT}`, 'the ARN of a backup vault'],
  ['drills.table', 'invoices', '"salons", "bookings"'],
  ['drills.table', '_prisma_migrations', '"salons", "bookings"'],
  [
    'drills.reason',
    '\t\n\u00a0          ',
    'a sentence',
    { 'drills.enabled': false, 'backups.restoreTesting': undefined },
  ],

  // People.
  ['notifications.emails.1', 'Ops@YourDomain.com', 'each entry once'],
  ['notifications.emails.0', 'ops at yourdomain', 'a valid email'],
  ['notifications.contacts.0.name', '   ', 'a line of text that is not blank'],
  ['notifications.contacts.0.reach', 'one\ntwo', 'a line of text that is not blank'],
  ['notifications.escalation.0', ' ', 'a line of text that is not blank'],
  ['notifications.runbookBaseUrl', 'http://runbooks.internal', 'an https address'],
  ['notifications.runbookBaseUrl', `https://runbooks.internal/${'x'.repeat(100)}`, 'at most 100 characters'],
  ['notifications.runbookBaseUrl', 'https://runbooks.internal/?page=', 'without a query'],
  ['recovery.approvers.1', 'ada', 'each entry once', { 'recovery.approvers': ['ada', 'ada'] }],
  ['recovery.approvers.0', 'arn:aws-cn:iam::123456789012:role/Approver', 'the name of an IAM user', ada],
  ['recovery.approvers.0', 'arn:aws:iam::123456789012:role/*', 'the name of an IAM user', ada],

  // Tags.
  ['tags', tags(50), 'at most 44 tags'],
  ['tags', Object.fromEntries(Object.keys(tags(30)).map((key) => [key, 'x'.repeat(120)])), '1500 characters in all'],
  ['tags.aws:team', 'database', 'a key that does not begin with aws:'],
  ['tags.AWS:team', 'database', 'a key that does not begin with aws:'],
  ['tags.Environment', 'test', 'a key other than Application, Environment'],
  ['tags.application', 'other', 'a key other than Application, Environment'],
  ['tags.whatsapp-saas:backup', 'production', 'a key other than Application, Environment'],
  ['tags.team', '<database>', 'a value of letters'],
  ['tags.team!', 'database', 'a key of letters'],
  ['tags. ', 'database', 'a key of 1 to 128 characters'],
  ['tags.team', 'x'.repeat(129), 'a value of at most 128 characters'],
  ['tags.team', 'two', 'keys that differ in more than their case', { tags: { Team: 'one', team: 'two' } }],

  // Thresholds of alerts, in the unit of their metric.
  ['alerts.overrides.PostgreSQLTooManyConnections.threshold', 1.5, RATIO],
  ['alerts.overrides.PostgreSQLTooManyConnections.threshold', 80, RATIO],
  ['alerts.overrides.PostgreSQLTableBloat.threshold', 20, RATIO],
  ['alerts.overrides.HighMessageFailureRate.threshold', 5, RATIO],
  ['alerts.overrides.PostgreSQLSequenceExhaustion.threshold', -0.1, RATIO],
  ['alerts.overrides.PostgreSQLCacheHitRatioLow.threshold', 95, 'more than 0 and 1 or less'],
  ['alerts.overrides.PostgreSQLDiskSpaceLow.threshold', 20, 'more than 0 and 1 or less'],
  ['alerts.overrides.PostgreSQLStorageNotGrowing.threshold', 1.1, 'more than 0 and 1 or less'],
  ['alerts.overrides.PostgreSQLProxyPinning.threshold', 20, RATIO],
  ['alerts.overrides.PostgreSQLReplicationSlotWalHeld.threshold', 2, RATIO],
  ['alerts.overrides.PostgreSQLCpuHigh.threshold', 101, '0 or more and less than 100'],
  ['alerts.overrides.PostgreSQLEbsIoBalanceLow.threshold', 101, 'more than 0 and 100 or less'],
  ['alerts.overrides.PostgreSQLRecoveryPointOld.threshold', -900, '0 or more'],
  ['alerts.overrides.PostgreSQLCertificateExpiring.threshold', -1, 'more than 0'],
  ['alerts.overrides.PostgreSQLDeadlocks.threshold', -1, '0 or more'],
  ['alerts.overrides.PostgreSQLTransactionIdsHigh.threshold', 3e9, '0 or more and less than 2147483648'],
  ['alerts.overrides.PostgreSQLCpuHigh.threshold', Number.NaN, 'a value of type number'],
];

/** The faults of production with a field changed; anything else that is thrown is a fault of this project. */
function faultsOf([path, value, , also = {}]: Row): readonly string[] {
  const draft: Record<string, unknown> = structuredClone({ ...production });
  for (const [key, other] of Object.entries(structuredClone(also))) set(draft, key, other);
  set(draft, path, value);
  try {
    compile(loadAlerts(), METRIC_SOURCES, compileContext(parseEnvironment('production', draft)));
  } catch (error) {
    if (error instanceof InvalidConfig || error instanceof UntranslatableAlerts) return error.faults;
    throw error;
  }
  return [];
}

/** Keys of tags and names of alerts have no point in them. */
function set(draft: Record<string, unknown>, path: string, value: unknown): void {
  const [first = '', ...rest] = path.split('.');
  if (rest.length === 0) draft[first] = value;
  else set((draft[first] ??= {}) as Record<string, unknown>, rest.join('.'), value);
}

test.each(rows.map((row) => [row[0], row[1], row[2], row] as const))('%s %j: %s', (path, value, allowed, row) => {
  const found = faultsOf(row);
  expect(found).toHaveLength(1);
  const shown = typeof value === 'number' ? String(value) : JSON.stringify(value);
  expect(found[0]).toContain(`${path} is ${shown}; allowed: `);
  expect(found[0]?.split('; allowed: ')[1]).toContain(allowed);
});

test('what is refused is the value: production without it is as it should be', () => {
  expect(faultsOf(['database.maxConnections', 200, ''])).toEqual([]);
});
