import { Match } from 'aws-cdk-lib/assertions';
import { primaryParameters, replicaParameters } from '../../../lib/config/postgres-parameters';
import { environmentSchema } from '../../../lib/config/schema/environment';
import { production } from '../../../lib/config/production';
import { localParameters } from '../../../lib/local-postgres/parameters';
import { compare } from '../../../lib/safe-change/compare';
import { kindOf } from '../../../lib/safe-change/stateful';
import type { Template } from '../../../lib/assembly/environment-assembly';
import { synthesizeProductionWith } from '../../support/synth';

const block = { sourceCidrs: ['203.0.113.7/32', '10.9.8.0/24'], sourcePort: 5433 };
const on = () => synthesizeProductionWith({ import: block });
const off = () => synthesizeProductionWith({});

test('both servers may connect to each other, by the ranges of the configuration alone', () => {
  const { database } = on();
  const groups = Object.values(database.findResources('AWS::EC2::SecurityGroup')).filter(({ Properties }) =>
    String((Properties as { GroupDescription: string }).GroupDescription).startsWith('PostgreSQL servers'),
  );
  expect(groups).toHaveLength(1);
  const { SecurityGroupEgress: egress, SecurityGroupIngress: ingress } = groups[0]!['Properties'] as {
    SecurityGroupEgress: { CidrIp: string; FromPort: number; ToPort: number }[];
    SecurityGroupIngress: { CidrIp: string; FromPort: number; ToPort: number }[];
  };
  const ranges = (rules: typeof egress) => rules.map(({ CidrIp, FromPort, ToPort }) => [CidrIp, FromPort, ToPort]);
  expect(ranges(egress)).toEqual([
    ['203.0.113.7/32', 5433, 5433],
    ['10.9.8.0/24', 5433, 5433],
  ]);
  expect(ranges(ingress)).toEqual([
    ['203.0.113.7/32', 5432, 5432],
    ['10.9.8.0/24', 5432, 5432],
  ]);
});

test('the primary decodes its changes, the replicas do not; a local server as well', () => {
  const config = environmentSchema.parse({ ...production, name: 'production', import: block });
  expect(primaryParameters(config)).toMatchObject({ 'rds.logical_replication': '1' });
  expect(replicaParameters(config)).not.toHaveProperty('rds.logical_replication');
  expect(localParameters(primaryParameters(config)).applied).toMatchObject({ wal_level: 'logical' });
  expect(localParameters(replicaParameters(config)).applied).not.toHaveProperty('wal_level');
  on().database.hasResourceProperties('AWS::RDS::DBParameterGroup', {
    Parameters: Match.objectLike({ 'rds.logical_replication': '1' }),
  });
});

test('the password of the old server is generated and encrypted', () => {
  on().database.hasResourceProperties('AWS::SecretsManager::Secret', {
    Description: Match.stringLikeRegexp('^Password for import_user '),
    KmsKeyId: Match.anyValue(),
    GenerateSecretString: Match.objectLike({ SecretStringTemplate: '{"username":"import_user"}', PasswordLength: 40 }),
  });
});

test.each([
  ['on', off, on, 'create'],
  ['off', on, off, 'delete'],
])('switching it %s changes no stateful resource but its own secret and the parameters', (_, before, after, effect) => {
  const state = (templates: ReturnType<typeof on>): Record<string, Template> => ({
    database: templates.database.toJSON(),
  });
  const [old, next] = [state(before()), state(after())];
  const changes = compare(old, next);
  const changed = changes.filter(({ resource, type, old: resourceBefore }) =>
    kindOf(resourceBefore ?? next['database']?.Resources?.[resource.split('/')[1]!] ?? { Type: type }),
  );
  expect(changed.map(({ type, effect: found, property }) => [type, found, property])).toEqual([
    ['AWS::RDS::DBParameterGroup', 'update', 'Parameters'],
    ['AWS::SecretsManager::Secret', effect, undefined],
  ]);
});

test('without the block nothing is there', () => {
  const { database } = off();
  expect(JSON.stringify(database.toJSON())).not.toMatch(/logical_replication|import_user|way back/);
});
