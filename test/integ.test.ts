import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { dev } from '../lib/config/dev';
import { parseEnvironment } from '../lib/config/parse';
import { environmentPrice, type EnvironmentPrice } from '../lib/cost/environment-price';
import { resourcesOf } from '../lib/cost/resources';

/** What each integration test must assert once it is deployed: services, calls, and what is expected of their answer. */
const PROMISES: Record<string, { stage: string; calls: Record<string, string[]> }> = {
  'integ.database.ts': {
    stage: 'integ',
    calls: {
      'RDS.describeDBInstances': ['"DBInstanceStatus":"available"', '"StorageEncrypted":true'],
      'Lambda.invoke': ['"applied":[]', '"passwordsSet":[]'],
      'RDS.describeDBProxyTargets': ['"State":"AVAILABLE"'],
      'CloudWatch.describeAlarms': [
        '"AlarmName":"integ-PostgreSQLDown-primary"',
        '"AlarmName":"integ-PostgreSQLMetricsMissing"',
        '"StateValue":"OK"',
      ],
      'StepFunctions.startExecution': [':stateMachine:integ-restore-drill', '"drill":"verification"'],
      'StepFunctions.describeExecution': ['"status":"SUCCEEDED"'],
    },
  },
};

test('every integration test has its promises here', () => {
  expect(
    readdirSync(__dirname).filter((file) => /^integ\..*(?<!\.test)\.ts$/.test(file) && file !== 'integ.test.ts'),
  ).toEqual(Object.keys(PROMISES));
});

describe.each(Object.entries(PROMISES))('%s', (file, { stage, calls }) => {
  let outdir: string;
  let assembly: string;
  let templates: Record<string, Template>;

  beforeAll(() => {
    outdir = synthesize(file);
    assembly = join(outdir, `assembly-${stage}`);
    templates = Object.fromEntries(
      readdirSync(assembly)
        .filter((name) => name.endsWith('.template.json'))
        .map((name) => [
          name,
          Template.fromJSON(JSON.parse(readFileSync(join(assembly, name), 'utf8')) as Record<string, unknown>),
        ]),
    );
  }, 60_000);
  afterAll(() => rmSync(outdir, { recursive: true, force: true }));

  test('has one stack of assertions, which makes the calls and expects the answers meant', () => {
    const found = Object.values(templates).flatMap((template) => assertions(template));
    expect(found.map(({ call }) => call).sort()).toEqual(Object.keys(calls).sort());
    for (const { call, expected } of found) for (const part of calls[call] ?? []) expect(expected).toContain(part);
    const stacks = Object.values(templates).filter((template) => assertions(template).length > 0);
    expect(stacks).toHaveLength(1);
  });

  test('asserts after every other stack, what stands in the templates', () => {
    expect(deployedTooLate(assembly)).toEqual([]);
    expect(named(templates, 'AWS::CloudWatch::Alarm', 'AlarmName')).toEqual(
      expect.arrayContaining(['integ-PostgreSQLDown-primary', 'integ-PostgreSQLMetricsMissing']),
    );
    expect(named(templates, 'AWS::StepFunctions::StateMachine', 'StateMachineName')).toContain('integ-restore-drill');
  });

  test('costs under $2 for two hours, as its head says', () => {
    const { monthlyUsd, notPriced } = priceOf(stage, templates);
    expect(notPriced).toEqual([]);
    expect(monthlyUsd).toBeGreaterThan(50);
    // The restored copy is another server for one of the hours; the month's fixed part is not charged by the hour.
    expect((monthlyUsd / 730) * 2 * 2).toBeLessThan(2);
  });

  test('deploys a database that can be deleted, under names that no environment has', () => {
    const instances = Object.values(templates).flatMap((template) =>
      Object.values(template.findResources('AWS::RDS::DBInstance')),
    );
    expect(instances).toHaveLength(1);
    expect(instances[0]).toMatchObject({ Properties: { DeletionProtection: false, StorageEncrypted: true } });
    const names = [
      ...named(templates, 'AWS::CloudWatch::Alarm', 'AlarmName'),
      ...named(templates, 'AWS::SSM::Parameter', 'Name'),
    ];
    expect(names.length).toBeGreaterThan(2);
    expect(
      names.filter((name) => !name.startsWith(`${stage}-`) && !name.startsWith(`/whatsapp-saas/${stage}/`)),
    ).toEqual([]);
  });
});

/** Synthesizes as the CDK CLI does, but neither validated nor bundled. Returns the assembly's folder. */
function synthesize(file: string): string {
  const outdir = mkdtempSync(join(tmpdir(), 'integ-'));
  execFileSync(process.execPath, ['--import', 'tsx', join(__dirname, file)], {
    cwd: join(__dirname, '..'),
    env: {
      ...process.env,
      CDK_OUTDIR: outdir,
      CDK_VALIDATION: 'false',
      CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:bundling-stacks': [] }),
    },
    stdio: 'pipe',
  });
  return outdir;
}

/** Ids of stacks for which the one with the assertions does not wait. */
function deployedTooLate(assembly: string): string[] {
  const { artifacts } = JSON.parse(readFileSync(join(assembly, 'manifest.json'), 'utf8')) as {
    artifacts: Record<string, { type: string; dependencies?: string[] }>;
  };
  const stacks = Object.entries(artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack');
  const [asserting, ...others] = stacks.sort(([a], [b]) => Number(/Assert/.test(b)) - Number(/Assert/.test(a)));
  expect(others.length).toBeGreaterThan(5);
  return others.map(([id]) => id).filter((id) => !asserting![1].dependencies?.includes(id));
}

function named(templates: Record<string, Template>, type: string, property: string): string[] {
  return Object.values(templates).flatMap((template) =>
    Object.values(template.findResources(type)).map((each) => text(each, property)),
  );
}

function priceOf(stage: string, templates: Record<string, Template>): EnvironmentPrice {
  const config = parseEnvironment(stage, { ...dev, proxy: {}, secretRotationDays: 30, drills: {} });
  const resources = Object.entries(templates)
    .filter(([name]) => !/Assert/.test(name))
    .flatMap(([name, template]) => resourcesOf(name.replace('.template.json', ''), template.toJSON()));
  return environmentPrice(config, resources);
}

/** The calls of an assertion stack with what they expect, as JSON without the escapes of nested JSON. */
function assertions(template: Template): { call: string; expected: string }[] {
  const { Resources = {} } = template.toJSON() as { Resources?: Record<string, { Type: string }> };
  return Object.values(Resources)
    .filter(({ Type }) => Type.startsWith('Custom::DeployAssert@SdkCall'))
    .map((resource) => ({
      call: `${text(resource, 'service')}.${text(resource, 'api')}`,
      expected: JSON.stringify(resource).replaceAll('\\', ''),
    }));
}

function text(resource: object, property: string): string {
  return String((resource as { Properties?: Record<string, unknown> }).Properties?.[property]);
}
