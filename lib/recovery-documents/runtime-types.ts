import type { DocumentContent, DocumentStep } from './content-schema';

type CallingStep = Extract<DocumentStep, { inputs: { Service: string } }>;
type StateMachineStep = Extract<DocumentStep, { action: 'aws:executeStateMachine' }>;

/** A text that Automation may take for a map or a list; `{{ Name }}` is a reference. */
const JSON_TEXT = /^\s*(\[|\{(?!\{\s*[\w.:]+\s*\}\}))/;
/** What a pattern must refuse in a text that a call receives, and in one that stands between quotes within JSON. */
const JSON_VALUES = ['{"a":1}', '{}', '["a"]', '[1]', ' {"a":1}'];
const BREAKS_QUOTES = ['"', '\\', '","b":"', 'a\nb'];
/** Last member of a path to a time, by the names that AWS gives to times. A test compares them with the model of the SDK. */
const TIME =
  /(?:Times?|Dates?|Timestamps?|Till|Until|At|LastModified|LastComputed|StartBy|BacktrackTo|(?:Backtracked|Valid)From|ExpiresAfter|Expiration)$|^(?:time|date|timestamp)s?$/;
/** A path that gives several values. */
const SEVERAL = /\.\.|\[\*\]|\[\d*:\d*\]/;

/**
 * What is wrong with the types of the values that pass through Automation, a sentence for each fault:
 * - Text that looks like JSON in a call of an API: Automation may pass it on as a map, which the API refuses (unconfirmed). State machines,
 *   whose input is JSON, have their own action (Systems Manager User Guide, "aws:executeStateMachine").
 * - An output that is a list of times: the documented types are only lists of strings and of maps (the same, "aws:executeAwsApi"), and a
 *   step whose output has another type may fail (unconfirmed), after its call was made.
 */
export function runtimeTypeFaults(document: DocumentContent): string[] {
  return document.mainSteps.flatMap((step) => {
    if (step.action === 'aws:executeStateMachine') return inputFaults(step, document);
    return 'Service' in step.inputs ? callFaults(step as CallingStep, document) : [];
  });
}

function callFaults(step: CallingStep, document: DocumentContent): string[] {
  const { Service, Api, ...inputs } = step.inputs;
  if (Service === 'stepfunctions' && /^Start(Sync)?Execution$/.test(Api))
    return [
      `step ${step.name} calls ${Service} ${Api}; allowed: the action aws:executeStateMachine, whose input is JSON`,
    ];
  const outputs = step.action === 'aws:executeAwsApi' ? (step.outputs ?? []) : [];
  return [
    ...texts(inputs)
      .filter((text) => JSON_TEXT.test(text))
      .map(
        (text) =>
          `step ${step.name} passes the text ${text} to ${Api}; allowed: no text that looks like JSON, which Automation may turn into a map or a list`,
      ),
    ...openParameters(inputs, document, JSON_VALUES).map(
      (name) =>
        `step ${step.name} passes the parameter ${name} to ${Api}, and its value may look like JSON; give it allowedValues, or an allowedPattern that refuses "{" and "[" at its beginning`,
    ),
    ...outputs
      .filter(
        ({ Selector, Type }) => (Type.endsWith('List') || SEVERAL.test(Selector)) && TIME.test(lastMember(Selector)),
      )
      .map(
        ({ Name, Selector }) =>
          `output ${step.name}.${Name} is a list of times (${Selector}); Automation has no such type; allowed: a list of strings or maps, or a single time as String`,
      ),
  ];
}

function inputFaults({ name, inputs: { input } }: StateMachineStep, document: DocumentContent): string[] {
  if (input === undefined) return [];
  const isObject = isJsonObject(input.replaceAll(REFERENCE, 'x').replaceAll(/\$\{\w+\}/g, 'x'));
  return [
    ...(isObject
      ? []
      : [`the input of step ${name} is ${input}; allowed: a JSON object, with references between quotes`]),
    ...openParameters(input, document, BREAKS_QUOTES).map(
      (parameter) =>
        `the input of step ${name} has the parameter ${parameter}, whose value may break the JSON; give it allowedValues, or an allowedPattern without quotes, backslashes and line ends`,
    ),
  ];
}

/** Parameters among the references of a value that accept one of these texts. */
function openParameters(value: unknown, { parameters }: DocumentContent, refused: readonly string[]): string[] {
  return [...references(value)].filter((name) => {
    const parameter = parameters[name];
    if (parameter === undefined || /^(Integer|Boolean)$/.test(parameter.type)) return false;
    const { allowedValues, allowedPattern } = parameter;
    if (allowedValues) return allowedValues.some((text) => refused.includes(text) || JSON_TEXT.test(text));
    return allowedPattern === undefined || refused.some((text) => new RegExp(allowedPattern).test(text));
  });
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Every text in a value, at any depth. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

function lastMember(selector: string): string {
  return /(\w+)(?:\[[^\]]*\])*$/.exec(selector)?.[1] ?? '';
}

const REFERENCE = /\{\{ ?([\w.:]+) ?\}\}/g;

/** Names of what a value refers to as `{{ Name }}`. */
export function references(value: unknown): Set<string> {
  return new Set([...JSON.stringify(value).matchAll(REFERENCE)].map(([, name = '']) => name));
}
