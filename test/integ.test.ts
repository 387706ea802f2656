import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';

/** What each integration test must assert once it is deployed: services, calls, and what is expected of their answer. */
const PROMISES: Record<string, { stage: string; calls: Record<string, string[]> }> = {
  'integ.database.ts': {
    stage: 'integ',
    calls: {
      'RDS.describeDBInstances': ['"DBInstanceStatus":"available"', '"StorageEncrypted":true'],
      'Lambda.invoke': ['"applied":[]', '"passwordsSet":[]'],
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
  let templates: Record<string, Template>;

  beforeAll(() => {
    outdir = mkdtempSync(join(tmpdir(), 'integ-'));
    execFileSync(process.execPath, ['--import', 'tsx', join(__dirname, file)], {
      cwd: join(__dirname, '..'),
      // As the CDK CLI runs it, but neither validated nor bundled.
      env: {
        ...process.env,
        CDK_OUTDIR: outdir,
        CDK_VALIDATION: 'false',
        CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:bundling-stacks': [] }),
      },
      stdio: 'pipe',
    });
    const assembly = join(outdir, `assembly-${stage}`);
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

  test('deploys a database that can be deleted, under names that no environment has', () => {
    const instances = Object.values(templates).flatMap((template) =>
      Object.values(template.findResources('AWS::RDS::DBInstance')),
    );
    expect(instances).toHaveLength(1);
    expect(instances[0]).toMatchObject({ Properties: { DeletionProtection: false, StorageEncrypted: true } });
    const names = Object.values(templates).flatMap((template) => [
      ...Object.values(template.findResources('AWS::CloudWatch::Alarm')).map((each) => text(each, 'AlarmName')),
      ...Object.values(template.findResources('AWS::SSM::Parameter')).map((each) => text(each, 'Name')),
    ]);
    expect(names.length).toBeGreaterThan(2);
    expect(
      names.filter((name) => !name.startsWith(`${stage}-`) && !name.startsWith(`/whatsapp-saas/${stage}/`)),
    ).toEqual([]);
  });
});

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
