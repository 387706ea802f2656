import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { EnvironmentInput } from '../../lib/config/schema/environment';
import { production } from '../../lib/config/production';
import { CACHE_IDENTITY_PROPERTIES } from '../../lib/constructs/cache/cache';
import { IDENTITY_PROPERTIES } from '../../lib/constructs/database/database-server';
import { type Resource, StackGraph } from '../support/stack-graph';
import { CONFIGURATIONS, find, synthesizeProductionWith, type Templates } from '../support/synth';

const ALL = ['DatabasePrimary', 'DatabaseReplica1', 'DatabaseReplica2'];
/** Production with every stack. */
const synthesizeWith = (change: Partial<EnvironmentInput>) =>
  synthesizeProductionWith({ backups: { ...production.backups, crossRegionPointInTime: {} }, ...change });

/** Changes of a configuration after which a server may be another one, and the servers. */
const CHANGES: readonly [string, Partial<EnvironmentInput>, readonly string[]][] = [
  ['the zone of a replica', { replicas: [{ availabilityZone: 'us-east-1a' }, second()] }, ['DatabaseReplica1']],
  [
    'the class of a replica',
    { replicas: [{ availabilityZone: 'us-east-1b', instanceClass: 'r6g.large' }, second()] },
    ['DatabaseReplica1'],
  ],
  ['the version of the engine', database({ engineVersion: '15.17' }), ALL],
  ['the class of all servers', database({ instanceClass: 'r6g.2xlarge' }), ALL],
  ['the name of the database', database({ databaseName: 'salons' }), ALL],
  ['the standby', database({ multiAz: false }), ALL],
  ['the maintenance window', database({ maintenanceWindow: 'sun:05:00-sun:06:00' }), ALL],
  ['the retention of backups', database({ backupRetentionDays: 30 }), ALL],
];

test.each(CHANGES)('%s changes every text that refers to the server in another stack', (_, change, servers) => {
  const [before, after] = [synthesizeWith({}), synthesizeWith(change)];
  const users = usersOf(before, 'database', servers);
  const stacks = [...new Set(users.map(({ stack }) => stack))];
  if (servers === ALL)
    expect(stacks.sort()).toEqual(['access', 'drills', 'monitoring', 'operations', 'recoveryDrills']);
  else expect(stacks).toEqual(expect.arrayContaining(['drills', 'monitoring', 'operations']));
  expect(unchanged(users, after)).toEqual([]);
});

test('other subnets make another proxy, and change every text that refers to it in another stack', () => {
  const inSubnets = (...databaseSubnetIds: [string, string]) =>
    synthesizeProductionWith({
      network: {
        kind: 'import',
        vpcId: 'vpc-0123456789abcdef0',
        cidr: '10.9.0.0/20',
        availabilityZones: ['us-east-1a', 'us-east-1b'],
        applicationSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
        databaseSubnetIds,
      },
      replicas: [{ availabilityZone: 'us-east-1b' }],
    });
  const before = inSubnets('subnet-0123456789abcdef2', 'subnet-0123456789abcdef3');
  const after = inSubnets('subnet-0123456789abcdef2', 'subnet-0123456789abcdef4');
  const users = usersOf(before, 'access', ['AccessProxy', 'AccessProxyProxyTargetGroup']);
  expect([...new Set(users.map(({ stack }) => stack))].sort()).toEqual(['monitoring', 'operations']);
  expect(unchanged(users, after)).toEqual([]);
});

/** Types that other stacks refer to plainly, and why a configuration that replaces one also changes the texts of its users, or none does. */
const PLAIN: Readonly<Record<string, string>> = {
  'AWS::Backup::BackupVault': 'its name and key stay',
  'AWS::EC2::SecurityGroup': 'its description and VPC stay',
  'AWS::EC2::Subnet': 'a created VPC keeps its range and zones',
  'AWS::EC2::VPC': 'a created VPC keeps its range',
  'AWS::IAM::Role': 'its name is generated',
  'AWS::Lambda::Function': 'its name is generated',
  'AWS::KMS::Key': 'nothing replaces a key',
  'AWS::RDS::DBParameterGroup': 'its family is PostgreSQL 15, its name is generated',
  'AWS::RDS::DBSubnetGroup': 'its name is generated',
  'AWS::Route53::HostedZone': 'its name is part of the names of the records',
  'AWS::SNS::Topic': 'its name is generated, or made of the name of the environment',
  'AWS::SQS::Queue': 'its name is generated',
  'AWS::SecretsManager::SecretTargetAttachment': 'it stands for the secret, whose name is generated',
};

