import { serialize } from 'node:v8';
import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ENVIRONMENT_NAMES, type EnvironmentName } from '../../lib/config';
import type { EnvironmentInput } from '../../lib/config/schema/environment';
import type { Alert } from '../../lib/monitoring/alerts';
import type { Review } from '../../lib/review/review';
import { once } from '../../lib/shared/once';
import type { DatabaseStage } from '../../lib/stage';
import { type Variant, VARIANTS } from '../review/variants';
import { shared } from './run/shared';
import type * as Synthesizer from './synthesizer';

type StackName = {
  [Property in keyof DatabaseStage]-?: DatabaseStage[Property] extends Stack | undefined ? Property : never;
}[keyof DatabaseStage];

/** Templates of an environment by the stack's property of the stage; an empty one where the environment has no such stack. */
export type Templates = Readonly<Record<StackName, Template>>;

/** Templates of the stacks that an environment has, as JSON, by the stack's construct id. */
type StackTemplates = Record<string, Record<string, unknown>>;

/** An environment, or production in a variant. */
export type Configuration = EnvironmentName | Variant;
/** All of them: together they have every kind of stack and resource. */
export const CONFIGURATIONS: readonly Configuration[] = [...ENVIRONMENT_NAMES, ...VARIANTS];

/** The templates of an environment as it is configured; quick: neither bundled nor validated. */
export function synthesize(name: Configuration): Templates {
  return byProperty(stackTemplates(name));
}

/** The same as JSON, by the stack's construct id. */
export function stackTemplates(name: Configuration): StackTemplates {
  return outside('synthesizeEnvironment', name);
}

/** Ids of the stacks that each stack of an environment waits for, by the stack's construct id. */
export function stackDependencies(name: Configuration): Record<string, string[]> {
  return outside('stackDependencies', name);
}

/** The templates of production with some of its configuration, or what is watched, changed. */
export function synthesizeProductionWith(change: Partial<EnvironmentInput>, alerts?: readonly Alert[]): Templates {
  return byProperty(outside('synthesizeChanged', change, alerts));
}

/** The warnings of CDK for production with some of its configuration changed, after the paths of their stacks. */
export function warningsOf(change: Partial<EnvironmentInput>): [stack: string, warning: string][] {
  return outside('warningsOf', change);
}

/** The review of all environments in one variant. */
export function reviewVariant(variant: Variant): Review {
  return outside('reviewVariant', variant);
}

/** The review of production with some of its configuration changed. */
export function reviewProductionWith(change: Partial<EnvironmentInput>): Review {
  return outside('reviewChanged', change);
}

/** Provided by run/environment.cjs: calls a function of synthesizer.ts outside of the sandbox. Returns JSON. */
declare const synthesizeOutside: (name: keyof typeof Synthesizer, serializedOptions: Buffer) => string;

function outside<Name extends keyof typeof Synthesizer>(
  name: Name,
  ...options: Parameters<(typeof Synthesizer)[Name]>
): ReturnType<(typeof Synthesizer)[Name]> {
  return shared(
    [name, options],
    () => JSON.parse(synthesizeOutside(name, serialize(options))) as ReturnType<(typeof Synthesizer)[Name]>,
  );
}

/** Each template is made when it is asked for: CDK looks for cycles in every one that it makes. */
function byProperty(stacks: StackTemplates): Templates {
  const templates = {};
  for (const [id, json] of Object.entries(stacks)) {
    const name = id.charAt(0).toLowerCase() + id.slice(1);
    Object.defineProperty(templates, name, { enumerable: true, get: once(() => Template.fromJSON(json)) });
  }
  return new Proxy(templates as Record<StackName, Template>, {
    get: (found, property) => found[property as StackName] ?? Template.fromJSON({}),
  });
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
