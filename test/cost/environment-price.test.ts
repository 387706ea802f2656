import { ENVIRONMENT_NAMES, loadEnvironment } from '../../lib/config';
import { parseEnvironment } from '../../lib/config/parse';
import { production } from '../../lib/config/production';
import type { EnvironmentInput } from '../../lib/config/schema/environment';
import { type EnvironmentPrice, environmentPrice } from '../../lib/cost/environment-price';
import { FREE, PRICED } from '../../lib/cost/pricers';
import { changesOf } from '../../lib/cost/report/diff';
import {
  alternativesText,
  ownersBill,
  ownersBillsText,
  savingsOf,
  selfHostedBill,
} from '../../lib/cost/report/alternatives';
import { warnings } from '../../lib/cost/report/warnings';
import { type Resource, resourcesOf } from '../../lib/cost/resources';
import { DEFAULT_USAGE } from '../../lib/cost/usage';
import { CONFIGURATIONS, stackTemplates, synthesizeProductionWith } from '../support/synth';

const resources = (name: (typeof CONFIGURATIONS)[number]): Resource[] =>
  Object.entries(stackTemplates(name)).flatMap(([stack, json]) => resourcesOf(`${name}-${stack}`, json));
const price = (name: (typeof ENVIRONMENT_NAMES)[number]) => environmentPrice(loadEnvironment(name), resources(name));
const rowOf = ({ rows }: EnvironmentPrice, resource: RegExp, component: RegExp) => {
  const found = rows.filter((row) => resource.test(row.resource) && component.test(row.component));
  expect(found).toHaveLength(1);
  return found[0]!;
};

test.each(CONFIGURATIONS)('%s: every type of resource is priced, or free for a reason', (name) => {
  const types = [...new Set(resources(name).map(({ type }) => type))];
  expect(types.length).toBeGreaterThan(20);
  expect(types.filter((type) => !(type in PRICED) && !(type in FREE))).toEqual([]);
});

test('no type is priced and free, and each is in a template', () => {
  const types = new Set(CONFIGURATIONS.flatMap((name) => resources(name).map(({ type }) => type)));
  expect(Object.keys(PRICED).filter((type) => type in FREE)).toEqual([]);
  expect([...Object.keys(PRICED), ...Object.keys(FREE)].filter((type) => !types.has(type))).toEqual([]);
});

test('a type that is not known is listed, and never free', () => {
  const unknown = { stack: 's', id: 'Lake', type: 'AWS::Glue::Job', properties: {} };
  const found = environmentPrice(loadEnvironment('dev'), [unknown]);
  expect(found).toMatchObject({ free: 0, notPriced: ['s/Lake (AWS::Glue::Job)'] });
});

test('every resource of an environment is a line, free, or in the price of another', () => {
  for (const name of ENVIRONMENT_NAMES) {
    const [all, found] = [resources(name), price(name)];
    const withRows = new Set(found.rows.map(({ stack, resource }) => `${stack}/${resource}`));
    const without = all.filter(({ stack, id, type }) => !(type in FREE) && !withRows.has(`${stack}/${id}`));
    // Functions of drills are in the price of the drills.
    expect(without.filter(({ id }) => !/^Restore(Drill|Testing)/.test(id))).toEqual([]);
    expect(found.free).toBe(all.filter(({ type }) => type in FREE).length);
  }
});

test('five lines of production by hand, from quantities of its templates', () => {
  const found = price('production');
  const instances = resources('production').filter(({ type }) => type === 'AWS::RDS::DBInstance');
  const primary = instances.find(({ properties }) => !('SourceDBInstanceIdentifier' in properties))!;
  expect(primary.properties).toMatchObject({
    DBInstanceClass: 'db.r6g.xlarge',
    MultiAZ: true,
    AllocatedStorage: '100',
  });
  expect(rowOf(found, /Primary/, /^instance/).monthlyUsd).toBeCloseTo(730 * 0.899, 6); // 656.27
  expect(rowOf(found, /Primary/, /^storage/).monthlyUsd).toBeCloseTo(100 * 0.23, 6);
  // Four virtual CPUs.
  expect(rowOf(found, /Proxy/, /^proxy$/).monthlyUsd).toBeCloseTo(4 * 730 * 0.015, 6); // 43.80
  const endpoint = resources('production').find(({ id }) => id.includes('SecretsManagerEndpoint'))!;
  const zones = (endpoint.properties['SubnetIds'] as unknown[]).length;
  expect(rowOf(found, /SecretsManagerEndpoint/, /^interface/).monthlyUsd).toBeCloseTo(zones * 730 * 0.01, 6);
  // A gigabyte a month, kept for a year of 365 / (730 / 24) months.
  const log = resources('production').find(({ id }) => /PrimaryLogspostgresql/.test(id))!;
  expect(log.properties['RetentionInDays']).toBe(365);
  expect(rowOf(found, /PrimaryLogspostgresql/, /kept/).monthlyUsd).toBeCloseTo((365 / (730 / 24)) * 0.03, 6);
});

