import { changedStack, DATABASE, expectRefused, PRIMARY, type Refused, REPLICA, set, unset } from './changes';
import { judged, judgedRecords } from './states';

const REFUSED: readonly Refused[] = [
  [
    'master user name',
    [DATABASE, PRIMARY],
    set('MasterUsername', 'root'),
    ['MasterUsername', 'replace', /data/, /role in a migration/],
  ],
  [
    'encryption off',
    [DATABASE, PRIMARY],
    set('StorageEncrypted', false),
    ['StorageEncrypted', 'replace', /data/, /recovery point/],
  ],
  [
    'another key',
    [DATABASE, PRIMARY],
    set('KmsKeyId', 'arn:aws:kms:us-east-1:1:key/2'),
    ['KmsKeyId', 'replace', /data/, /recovery point/],
  ],
  ['the default key', [DATABASE, PRIMARY], unset('KmsKeyId'), ['KmsKeyId', 'replace', /data/, /recovery point/]],
  [
    'subnet group of a server',
    [DATABASE, PRIMARY],
    set('DBSubnetGroupName', 'other'),
    ['DBSubnetGroupName', 'replace', /data/, /add subnets/],
  ],
  ['engine', [DATABASE, PRIMARY], set('Engine', 'mysql'), ['Engine', 'may replace', /data/, /only PostgreSQL/]],
  [
    'major version',
    [DATABASE, PRIMARY],
    set('EngineVersion', '16.3'),
    ['EngineVersion', 'update', /from 15 to 16/, /blue\/green/],
  ],
  ['database name', [DATABASE, PRIMARY], set('DBName', 'salons'), ['DBName', 'replace', /data/, /databaseName/]],
  ['port', [DATABASE, PRIMARY], set('Port', '5433'), ['Port', 'replace', /data/, /refactor/]],
  [
    'restore from a snapshot',
    [DATABASE, PRIMARY],
    set('DBSnapshotIdentifier', 'old'),
    ['DBSnapshotIdentifier', 'may replace', /data/, /refactor/],
  ],
  [
    'deletion protection',
    [DATABASE, PRIMARY],
    set('DeletionProtection', false),
    ['DeletionProtection', 'update', /nothing stops/, /right before/],
  ],
  [
    'no backups',
    [DATABASE, PRIMARY],
    set('BackupRetentionPeriod', 0),
    ['BackupRetentionPeriod', 'may replace', /every automated backup/, /AWS Backup/],
  ],
  [
    'fewer backups',
    [DATABASE, PRIMARY],
    set('BackupRetentionPeriod', 7),
    ['BackupRetentionPeriod', 'may replace', /older than 7 days/, /AWS Backup/],
  ],
  [
    'backups go with the server',
    [DATABASE, PRIMARY],
    unset('DeleteAutomatedBackups'),
    ['DeleteAutomatedBackups', 'update', /together with the server/, /./],
  ],
  [
    'policy of the server',
    [DATABASE, PRIMARY],
    (it) => void (it['DeletionPolicy'] = 'Delete'),
    ['DeletionPolicy', 'update', /delete it/, /./],
  ],
  [
    'policy of replacement',
    [DATABASE, PRIMARY],
    (it) => void (it['UpdateReplacePolicy'] = 'Snapshot'),
    ['UpdateReplacePolicy', 'update', /only a snapshot/, /./],
  ],
  [
    'zone of a replica',
    [DATABASE, REPLICA],
    set('AvailabilityZone', 'us-east-1a'),
    ['AvailabilityZone', 'may replace', /reads/, /add a replica/],
  ],
  [
    'promotion in the template',
    [DATABASE, REPLICA],
    unset('SourceDBInstanceIdentifier'),
    ['SourceDBInstanceIdentifier', 'may replace', /reads/, /runbooks/],
  ],
  [
    'name of a replica',
    [DATABASE, REPLICA],
    set('DBInstanceIdentifier', 'r'),
    ['DBInstanceIdentifier', 'replace', /reads/, /keep the name/],
  ],
];

test.each(REFUSED)('refused: %s', expectRefused);

test('refused: another type of a resource', () => {
  const states = changedStack(DATABASE, PRIMARY, (resource) => void (resource.Type = 'AWS::RDS::DBCluster'));
  expect(judged(...states).filter(({ property }) => property === 'Type')).toMatchObject([
    { effect: 'replace', verdict: 'refused' },
  ]);
  // The record knows no resource of the other type.
  expect(judgedRecords(...states)).toMatchObject([{ effect: 'leave', verdict: 'refused' }]);
});
