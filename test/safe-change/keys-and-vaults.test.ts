import {
  BACKUP,
  DATABASE,
  expectRefused,
  KEY,
  NETWORK,
  type Refused,
  set,
  type Statement,
  statements,
  unset,
  VAULT,
} from './changes';

const REFUSED: readonly Refused[] = [
  [
    'use of the key',
    [DATABASE, KEY],
    statements('KeyPolicy', (list) => list.splice(1, 1)),
    ['KeyPolicy', 'update', /may no longer .*kms:CreateGrant, kms:Decrypt/, /leave those/],
  ],
  [
    'administration of the key',
    [DATABASE, KEY],
    statements('KeyPolicy', (list) => list.shift()),
    ['KeyPolicy', 'update', /kms:\*/, /leave those/],
  ],
  [
    'an action of the key',
    [DATABASE, KEY],
    statements('KeyPolicy', (list) => (list[1]!.Action as string[]).shift()),
    ['KeyPolicy', 'update', /use the key: kms:CreateGrant$/, /leave those/],
  ],
  [
    'service of the key',
    [DATABASE, KEY],
    statements('KeyPolicy', (list) => list[1]!.Condition!.StringEquals['kms:ViaService']!.shift()),
    ['KeyPolicy', 'update', /kms:Decrypt/, /leave those/],
  ],
  [
    'one of several services of the key',
    [NETWORK, 'LogsKey'],
    statements('KeyPolicy', (list) => list[2]!.Principal.Service.pop()),
    ['KeyPolicy', 'update', /kms:Decrypt, kms:GenerateDataKey$/, /leave those/],
  ],
  [
    'a denial in the key',
    [DATABASE, KEY],
    statements('KeyPolicy', (list) => list.push({ ...list[0]!, Effect: 'Deny' } as Statement)),
    ['KeyPolicy', 'update', /is denied/, /leave those/],
  ],
  [
    'a key switched off',
    [BACKUP, 'BackupsKey'],
    set('Enabled', false),
    ['Enabled', 'update', /can be read/, /keep it enabled/],
  ],
  [
    'name of a vault',
    [BACKUP, VAULT],
    set('BackupVaultName', 'vault'),
    ['BackupVaultName', 'replace', /recovery points/, /keep the name/],
  ],
  [
    'key of a vault',
    [BACKUP, VAULT],
    set('EncryptionKeyArn', 'arn:aws:kms:us-east-1:1:key/2'),
    ['EncryptionKeyArn', 'replace', /recovery points/, /second vault/],
  ],
  [
    'lock of a vault',
    [BACKUP, VAULT],
    unset('LockConfiguration'),
    ['LockConfiguration', 'update', /lock of the vault/, /keep the lock/],
  ],
  [
    'shorter lock',
    [BACKUP, VAULT],
    set('LockConfiguration', { MinRetentionDays: 1 }),
    ['LockConfiguration', 'update', /1 days instead of 7/, /keep the lock/],
  ],
  [
    'policy of a vault',
    [BACKUP, VAULT],
    statements('AccessPolicy', (list) => list.pop()),
    ['AccessPolicy', 'update', /backup:DeleteRecoveryPoint/, /keep what/],
  ],
  [
    'user in a secret',
    [DATABASE, 'DatabaseSecretsMaster'],
    set('GenerateSecretString', { PasswordLength: 40 }),
    ['GenerateSecretString', 'update', /new password/, /rotate-secret/],
  ],
  [
    'name of a secret',
    [DATABASE, 'DatabaseSecretsMaster'],
    set('Name', 'master'),
    ['Name', 'replace', /password/, /refactor/],
  ],
  [
    'name of a subnet group',
    [DATABASE, 'DatabaseSettingsSubnetGroup'],
    set('DBSubnetGroupName', 'group'),
    ['DBSubnetGroupName', 'replace', /place of the servers/, /refactor/],
  ],
  [
    'family of a parameter group',
    [DATABASE, 'DatabasePrimaryPg15'],
    set('Family', 'postgres16'),
    ['Family', 'replace', /parameters/, /beside/],
  ],
  [
    'range of the network',
    [NETWORK, 'NetworkVpc7FB7348F'],
    set('CidrBlock', '10.9.0.0/16'),
    ['CidrBlock', 'replace', /network/, /peering/],
  ],
  [
    'name of the zone',
    [DATABASE, 'DatabaseAddressesZone'],
    set('Name', 'other.internal.'),
    ['Name', 'replace', /names/, /zoneName/],
  ],
  [
    'name of a log',
    [DATABASE, 'DatabasePrimaryLogspostgresql'],
    set('LogGroupName', '/other'),
    ['LogGroupName', 'replace', /evidence/, /export/],
  ],
  [
    'retention of a log',
    [DATABASE, 'DatabasePrimaryLogspostgresql'],
    set('RetentionInDays', 30),
    ['RetentionInDays', 'update', /older than 30 days/, /export/],
  ],
];

test.each(REFUSED)('refused: %s', expectRefused);