test("production costs at most $1,750, and the owner's table was $1,059", () => {
  expect(price('production').monthlyUsd).toBeLessThanOrEqual(1750);
  expect(price('production').monthlyUsd).toBeGreaterThan(1400);
  expect(price('production').notPriced).toEqual([]);
  const owner = ownersBill();
  expect(owner.said).toBe(1059);
  // As the bill worked out by hand, but with all of the backups: 500 GB at $0.095 instead of the 200 GB beyond an allowance.
  expect(owner.isUsd).toBeCloseTo(1313.27 + 46 + 47.5 + 150.38 + 20 + 43.8, 1);
  expect(selfHostedBill().said).toBe(582);
  expect(selfHostedBill().isUsd).toBeCloseTo(471.75 + 147.17, 1);
  // Nobody's work is free.
  expect(ownersBillsText()).toMatch(/someone on call +- +not priced/);
  expect(ownersBillsText()).not.toContain('$0.00');
  expect(ownersBillsText()).toMatch(/sum of what is priced +\$582\.00/);
});

/** The differences of a changed production, by component. */
function differences(change: Partial<EnvironmentInput>): Record<string, number> {
  const config = parseEnvironment('production', { ...production, ...change });
  const templates = synthesizeProductionWith(change);
  const names = Object.keys(stackTemplates('production'));
  const changed = names.flatMap((stack) => {
    const property = (stack.charAt(0).toLowerCase() + stack.slice(1)) as keyof typeof templates;
    return resourcesOf(`production-${stack}`, templates[property].toJSON());
  });
  const [before, after] = [price('production'), environmentPrice(config, changed)];
  const changes = changesOf({ environments: [before] }, { environments: [after] });
  const sum = changes.reduce((total, { difference }) => total + difference, 0);
  expect(sum).toBeCloseTo(after.monthlyUsd - before.monthlyUsd, 0);
  return Object.fromEntries(
    changes.map(({ resource, component, difference }) => [`${resource} ${component}`, difference]),
  );
}

test('another class of the primary shows with what it costs, for its proxy too', () => {
  const found = differences({ database: { ...production.database, instanceClass: 'r7g.xlarge' } });
  const primary = Object.entries(found).filter(([name]) => name.startsWith('DatabasePrimary'));
  expect(Object.fromEntries(primary.map(([name, usd]) => [name.replace(/^\w+ /, ''), usd]))).toEqual({
    'instance, r6g.xlarge, Multi-AZ': -656.27,
    'instance, r7g.xlarge, Multi-AZ': 697.88,
  });
});

test('a replica less, one more zone of endpoints and shorter logs show with the right amounts', () => {
  const [first] = production.replicas!;
  const replica = differences({ replicas: [first!] });
  expect(Object.entries(replica).find(([name]) => /Replica2\w+ instance/.test(name))?.[1]).toBeCloseTo(-328.5, 2);
  const zones = differences({ network: { ...production.network, endpointZones: 3 } });
  const endpoints = Object.entries(zones).filter(([name]) => name.includes('interface endpoint'));
  expect(endpoints.reduce((sum, [, usd]) => sum + usd, 0)).toBeCloseTo(2 * 730 * 0.01, 2);
  const logs = differences({ logRetentionDays: 30 });
  expect(Object.entries(logs).find(([name]) => /PrimaryLogspostgresql\w+ log kept/.test(name))?.[1]).toBeCloseTo(
    -((365 - 30) / (730 / 24)) * 0.03,
    2,
  );
});

test.each(['eu-west-1', 'ap-south-1'])('%s has no prices and is refused by its name', (region) => {
  expect(() => environmentPrice({ ...loadEnvironment('production'), region }, resources('production'))).toThrow(
    `the prices of ${region} are not known; lib/cost has those of us-east-1 and eu-central-1`,
  );
});

