import * as backup from '@aws-sdk/client-backup';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as rds from '@aws-sdk/client-rds';
import * as secretsManager from '@aws-sdk/client-secrets-manager';
import * as stepFunctions from '@aws-sdk/client-sfn';
import * as ssm from '@aws-sdk/client-ssm';

type Sdk = Record<string, unknown>;
/** As SDK commands carry their shapes: a schema is a tuple whose first item tells what it is. Input and output are at 4 and 5. */
interface SdkCommand {
  readonly schema: readonly [unknown, unknown, unknown, unknown, Shape, Shape];
}
/** A number is a simple type, a pair with traits is its first item, a function makes the schema. */
type Shape = number | readonly unknown[] | (() => Shape);
interface Structure {
  readonly members: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
}

/** Services whose operations are known here, because their SDK is installed, by their name in the AWS CLI and in Automation documents. */
export const SDKS: Readonly<Record<string, Sdk>> = { backup, rds, cloudwatch, secretsmanager: secretsManager, ssm, stepfunctions: stepFunctions }; // prettier-ignore

const [SIMPLE_WITH_TRAITS, LIST, MAP, STRUCTURE] = [0, 1, 2, 3];
/** A number from here on is a list of the simple type that it exceeds this by. */
const LIST_OF = 64;
const SIMPLE: Readonly<Record<number, 'string' | 'number' | 'boolean'>> = { 0: 'string', 1: 'number', 2: 'boolean', 4: 'string' }; // prettier-ignore

/** Names that an operation's input has; undefined when the service has no such operation. */
export function inputNames(service: string, api: string): string[] | undefined {
  const command = commandOf(service, api);
  return command && Object.keys(structureOf(command.schema[4])?.members ?? {});
}

/** What is wrong with a call's input: names, types and what is required; a sentence each. A reference or placeholder may be anything. */
export function callFaults(service: string, api: string, input: Readonly<Record<string, unknown>>): string[] {
  const command = commandOf(service, api);
  return command ? valueFaults(command.schema[4], input, api) : [`${service} has no operation ${api}`];
}

/** What is wrong with a JSONPath into an operation's answer, in a sentence; undefined when it leads somewhere. */
export function selectorFault(service: string, api: string, selector: string): string | undefined {
  const command = commandOf(service, api);
  if (!command) return `${service} has no operation ${api}`;
  let shape: Shape = command.schema[5];
  for (const [, deep, name = '', index] of selector.slice(1).matchAll(/(\.)?\.(\w+)(\[\d+\])?/g)) {
    const next = deep ? deepMember(shape, name) : structureOf(shape)?.members[name];
    if (next === undefined) return `${api} answers with no ${name} at ${selector}`;
    const item = itemOf(next);
    if (index && item === undefined) return `${name} of ${selector} is no list`;
    shape = item !== undefined && (index || deep) ? item : next;
  }
  return undefined;
}

function commandOf(service: string, api: string): SdkCommand | undefined {
  const Command = SDKS[service]?.[`${api}Command`] as (new (input: object) => SdkCommand) | undefined;
  return Command && new Command({});
}

function resolved(shape: Shape): number | readonly unknown[] {
  if (typeof shape === 'function') return resolved(shape());
  // A pair of a shape and its traits, unlike a schema, which begins with a number and is longer.
  if (typeof shape === 'object' && shape.length === 2) return resolved(shape[0] as Shape);
  return typeof shape === 'object' && shape[0] === SIMPLE_WITH_TRAITS ? resolved(shape[4] as Shape) : shape;
}

function structureOf(shape: Shape): Structure | undefined {
  const schema = resolved(shape);
  if (typeof schema === 'number' || schema[0] !== STRUCTURE) return undefined;
  const names = schema[4] as string[];
  const shapes = schema[5] as Shape[];
  const members = Object.fromEntries(names.map((name, i) => [name, shapes[i]!]));
  return { members, required: names.slice(0, (schema[6] as number | undefined) ?? 0) };
}

/** What a list is of. */
function itemOf(shape: Shape): Shape | undefined {
  const schema = resolved(shape);
  if (typeof schema === 'number') return schema >= LIST_OF ? schema - LIST_OF : undefined;
  return schema[0] === LIST ? (schema[4] as Shape) : undefined;
}

function deepMember(shape: Shape, name: string): Shape | undefined {
  const item = itemOf(shape);
  if (item !== undefined) return deepMember(item, name);
  const members = structureOf(shape)?.members ?? {};
  return members[name] ?? Object.values(members).map((member) => deepMember(member, name)).find((found) => found !== undefined); // prettier-ignore
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
  if (typeof schema === 'object') return schema[0] === MAP ? [] : [`${path} has a shape unknown here`];
  const type = SIMPLE[schema];
  return type === undefined || typeof value === type ? [] : [`${path} is ${JSON.stringify(value)}; it takes a ${type}`];
}

function structureFaults({ members, required }: Structure, value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [`${path} is ${JSON.stringify(value)}; it takes an object`];
  return [
    ...required.filter((name) => !(name in value)).map((name) => `${path} lacks ${name}`),
    ...Object.entries(value).flatMap(([name, inner]) =>
      members[name] === undefined ? [`${path} has no ${name}`] : valueFaults(members[name], inner, `${path}.${name}`),
    ),
  ];
}

/** A value that only the environment, CloudFormation or the run knows. */
function isOpen(value: unknown): boolean {
  if (typeof value === 'string') return /^(\$\{\w+\}|\{\{ [\w.:]+ \}\})$/.test(value);
  return typeof value === 'object' && value !== null && /^(Ref|Fn::\w+)$/.test(Object.keys(value).join());
}
