import { first, primary, type Seed } from './seeds';

/** Servers, parameter groups and security groups that somebody changed. */
export const SERVERS: readonly Seed[] = [
  ['server missing', (home) => home.instances.pop(), /replica/, /no server/, /template/],
  [
    'server changed',
    (home) => (primary(home).PubliclyAccessible = true),
    /primary/,
    /PubliclyAccessible is true/,
    /false/,
  ],
  [
    'server changed',
    (home) => (primary(home).BackupRetentionPeriod = 1),
    /primary/,
    /BackupRetentionPeriod is 1/,
    /35/,
  ],
  [
    'deletion protection off',
    (home) => (primary(home).DeletionProtection = false),
    /primary/,
    /can delete it/,
    /protected/,
  ],
  [
    'parameters pending',
    (home) => (primary(home).DBParameterGroups![0]!.ParameterApplyStatus = 'pending-reboot'),
    /primary/,
    /is pending-reboot$/,
    /in-sync/,
  ],
  [
    'parameters changed',
    (home) => (primary(home).DBParameterGroups![0]!.DBParameterGroupName = 'default.postgres15'),
    /primary/,
    /default\.postgres15/,
    /pg15/,
  ],
  [
    'parameters changed',
    (home) =>
      (first(home.parameters, 'primarypg15').find((each) => each.ParameterName === 'work_mem')!.ParameterValue = '1'),
    /primarypg15/,
    /^work_mem is 1$/,
    /^\d+$/,
  ],
  [
    'parameters changed',
    (home) => first(home.parameters, 'primarypg15').shift(),
    /primarypg15/,
    /is the default$/,
    /./,
  ],
  [
    'parameters changed',
    (home) => first(home.parameters, 'replicapg15').push({ ParameterName: 'log_duration', ParameterValue: '1' }),
    /replicapg15/,
    /^log_duration is 1$/,
    /^the default$/,
  ],
  [
    'security group rule extra',
    (home) => {
      const rule = home.rules.find(({ IsEgress, ToPort }) => !IsEgress && ToPort === 5432)!;
      home.rules.push({ ...rule, ReferencedGroupInfo: undefined, CidrIpv4: '0.0.0.0/0' });
    },
    /^sg-/,
    /^in from 0\.0\.0\.0\/0, tcp 5432-5432$/,
    /not in the template/,
  ],
  [
    'security group rule extra',
    (_, away) =>
      away.rules.push({
        GroupId: 'sg-1',
        IsEgress: true,
        IpProtocol: '-1',
        CidrIpv6: '::/0',
        FromPort: -1,
        ToPort: -1,
      }),
    /^sg-1$/,
    /^out to ::\/0, every protocol$/,
    /not in the template/,
  ],
  [
    'security group rule missing',
    (home) =>
      home.rules.splice(
        home.rules.findIndex(({ IsEgress, ToPort }) => !IsEgress && ToPort === 5432),
        1,
      ),
    /^sg-/,
    /not there/,
    /^in from sg-\w+, tcp 5432-5432$/,
  ],
  [
    'security group attached',
    (home) => primary(home).VpcSecurityGroups?.push({ VpcSecurityGroupId: 'sg-open' }),
    /primary/,
    /sg-open/,
    /^sg-\w+$/,
  ],
];