test('Frankfurt has the prices that were found there; the others are estimates and say so', () => {
  const there = environmentPrice({ ...loadEnvironment('production'), region: 'eu-central-1' }, resources('production'));
  expect(rowOf(there, /Replica1/, /^instance/)).toMatchObject({ unitPrice: 0.549, confidence: 'unconfirmed' });
  expect(rowOf(there, /SecretsManagerEndpoint/, /^interface/)).toMatchObject({
    unitPrice: 0.012,
    confidence: 'confirmed',
  });
  const primary = rowOf(there, /Primary/, /^instance/);
  expect(primary).toMatchObject({ confidence: 'unconfirmed' });
  expect(primary.unitPrice).toBeCloseTo(0.899 * 1.22, 6);
  const here = environmentPrice(loadEnvironment('production'), resources('production'));
  expect(there.monthlyUsd / here.monthlyUsd).toBeGreaterThan(1.15);
  expect(there.monthlyUsd / here.monthlyUsd).toBeLessThan(1.22);
});

test('a price of a class that one source alone quotes is not called confirmed', () => {
  const all = resources('production').map((resource) =>
    resource.type === 'AWS::RDS::DBInstance'
      ? { ...resource, properties: { ...resource.properties, DBInstanceClass: 'db.r7g.xlarge' } }
      : resource,
  );
  const found = environmentPrice(loadEnvironment('production'), all);
  expect(rowOf(found, /Replica1/, /^instance/)).toMatchObject({ unitPrice: 0.478, confidence: 'unconfirmed' });
  expect(rowOf(found, /Primary/, /^instance/)).toMatchObject({ unitPrice: 0.956, confidence: 'unconfirmed' });
});

test('other assumptions change what depends on them alone', () => {
  const [before, after] = [
    price('production'),
    environmentPrice(loadEnvironment('production'), resources('production'), { ...DEFAULT_USAGE, serverLogGb: 11 }),
  ];
  // Three servers write ten GB more, and keep twelve months of them.
  expect(after.monthlyUsd - before.monthlyUsd).toBeCloseTo(3 * 10 * (0.5 + (365 / (730 / 24)) * 0.03), 1);
});

test('savings are of the bill, each with its risk', () => {
  const config = loadEnvironment('production');
  const savings = savingsOf(price('production'), config);
  const amounts = Object.fromEntries(savings.map(({ what, monthlyUsd }) => [what, monthlyUsd]));
  expect(amounts['1 replica(s) instead of 2']).toBeCloseTo(328.5 + 11.5 + 0.125, 1);
  expect(amounts['replicas of half the size']).toBeCloseTo(2 * (0.45 - 0.225) * 730, 2);
  expect(savings.every(({ risk }) => risk.length > 20)).toBe(true);
  // What rests on a price or a discount that nobody could confirm says so.
  expect(amounts['two nodes t4g.medium for the cache instead of one']).toBeCloseTo((0.1648 - 2 * 0.052) * 730, 2);
  const unconfirmed = savings.filter((saving) => saving.unconfirmed).map(({ what }) => what.split(' (')[0]);
  expect(unconfirmed.sort()).toEqual([
    'reserve the servers for a year, without prepayment',
    'servers of the next Graviton generation with a Database Savings Plan of a year',
    'two nodes t4g.medium for the cache instead of one',
  ]);
  const text = alternativesText(price('production'), config);
  expect(text).toMatch(/\$\d+\.\d\d\? servers of the next Graviton generation/);
  expect(text).toMatch(/\$\d+\.\d\d  replicas of half the size/);
  expect(savings.length).toBeGreaterThanOrEqual(4);
});

test('warnings name old prices, advanced insights, a dimension for each salon, and what is not priced', () => {
  const config = loadEnvironment('production');
  const all: Resource[] = [
    { stack: 's', id: 'Server', type: 'AWS::RDS::DBInstance', properties: { DBInstanceClass: 'db.r6g.xlarge' } },
    {
      stack: 's',
      id: 'PerSalon',
      type: 'AWS::CloudWatch::Alarm',
      properties: { MetricName: 'm', Period: 60, Dimensions: [{ Name: 'salon_id', Value: '1' }] },
    },
    { stack: 's', id: 'Lake', type: 'AWS::Glue::Job', properties: {} },
  ];
  const told = warnings(environmentPrice(config, all), config, all, new Date('2027-07-01')).join('\n');
  expect(told).toMatch(/the prices are 2\d\d days old/);
  expect(told).toContain('Server does not say that Database Insights is standard');
  expect(told).toContain('PerSalon has a dimension for each salon');
  expect(told).toContain('from 2028-03-01 on extended support of PostgreSQL 15 adds $876.00 a month');
  expect(told).toContain('s/Lake (AWS::Glue::Job) is not priced');
  const real = warnings(price('production'), config, resources('production'), new Date('2026-12-01')).join('\n');
  expect(real).not.toMatch(/days old|not say|each salon|not priced/);
  expect(real).toContain('extended support is off');
});
