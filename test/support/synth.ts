import { type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { createApp } from '../../lib/app';
import { parseEnvironment } from '../../lib/config/parse';
import { production } from '../../lib/config/production';
import type { EnvironmentInput, EnvironmentName } from '../../lib/config/schema';
import { App } from 'aws-cdk-lib';
import { context } from '../../cdk.json';
import { DatabaseStage } from '../../lib/stage';

/** Templates of an environment by the stack's name: network, database, backup, operations, monitoring. */
export type Templates = Record<'network' | 'database' | 'backup' | 'operations' | 'monitoring', Template>;

/** The templates of an environment as it is configured; quick: neither bundled nor validated. */
export function synthesize(name: EnvironmentName): Templates {
  const app = createApp({ environments: [name], review: false, bundle: false });
  return templates(app.node.findChild(name) as DatabaseStage);
}

/** The templates of production with some of its configuration changed. */
export function synthesizeProductionWith(change: Partial<EnvironmentInput>): Templates {
  const app = new App({
    builtinCloudFormationValidation: false,
    context: { ...context, 'aws:cdk:bundling-stacks': [] },
  });
  return templates(new DatabaseStage(app, parseEnvironment({ ...production, ...change })));
}

function templates(stage: DatabaseStage): Templates {
  const of = (stack: Stack | undefined) => (stack ? Template.fromStack(stack) : Template.fromJSON({}));
  const { network, database, backup, operations, monitoring } = stage;
  return {
    network: of(network),
    database: of(database),
    backup: of(backup),
    operations: of(operations),
    monitoring: of(monitoring),
  };
}

/** A template without what changes with every line of code: asset hashes. For snapshots. */
export function redacted(template: Template): unknown {
  const text = JSON.stringify(template.toJSON())
    .replace(/[0-9a-f]{64}/g, 'ASSET')
    .replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, '$1VERSION');
  return JSON.parse(text);
}
