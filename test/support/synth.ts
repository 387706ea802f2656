import { type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { Alert } from '../../lib/monitoring/alerts';
import { createApp } from '../../lib/app';
import type { EnvironmentName } from '../../lib/config';
import { parseEnvironment } from '../../lib/config/parse';
import { production } from '../../lib/config/production';
import type { EnvironmentInput } from '../../lib/config/schema/environment';
import { DatabaseStage } from '../../lib/stage';
import { temporaryOutdir, testApp } from './app';

/** Templates of an environment by the stack's name; an empty one where the environment has no such stack. */
export type Templates = Record<
  'network' | 'database' | 'backup' | 'recovery' | 'operations' | 'monitoring' | 'drills',
  Template
>;

/** The templates of an environment as it is configured; quick: neither bundled nor validated. */
export function synthesize(name: EnvironmentName): Templates {
  const app = createApp({ environments: [name], outdir: temporaryOutdir(), bundle: false });
  return templates(app.node.findChild(name) as DatabaseStage);
}

/** The templates of production with some of its configuration, or what is watched, changed. */
export function synthesizeProductionWith(change: Partial<EnvironmentInput>, alerts?: readonly Alert[]): Templates {
  const app = testApp();
  return templates(new DatabaseStage(app, parseEnvironment('production', { ...production, ...change }), alerts));
}

function templates(stage: DatabaseStage): Templates {
  const of = (stack: Stack | undefined) => (stack ? Template.fromStack(stack) : Template.fromJSON({}));
  const { network, database, backup, recovery, operations, monitoring, drills } = stage;
  return {
    network: of(network),
    database: of(database),
    backup: of(backup),
    recovery: of(recovery),
    operations: of(operations),
    monitoring: of(monitoring),
    drills: of(drills),
  };
}

/** Properties of a resource as they stand in a template. */
export type Properties = Record<string, unknown>;

/** Properties of all resources of a type whose properties match, by logical id. */
export function find(template: Template, type: string, properties: object = {}): Record<string, Properties> {
  const found = template.findResources(type, { Properties: Match.objectLike(properties) });
  return Object.fromEntries(Object.entries(found).map(([id, resource]) => [id, resource['Properties'] as Properties]));
}

/** The only resource of those found. */
export function onlyOne<T>(record: Record<string, T>): T {
  const values = Object.values(record);
  if (values.length !== 1 || values[0] === undefined)
    throw new Error(`expected one resource, found ${Object.keys(record).join(', ')}`);
  return values[0];
}

/** A template without what changes with every line of code: asset hashes. For snapshots. */
export function redacted(template: Template): unknown {
  const text = JSON.stringify(template.toJSON())
    .replace(/[0-9a-f]{64}/g, 'ASSET')
    .replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, '$1VERSION');
  return JSON.parse(text);
}
