import type { z } from 'zod';
import { type EnvironmentConfig, environmentSchema } from './schema';

/** A configuration that cannot be deployed; `faults` has one sentence for each fault. */
export class InvalidConfig extends Error {
  constructor(
    readonly environment: string,
    readonly faults: readonly string[],
  ) {
    super([`the configuration of ${environment} has ${faults.length} fault(s):`, ...faults].join('\n  - '));
    this.name = 'InvalidConfig';
  }
}

/**
 * Checks an environment and fills in its defaults.
 * @throws InvalidConfig with every fault at once, each a sentence: the field, the value found, what is allowed.
 */
export function parseEnvironment(input: unknown): EnvironmentConfig {
  const result = environmentSchema.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  const name = valueAt(input, ['name']);
  throw new InvalidConfig(
    typeof name === 'string' ? name : 'an unnamed environment',
    result.error.issues.flatMap((issue) => describe(issue, input)),
  );
}

function describe(issue: z.core.$ZodIssue, input: unknown): string[] {
  const path = issue.path.join('.') || 'the configuration';
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => `${[...issue.path, key].join('.')} is not a field; check its spelling and place`);
    default:
      return [sentence(path, valueAt(input, issue.path), allowed(issue))];
  }
}

function sentence(path: string, found: unknown, allowedText: string): string {
  return `${path} is ${found === undefined ? 'missing' : JSON.stringify(found)}; allowed: ${allowedText}`;
}

function allowed(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `a value of type ${issue.expected}`;
    case 'too_small':
      return `at least ${issue.minimum}${countNoun(issue.origin)}`;
    case 'too_big':
      return `at most ${issue.maximum}${countNoun(issue.origin)}`;
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(', ');
    case 'invalid_format':
      return issue.format === 'regex' ? issue.message : `a valid ${issue.format}`;
    default:
      return issue.message;
  }
}

function countNoun(origin: string): string {
  if (origin === 'array') return ' entries';
  return origin === 'string' ? ' characters' : '';
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );
}
