import { BACKUP, changedStack, DATABASE, KEY, PRIMARY, type Refused, set, statements, VAULT } from './changes';
import { judged, judgedRecords } from './states';

const PASSES: readonly [string, [string, string], Refused[2]][] = [
  ['class', [DATABASE, PRIMARY], set('DBInstanceClass', 'db.r6g.2xlarge')],
  ['storage', [DATABASE, PRIMARY], set('AllocatedStorage', '200')],
  ['ceiling of storage', [DATABASE, PRIMARY], set('MaxAllocatedStorage', 380)],
  ['type of storage', [DATABASE, PRIMARY], set('StorageType', 'io2')],
  ['minor version', [DATABASE, PRIMARY], set('EngineVersion', '15.19')],
  ['standby', [DATABASE, PRIMARY], set('MultiAZ', false)],
  ['maintenance window', [DATABASE, PRIMARY], set('PreferredMaintenanceWindow', 'mon:04:00-mon:05:00')],
  ['parameter group of a server', [DATABASE, PRIMARY], set('DBParameterGroupName', 'other')],
  ['tags of a server', [DATABASE, PRIMARY], set('Tags', [{ Key: 'Team', Value: 'salons' }])],
  [
    'a parameter',
    [DATABASE, 'DatabasePrimaryPg15'],
    ({ Properties }) => void ((Properties['Parameters'] as Record<string, string>)['work_mem'] = '8192'),
  ],
  [
    'subnets of the group',
    [DATABASE, 'DatabaseSettingsSubnetGroup'],
    ({ Properties }) => void (Properties['SubnetIds'] as unknown[]).push('subnet-1'),
  ],
  [
    'another service of the key',
    [DATABASE, KEY],
    statements('KeyPolicy', (list) =>
      list[1]!.Condition!.StringEquals['kms:ViaService']!.push('logs.us-east-1.amazonaws.com'),
    ),
  ],
  [
    'another statement of the key',
    [DATABASE, KEY],
    statements('KeyPolicy', (list) => list.push({ ...list[1]!, Sid: 'More', Action: 'kms:Verify' })),
  ],
  [
    'order and form of the key’s statements',
    [DATABASE, KEY],
    statements('KeyPolicy', (list) => (list.reverse()[1]!.Action = [list[1]!.Action as string])),
  ],
  ['description of the key', [DATABASE, KEY], set('Description', 'Data')],
  ['longer lock', [BACKUP, VAULT], set('LockConfiguration', { MinRetentionDays: 14, MaxRetentionDays: 365 })],
  ['longer log', [DATABASE, 'DatabasePrimaryLogspostgresql'], set('RetentionInDays', 400)],
  ['description of a secret', [DATABASE, 'DatabaseSecretsMaster'], set('Description', 'Password')],
  ['a threshold', ['production-Monitoring', 'Alarm'], set('Threshold', 12345)],
  ['a role', [DATABASE, 'DatabaseSettingsMonitoringRole'], set('RoleName', 'monitoring')],
];

test.each(PASSES)('passes: %s', (_, [stack, start], change) => {
  const states = changedStack(stack, start, change);
  const changes = judged(...states);
  expect(changes.length).toBeGreaterThan(0);
  expect(changes.filter(({ verdict }) => verdict !== 'passes')).toEqual([]);
  expect(judgedRecords(...states).filter(({ verdict }) => verdict !== 'passes')).toEqual([]);
});
