import { Stack } from 'aws-cdk-lib';
import { SynthesisMessageLevel } from 'aws-cdk-lib/cx-api';
import { createApp } from '../../lib/app';
import type { EnvironmentName } from '../../lib/config';
import { parseEnvironment } from '../../lib/config/parse';
import { production } from '../../lib/config/production';
import type { EnvironmentInput } from '../../lib/config/schema/environment';
import type { Alert } from '../../lib/monitoring/alerts';
import { review, type Review } from '../../lib/review/review';
import { DatabaseStage } from '../../lib/stage';
import { type Variant, variantInputs, VARIANTS } from '../review/variants';
import { temporaryOutdir, testApp } from './app';

/** Templates of an environment's stacks, or of production's in a variant, by their construct ids. */
export function synthesizeEnvironment(name: EnvironmentName | Variant): Record<string, Record<string, unknown>> {
  return templatesOf(stageOf(name));
}

/** The same of production with some of its configuration, or what is watched, changed. */
export function synthesizeChanged(
  change: Partial<EnvironmentInput>,
  alerts?: readonly Alert[],
): Record<string, Record<string, unknown>> {
  return templatesOf(
    new DatabaseStage(testApp(), parseEnvironment('production', { ...production, ...change }), alerts),
  );
}

/** Ids of the stacks that each stack of an environment waits for, by the stack's construct id. */
export function stackDependencies(name: EnvironmentName | Variant): Record<string, string[]> {
  const stage = stageOf(name);
  stage.synth();
  const stacks = stage.node.children.filter((child) => Stack.isStack(child));
  return Object.fromEntries(
    stacks.map((stack) => [stack.node.id, stack.dependencies.map((dependency) => dependency.node.id)]),
  );
}

/** The warnings of CDK for production with some of its configuration changed, after the paths of their stacks. */
export function warningsOf(change: Partial<EnvironmentInput>): [stack: string, warning: string][] {
  const stage = new DatabaseStage(testApp(), parseEnvironment('production', { ...production, ...change }));
  return stage
    .synth()
    .stacks.flatMap(({ hierarchicalId, messages }) =>
      messages
        .filter(({ level }) => level === SynthesisMessageLevel.WARNING)
        .map(({ entry }): [string, string] => [hierarchicalId, JSON.stringify(entry.data)]),
    );
}

/** The review of all environments in one variant, with the rule packs and CloudFormation's validation. */
export function reviewVariant(variant: Variant): Review {
  return reviewOf(variantInputs(variant));
}

/** The same of production with some of its configuration changed. */
export function reviewChanged(change: Partial<EnvironmentInput>): Review {
  return reviewOf({ production: { ...production, ...change } });
}

function reviewOf(inputs: Readonly<Record<string, EnvironmentInput>>): Review {
  return review((outdir) => {
    const app = testApp({ outdir, validate: true });
    for (const [name, input] of Object.entries(inputs)) new DatabaseStage(app, parseEnvironment(name, input));
    return app;
  });
}

function stageOf(name: EnvironmentName | Variant): DatabaseStage {
  const variant = VARIANTS.find((each) => each === name);
  if (variant) {
    return new DatabaseStage(testApp(), parseEnvironment('production', variantInputs(variant)['production']!));
  }
  const app = createApp({ environments: [name as EnvironmentName], outdir: temporaryOutdir(), bundle: false });
  return app.node.findChild(name) as DatabaseStage;
}

function templatesOf(stage: DatabaseStage): Record<string, Record<string, unknown>> {
  const stacks = stage.node.children.filter((child) => Stack.isStack(child));
  const assembly = stage.synth();
  return Object.fromEntries(
    stacks.map((stack) => [
      stack.node.id,
      assembly.getStackArtifact(stack.artifactId).template as Record<string, unknown>,
    ]),
  );
}
