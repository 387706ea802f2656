import { App, Validations } from 'aws-cdk-lib';
import { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { context } from '../../cdk.json';
import { createApp } from '../../lib/app';
import { ENVIRONMENT_NAMES, loadEnvironment } from '../../lib/config';
import { acknowledge } from '../../lib/constructs/acknowledge';
import { reasonText } from '../../lib/constructs/reasons';
import { type EnvironmentReview, isClean, review, reviewText } from '../../lib/review/review';
import { rulePacks } from '../../lib/review/rule-packs';
import { DatabaseStage } from '../../lib/stage';
import { temporaryOutdir } from '../support/app';

const REASON = { fact: 'this test makes it on purpose', check: 'this file', until: 'it ends' };
const TEXT = reasonText(REASON);

/** The review of dev with something added to its network. */
function reviewDevWith(add: (network: DatabaseStage['network']) => void): EnvironmentReview & { clean: boolean } {
  const result = review((outdir) => {
    const app = new App({ outdir, context: { ...context, 'aws:cdk:bundling-stacks': [] } });
    add(new DatabaseStage(app, loadEnvironment('dev')).network);
    return app;
  });
  const [dev] = result.environments;
  if (!dev) throw new Error('the review has no environment');
  return { ...dev, clean: isClean(result) };
}

test.each(ENVIRONMENT_NAMES)(
  '%s has no finding of a rule pack that nobody acknowledged, and each reason says what to check and until when',
  (name) => {
    const app = createApp({ environments: [name], outdir: temporaryOutdir(), bundle: false });
    app.synth();
    for (const pack of rulePacks()) expect(pack.validateScope(app).violations).toEqual([]);
    const reasons = app.node
      .findAll()
      .flatMap(({ node }) => node.metadata)
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.values(data as Record<string, string>));
    expect(reasons.length).toBeGreaterThan(0);
    // CDK's own acknowledgements have a form of their own.
    const own = reasons.filter((reason) => / Check: /.test(reason));
    expect(own.length).toBeGreaterThan(10);
    for (const reason of own) expect(reason).toMatch(/^.{25,}\. Check: .{10,}\. Until: .{10,}$/);
  },
);

test('every environment is clean, and each acknowledgement names the construct of its finding', () => {
  let paths = new Set<string>();
  const result = review((outdir) => {
    const app = createApp({ outdir, bundle: false, review: [] });
    paths = new Set(app.node.findAll().map(({ node }) => node.path));
    return app;
  });
  expect(result).toMatchObject({ missingContext: [], environments: ENVIRONMENT_NAMES.map((name) => ({ name })) });
  for (const { name, findings, validationErrors, unused, acknowledged } of result.environments) {
    expect({ name, findings, validationErrors, unused }).toEqual({
      name,
      findings: [],
      validationErrors: [],
      unused: [],
    });
    expect(acknowledged.filter(({ resource }) => !resource.startsWith(`${name}/`) || !paths.has(resource))).toEqual([]);
  }
  const { acknowledged: found } = result.environments.find(({ name }) => name === 'production')!;
  const production = found.map(({ rule, resource }) => `${rule} ${resource}`);
  expect(production).toEqual(
    expect.arrayContaining([
      'AwsSolutions-RDS2 production/Database/Database/Replica2/Resource/Resource',
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup] production/Backup/Backups/Plan/Selection/Role/Resource',
      'CloudFormation-Validate::W3010 production/Network/Network/Vpc/DatabaseSubnet3/Subnet',
    ]),
  );
  expect(isClean(result)).toBe(true);
}, 60_000);

test('production rests on at most 20 distinct reasons, and the review prints each of them once', () => {
  const result = review((outdir) => createApp({ environments: ['production'], outdir, bundle: false, review: [] }));
  const [{ reasons, acknowledged }] = result.environments as [EnvironmentReview];
  expect(reasons.length).toBeLessThanOrEqual(20);
  expect(new Set(acknowledged.map(({ reason }) => reason)).size).toBe(reasons.length);
  expect(reasons.reduce((total, { findings }) => total + findings, 0)).toBe(acknowledged.length);
  const text = reviewText(result);
  expect(text).toContain(`acknowledged with ${reasons.length} distinct reasons`);
  for (const { reason } of reasons) expect(text.split(reason)).toHaveLength(2);
}, 60_000);

test('lists what a rule pack and CloudFormation’s validation find', () => {
  const dev = reviewDevWith((network) => {
    new Bucket(network, 'Open');
    new CfnDBInstance(network, 'Mistyped', { engine: 'postgres', dbInstanceClass: 'db.no.such' });
  });
  expect(dev.clean).toBe(false);
  expect(dev.findings.map(({ rule, resource }) => `${rule} ${resource}`)).toContain(
    'AwsSolutions-S1 dev/Network/Open/Resource',
  );
  expect(dev.validationErrors.map(({ resource }) => resource)).toContain('dev/Network/Mistyped');
}, 60_000);

test('one acknowledgement is listed with each finding that it covers, the nearest construct’s first', () => {
  const dev = reviewDevWith((network) => {
    const far = new Bucket(network, 'Far');
    const near = new Bucket(network, 'Near');
    acknowledge(network, ['AwsSolutions-S1'], REASON);
    acknowledge(near, ['AwsSolutions-S1'], { ...REASON, check: 'here' });
    expect(far.node.path).toBe('dev/Network/Far');
  });
  expect(dev.acknowledged.filter(({ rule }) => rule === 'AwsSolutions-S1')).toEqual([
    { rule: 'AwsSolutions-S1', resource: 'dev/Network/Far/Resource', reason: TEXT },
    { rule: 'AwsSolutions-S1', resource: 'dev/Network/Near/Resource', reason: TEXT.replace('this file', 'here') },
  ]);
  expect(dev.findings.filter(({ rule }) => rule === 'AwsSolutions-S1')).toEqual([]);
  expect(dev.unused).toEqual([]);
}, 60_000);

test('an acknowledgement that covers nothing is found, and the review is not clean', () => {
  const clean = reviewDevWith(() => undefined);
  expect(clean).toMatchObject({ clean: true, unused: [] });
  const idle = ['AwsSolutions-S1', 'AwsSolutions-IAM5[Resource::*]', 'CloudFormation-Validate::F3002'];
  const dev = reviewDevWith((network) => acknowledge(network, idle, REASON));
  expect(dev.unused).toEqual(idle.map((rule) => ({ rule, resource: 'dev/Network', reason: TEXT })));
  expect([dev.findings, dev.validationErrors, dev.clean]).toEqual([[], [], false]);
}, 60_000);