test('a reference to a resource of another stack follows its replacement, or is of a type that needs not', () => {
  const plain = CONFIGURATIONS.flatMap((configuration) => {
    const graph = new StackGraph(configuration);
    return graph.resources.flatMap((user) => plainReferences(graph, user).map(({ type }) => type));
  });
  expect([...new Set(plain)].sort()).toEqual(Object.keys(PLAIN).sort());
});

/** Resources of other stacks that a part of a template refers to without a name that changes with them. */
function plainReferences(graph: StackGraph, { stack, json }: Pick<Resource, 'stack' | 'json'>): Resource[] {
  return Object.entries(json).flatMap(([key, value]) => {
    if (typeof value !== 'object' || value === null || key === 'Fn::Sub') return [];
    if (key === 'Fn::GetStackOutput') return graph.referred(stack, { [key]: value });
    return plainReferences(graph, { stack, json: value as Resource['json'] });
  });
}

test('a health check is created again for a replaced server, because it keeps what its alarm watched', () => {
  const checks = (templates: Templates) =>
    Object.keys(
      find(templates.monitoring, 'AWS::Route53::HealthCheck', { HealthCheckConfig: { Type: 'CLOUDWATCH_METRIC' } }),
    );
  const before = checks(synthesizeWith({}));
  const after = checks(synthesizeWith(CHANGES[0]?.[1] ?? {}));
  expect(after).toHaveLength(before.length);
  expect(after.filter((id) => before.includes(id))).toHaveLength(before.length / 2);
});

test.each([
  ['server', 'AWS::RDS::DBInstance', IDENTITY_PROPERTIES],
  ['cache', 'AWS::ElastiCache::ReplicationGroup', CACHE_IDENTITY_PROPERTIES],
] as const)(
  'the identity of a %s has every property that may replace it, by the resource schemas that the CDK CLI brings',
  (_, type, identity) => {
    const replacing = replacingProperties(type);
    expect(replacing.length).toBeGreaterThan(10);
    const ours = identity.map((property) => property.toLowerCase());
    const set = CONFIGURATIONS.flatMap((name) =>
      new StackGraph(name).ofType(type).flatMap(({ properties }) => Object.keys(properties)),
    );
    expect(set.length).toBeGreaterThan(10);
    const missing = replacing.filter((name) => set.includes(name) && !ours.includes(name.toLowerCase()));
    expect(missing).toEqual([]);
  },
);

interface Schemas {
  readonly schema: {
    readonly resource: {
      readonly entities: readonly {
        readonly cloudFormationType: string;
        readonly properties: Readonly<Record<string, { readonly causesReplacement?: string }>>;
      }[];
    };
  };
}

function replacingProperties(type: string): string[] {
  const file = require.resolve('aws-cdk/package.json').replace('package.json', 'db.json.gz');
  const { schema } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Schemas;
  const properties = schema.resource.entities.find(({ cloudFormationType }) => cloudFormationType === type)?.properties;
  return Object.entries(properties ?? {}).flatMap(([name, { causesReplacement }]) =>
    causesReplacement === 'yes' || causesReplacement === 'maybe' ? name : [],
  );
}

interface User {
  readonly stack: keyof Templates;
  readonly id: string;
  readonly text: string;
}

/** Resources of other stacks that refer to an output of a stack whose value comes from one of the resources. */
function usersOf(templates: Templates, producer: keyof Templates, resources: readonly string[]): User[] {
  const outputs = templates[producer].toJSON()['Outputs'] as Record<string, { Value: unknown }>;
  const isOurs = new RegExp(`"(Ref|Fn::GetAtt)":\\[?"(${resources.join('|')})[0-9A-F]{8}"`);
  const ours = Object.entries(outputs)
    .filter(([, { Value }]) => isOurs.test(JSON.stringify(Value)))
    .map(([name]) => `"OutputName":"${name}"`);
  return (Object.keys(templates) as User['stack'][])
    .filter((stack) => stack !== producer)
    .flatMap((stack) =>
      Object.entries(resourcesOf(templates, stack)).map(([id, resource]) => ({
        stack,
        id,
        text: JSON.stringify(resource),
      })),
    )
    .filter(({ text }) => ours.some((output) => text.includes(output)));
}

/** Users whose text is the same in other templates. */
function unchanged(users: readonly User[], after: Templates): string[] {
  return users
    .filter(({ stack, id, text }) => JSON.stringify(resourcesOf(after, stack)[id]) === text)
    .map(({ stack, id }) => `${stack} ${id}`);
}

function resourcesOf(templates: Templates, stack: keyof Templates): Record<string, unknown> {
  return (templates[stack].toJSON()['Resources'] ?? {}) as Record<string, unknown>;
}

function second() {
  return { availabilityZone: 'us-east-1c' };
}

function database(change: Partial<EnvironmentInput['database']>): Partial<EnvironmentInput> {
  return { database: { ...production.database, ...change } };
}
