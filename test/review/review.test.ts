import { type App, Stack, Stage, Validations } from 'aws-cdk-lib';
import { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { createApp } from '../../lib/app';
import { ENVIRONMENT_NAMES } from '../../lib/config';
import { acknowledge } from '../../lib/constructs/acknowledge';
import { reasonText } from '../../lib/constructs/reasons';
import { type EnvironmentReview, isClean, type Review, review, reviewText } from '../../lib/review/review';
import { rulePacks } from '../../lib/review/rule-packs';
import { testApp } from '../support/app';

const REASON = { fact: 'this test makes it on purpose', check: 'this file', until: 'it ends' };
const TEXT = reasonText(REASON);

/** The review of a stack with something that needs no acknowledgement: CloudFormation refuses an empty one. */
function reviewStackWith(add: (network: Stack) => void): EnvironmentReview & { clean: boolean } {
  const result = review((outdir) => {
    const app = testApp({ outdir, validate: true });
    const network = new Stack(new Stage(app, 'dev'), 'Network');
    new Topic(network, 'Clean', { enforceSSL: true, masterKey: new Key(network, 'Key', { enableKeyRotation: true }) });
    add(network);
    return app;
  });
  const [dev] = result.environments;
  if (!dev) throw new Error('the review has no environment');
  return { ...dev, clean: isClean(result) };
}

let app: App;
let result: Review;
beforeAll(() => {
  result = review((outdir) => (app = createApp({ outdir, bundle: false, review: [] })));
}, 60_000);

test.each(ENVIRONMENT_NAMES)(
  '%s has no finding of a rule pack that nobody acknowledged, and each reason says what to check and until when',
  (name) => {
    const stage = app.node.findChild(name);
    for (const pack of rulePacks()) expect(pack.validateScope(stage).violations).toEqual([]);
    const reasons = stage.node
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
  const paths = new Set(app.node.findAll().map(({ node }) => node.path));
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
  const production = reviewOfProduction().acknowledged.map(({ rule, resource }) => `${rule} ${resource}`);
  expect(production).toEqual(
    expect.arrayContaining([
      'AwsSolutions-RDS2 production/Database/Database/Replica2/Resource/Resource',
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup] production/Backup/Backups/Plan/Selection/Role/Resource',
      'CloudFormation-Validate::W3010 production/Network/Network/Vpc/DatabaseSubnet3/Subnet',
    ]),
  );
  expect(isClean(result)).toBe(true);
});

test('production rests on at most 20 distinct reasons, and the review prints each of them once', () => {
  const production = reviewOfProduction();
  const { reasons, acknowledged } = production;
  expect(reasons.length).toBeLessThanOrEqual(20);
  expect(new Set(acknowledged.map(({ reason }) => reason)).size).toBe(reasons.length);
  expect(reasons.reduce((total, { findings }) => total + findings, 0)).toBe(acknowledged.length);
  const text = reviewText({ ...result, environments: [production] });
  expect(text).toContain(`acknowledged with ${reasons.length} distinct reasons`);
  for (const { reason } of reasons) expect(text.split(reason)).toHaveLength(2);
});

function reviewOfProduction(): EnvironmentReview {
  return result.environments.find(({ name }) => name === 'production')!;
}

test('lists what a rule pack and CloudFormation’s validation find', () => {
  const dev = reviewStackWith((network) => {
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
  const dev = reviewStackWith((network) => {
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
  const clean = reviewStackWith(() => undefined);
  expect(clean).toMatchObject({ clean: true, unused: [] });
  const idle = ['AwsSolutions-S1', 'AwsSolutions-IAM5[Resource::*]', 'CloudFormation-Validate::F3002'];
  const dev = reviewStackWith((network) => acknowledge(network, idle, REASON));
  expect(dev.unused).toEqual(idle.map((rule) => ({ rule, resource: 'dev/Network', reason: TEXT })));
  expect([dev.findings, dev.validationErrors, dev.clean]).toEqual([[], [], false]);
}, 60_000);
