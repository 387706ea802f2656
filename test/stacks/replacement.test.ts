import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { ENVIRONMENT_NAMES } from '../../lib/config';
import type { EnvironmentInput } from '../../lib/config/schema/environment';
import { production } from '../../lib/config/production';
import { IDENTITY_PROPERTIES } from '../../lib/constructs/database/database-server';
import { find, synthesizeProductionWith, type Templates } from '../support/synth';
import { StackGraph } from '../support/stack-graph';

const ALL = ['DatabasePrimary', 'DatabaseReplica1', 'DatabaseReplica2'];
const STACKS = ['access', 'backup', 'drills', 'migrations', 'monitoring', 'operations', 'recovery'] as const;

/** Changes of a configuration after which a server may be another one, and the servers. */
const CHANGES: readonly [string, Partial<EnvironmentInput>, readonly string[]][] = [
  ['the zone of a replica', { replicas: [{ availabilityZone: 'us-east-1a' }, second()] }, ['DatabaseReplica1']],
  [
    'the class of a replica',
    { replicas: [{ availabilityZone: 'us-east-1b', instanceClass: 'r6g.large' }, second()] },
    ['DatabaseReplica1'],
  ],
  ['the class of all servers', database({ instanceClass: 'r6g.2xlarge' }), ALL],
  ['the name of the database', database({ databaseName: 'salons' }), ALL],
  ['the standby', database({ multiAz: false }), ALL],
  ['the maintenance window', database({ maintenanceWindow: 'sun:05:00-sun:06:00' }), ALL],
  ['the retention of backups', database({ backupRetentionDays: 30 }), ALL],
];

test.each(CHANGES)('%s changes every text that refers to the server in another stack', (_, change, servers) => {
  const [before, after] = [synthesizeProductionWith({}), synthesizeProductionWith(change)];
  const users = STACKS.flatMap((stack) => usersOf(before, stack, servers));
  expect(new Set(users.map(({ stack }) => stack)).size).toBeGreaterThan(2);
  for (const { stack, id, text } of users) {
    const now = resourcesOf(after, stack)[id];
    expect([stack, id, JSON.stringify(now) === text]).toEqual([stack, id, false]);
  }
});

test('a health check is created again for a replaced server, because it keeps what its alarm watched', () => {
  const checks = (templates: Templates) =>
    Object.keys(
      find(templates.monitoring, 'AWS::Route53::HealthCheck', { HealthCheckConfig: { Type: 'CLOUDWATCH_METRIC' } }),
    );
  const before = checks(synthesizeProductionWith({}));
  const after = checks(synthesizeProductionWith(CHANGES[0]?.[1] ?? {}));
  expect(after).toHaveLength(before.length);
  expect(after.filter((id) => before.includes(id))).toHaveLength(before.length / 2);
});

test('a server’s identity has every property that may replace it, by the resource schemas that the CDK CLI brings', () => {
  const replacing = replacingProperties('AWS::RDS::DBInstance');
  expect(replacing.length).toBeGreaterThan(20);
  const ours = IDENTITY_PROPERTIES.map((property) => property.toLowerCase());
  const set = ENVIRONMENT_NAMES.flatMap((name) =>
    new StackGraph(name).ofType('AWS::RDS::DBInstance').flatMap(({ properties }) => Object.keys(properties)),
  );
  const missing = replacing.filter((name) => set.includes(name) && !ours.includes(name.toLowerCase()));
  expect(missing).toEqual([]);
});

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
  readonly stack: (typeof STACKS)[number];
  readonly id: string;
  readonly text: string;
}

/** Resources of a stack that refer to an output of the database's stack whose value comes from one of the servers. */
function usersOf(templates: Templates, stack: (typeof STACKS)[number], servers: readonly string[]): User[] {
  const outputs = templates.database.toJSON()['Outputs'] as Record<string, { Value: unknown }>;
  const fromServers = Object.entries(outputs)
    .filter(([, { Value }]) => servers.some((server) => JSON.stringify(Value).includes(`"${server}`)))
    .filter(([, { Value }]) =>
      /"(Ref|Fn::GetAtt)":\[?"Database(Primary|Replica\d)[0-9A-F]{8}"/.test(JSON.stringify(Value)),
    )
    .map(([name]) => `"OutputName":"${name}"`);
  return Object.entries(resourcesOf(templates, stack))
    .map(([id, resource]) => ({ stack, id, text: JSON.stringify(resource) }))
    .filter(({ text }) => fromServers.some((output) => text.includes(output)));
}

function resourcesOf(templates: Templates, stack: (typeof STACKS)[number]): Record<string, unknown> {
  return (templates[stack].toJSON()['Resources'] ?? {}) as Record<string, unknown>;
}

function second() {
  return { availabilityZone: 'us-east-1c' };
}

function database(change: Partial<EnvironmentInput['database']>): Partial<EnvironmentInput> {
  return { database: { ...production.database, ...change } };
}
