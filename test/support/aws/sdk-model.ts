import * as backup from '@aws-sdk/client-backup';
import * as cloudformation from '@aws-sdk/client-cloudformation';
import * as cloudtrail from '@aws-sdk/client-cloudtrail';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as iam from '@aws-sdk/client-iam';
import * as lambda from '@aws-sdk/client-lambda';
import * as rds from '@aws-sdk/client-rds';
import * as secretsManager from '@aws-sdk/client-secrets-manager';
import * as stepFunctions from '@aws-sdk/client-sfn';
import * as sns from '@aws-sdk/client-sns';
import * as ssm from '@aws-sdk/client-ssm';

type Sdk = Record<string, unknown>;
/** An SDK command with its schema: a tuple whose items 4 and 5 are the shapes of input and output. */
interface SdkCommand {
  readonly schema: readonly [unknown, unknown, unknown, unknown, Shape, Shape];
}
/** A number is a simple type; a pair is a shape with traits; a function returns the shape; other tuples begin with their kind. */
type Shape = number | readonly unknown[] | (() => Shape);
interface Structure {
  readonly members: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
}

/** SDKs of the services that Automation documents call, by their names there and in the AWS CLI. Their operations can be checked. */
export const SDKS: Readonly<Record<string, Sdk>> = {
  backup,
  rds,
  cloudwatch,
  secretsmanager: secretsManager,
  ssm,
  stepfunctions: stepFunctions,
};

/** The same, and those of services that people call by the AWS CLI. */
export const CLI_SDKS: Readonly<Record<string, Sdk>> = { ...SDKS, cloudformation, cloudtrail, iam, lambda, logs, sns };

const [SIMPLE_WITH_TRAITS, LIST, MAP, STRUCTURE] = [0, 1, 2, 3];
/** Numbers from 64 on are lists: 64 plus the number of the simple type of their items. */
const LIST_OF = 64;
/** Simple types that are times, in the formats of the protocols. */
const TIMES = [4, 5, 6, 7];
const SIMPLE: Readonly<Record<number, 'string' | 'number' | 'boolean'>> = {
  0: 'string',
  1: 'number',
  2: 'boolean',
  4: 'string',
};

/** Names of an operation's inputs; undefined when the service does not have the operation. */
export function inputNames(service: string, api: string): string[] | undefined {
  const command = commandOf(service, api);
  return command && Object.keys(structureOf(command.schema[4])?.members ?? {});
}

/** Faults of a call's input, a sentence each: unknown names, wrong types, missing required inputs. References and placeholders are not checked. */
export function callFaults(service: string, api: string, input: Readonly<Record<string, unknown>>): string[] {
  const command = commandOf(service, api);
  return command ? valueFaults(command.schema[4], input, api) : [`${service} has no operation ${api}`];
}

/** The fault of a JSONPath into an operation's response, in a sentence; undefined when the path exists. */
export function selectorFault(service: string, api: string, selector: string): string | undefined {
  const found = follow(service, api, selector);
  return typeof found === 'string' ? found : undefined;
}

/**
 * The types that Automation documents for the value at a path of an operation's response; none where it contains several times, for which
 * there is no type. A path with `..` gives a list.
 */
export function outputTypes(service: string, api: string, selector: string): string[] {
  const found = follow(service, api, selector);
  if (typeof found === 'string') return [];
  const item = itemOf(found.shape) ?? (selector.includes('..') ? found.shape : undefined);
  const inner = item ?? found.shape;
  if (structureOf(inner)) return timesIn(inner).length > 0 ? [] : [item === undefined ? 'StringMap' : 'MapList'];
  if (isTime(inner)) return item === undefined ? ['String'] : [];
  if (item !== undefined) return ['StringList'];
  const type = SIMPLE[resolved(inner) as number];
  return type === 'number' ? ['Integer'] : type === 'boolean' ? ['Boolean'] : ['String'];
}

/** Names of all times in the responses of all operations of a service. */
export function timesOf(service: string): string[] {
  const commands = Object.keys(CLI_SDKS[service] ?? {}).flatMap((name) => /^(\w+)Command$/.exec(name)?.[1] ?? []);
  return [...new Set(commands.flatMap((api) => timesIn(commandOf(service, api)!.schema[5])))];
}

/** Names of the times in a shape, at any depth. */
function timesIn(shape: Shape, seen = new Set<unknown>()): string[] {
  const item = itemOf(shape);
  if (item !== undefined) return timesIn(item, seen);
  const schema = resolved(shape);
  if (typeof schema === 'number' || seen.has(schema)) return [];
  seen.add(schema);
  return Object.entries(structureOf(shape)?.members ?? {}).flatMap(([name, member]) =>
    isTime(itemOf(member) ?? member) ? [name] : timesIn(member, seen),
  );
}

