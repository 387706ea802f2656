import { App, Validations } from 'aws-cdk-lib';
import { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { context } from '../cdk.json';
import { createApp, rulePacks } from '../lib/app';
import { ENVIRONMENT_NAMES, loadEnvironment } from '../lib/config';
import { isClean, review } from '../lib/review';
import { DatabaseStage } from '../lib/stage';

test.each(ENVIRONMENT_NAMES)(
  '%s has no finding of a rule pack that nobody acknowledged, and each reason is a sentence',
  (name) => {
    const app = createApp({ environments: [name], review: false, bundle: false });
    app.synth();
    for (const pack of rulePacks()) expect(pack.validateScope(app).violations).toEqual([]);
    const reasons = app.node
      .findAll()
      .flatMap(({ node }) => node.metadata)
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.values(data as Record<string, string>));
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) expect(reason.length).toBeGreaterThan(25);
  },
);

test('the review lists what a rule pack and CloudFormation’s validation find', () => {
  const result = review((outdir) => {
    const app = new App({ outdir, context: { ...context, 'aws:cdk:bundling-stacks': [] } });
    const stage = new DatabaseStage(app, loadEnvironment('dev'));
    new Bucket(stage.network, 'Open');
    new CfnDBInstance(stage.network, 'Mistyped', { engine: 'postgres', dbInstanceClass: 'db.no.such' });
    return app;
  });
  const dev = result.environments.find(({ name }) => name === 'dev');
  expect(isClean(result)).toBe(false);
  expect(dev?.findings.map(({ rule, resource }) => `${rule} ${resource}`)).toContain(
    'AwsSolutions-S1 dev/Network/Open/Resource',
  );
  expect(dev?.validationErrors.map(({ resource }) => resource)).toContain('dev/Network/Mistyped');
  expect(result.missingContext).toEqual([]);
}, 60_000);