/** The shape at a path of an operation's response, or why there is none. */
function follow(service: string, api: string, selector: string): { readonly shape: Shape } | string {
  const command = commandOf(service, api);
  if (!command) return `${service} has no operation ${api}`;
  let shape: Shape = command.schema[5];
  for (const [, deep, name = '', index] of selector.slice(1).matchAll(/(\.)?\.(\w+)(\[\d+\])?/g)) {
    const next = deep ? deepMember(shape, name) : structureOf(shape)?.members[name];
    if (next === undefined) return `the response of ${api} has no ${name} at ${selector}`;
    const item = itemOf(next);
    if (index && item === undefined) return `${name} of ${selector} is not a list`;
    shape = item !== undefined && (index || deep) ? item : next;
  }
  return { shape };
}

function commandOf(service: string, api: string): SdkCommand | undefined {
  const Command = CLI_SDKS[service]?.[`${api}Command`] as (new (input: object) => SdkCommand) | undefined;
  return Command && new Command({});
}

function resolved(shape: Shape): number | readonly unknown[] {
  if (typeof shape === 'function') return resolved(shape());
  // A pair of a shape and its traits, unlike a schema, which begins with a number and is longer.
  if (typeof shape === 'object' && shape.length === 2) return resolved(shape[0] as Shape);
  return typeof shape === 'object' && shape[0] === SIMPLE_WITH_TRAITS ? resolved(shape[4] as Shape) : shape;
}

function isTime(shape: Shape): boolean {
  const schema = resolved(shape);
  return typeof schema === 'number' && TIMES.includes(schema);
}

function structureOf(shape: Shape): Structure | undefined {
  const schema = resolved(shape);
  if (typeof schema === 'number' || schema[0] !== STRUCTURE) return undefined;
  const names = schema[4] as string[];
  const shapes = schema[5] as Shape[];
  const members = Object.fromEntries(names.map((name, i) => [name, shapes[i]!]));
  return { members, required: names.slice(0, (schema[6] as number | undefined) ?? 0) };
}

/** The shape of a list's items; undefined when the shape is not a list. */
function itemOf(shape: Shape): Shape | undefined {
  const schema = resolved(shape);
  if (typeof schema === 'number') return schema >= LIST_OF ? schema - LIST_OF : undefined;
  return schema[0] === LIST ? (schema[4] as Shape) : undefined;
}

function deepMember(shape: Shape, name: string): Shape | undefined {
  const item = itemOf(shape);
  if (item !== undefined) return deepMember(item, name);
  const members = structureOf(shape)?.members ?? {};
  const nested = () => Object.values(members).map((member) => deepMember(member, name));
  return members[name] ?? nested().find((found) => found !== undefined);
}

function valueFaults(shape: Shape, value: unknown, path: string): string[] {
  if (isOpen(value)) return [];
  const item = itemOf(shape);
  if (item !== undefined) {
    return Array.isArray(value)
      ? value.flatMap((each, i) => valueFaults(item, each, `${path}[${i}]`))
      : [`${path} is ${JSON.stringify(value)}; it takes a list`];
  }
  const structure = structureOf(shape);
  if (structure) return structureFaults(structure, value, path);
  const schema = resolved(shape);
  if (typeof schema === 'object') return schema[0] === MAP ? [] : [`${path} has a shape that is not known here`];
  const type = SIMPLE[schema];
  return type === undefined || typeof value === type ? [] : [`${path} is ${JSON.stringify(value)}; it takes a ${type}`];
}

function structureFaults({ members, required }: Structure, value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [`${path} is ${JSON.stringify(value)}; it takes an object`];
  return [
    ...required.filter((name) => !(name in value)).map((name) => `${path} has no ${name}, which is required`),
    ...Object.entries(value).flatMap(([name, inner]) =>
      members[name] === undefined ? [`${path} has no ${name}`] : valueFaults(members[name], inner, `${path}.${name}`),
    ),
  ];
}

/** A value that is known only to the environment, CloudFormation or the run of a document. */
function isOpen(value: unknown): boolean {
  if (typeof value === 'string') return /^(\$\{\w+\}|\{\{ [\w.:]+ \}\})$/.test(value);
  return typeof value === 'object' && value !== null && /^(Ref|Fn::\w+)$/.test(Object.keys(value).join());
}
