import type { z } from 'zod';

/**
 * One sentence for each fault that a zod schema found: the field, the value found, what is allowed.
 * @param input the parsed input
 * @param whole name of the input, for a fault of the input as a whole
 */
export function describeIssue(issue: z.core.$ZodIssue, input: unknown, whole: string): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${[...issue.path, key].join('.')} is not a field; check its spelling and place`);
  }
  const found = valueAt(input, issue.path);
  return [
    `${issue.path.join('.') || whole} is ${found === undefined ? 'missing' : JSON.stringify(found)}; allowed: ${allowed(issue)}`,
  ];
}

function allowed(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `a value of type ${issue.expected}`;
  if (issue.code === 'too_small') return `at least ${issue.minimum}${countNoun(issue.origin)}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}${countNoun(issue.origin)}`;
  if (issue.code === 'invalid_value') return issue.values.map((value) => JSON.stringify(value)).join(', ');
  if (issue.code === 'invalid_format' && issue.format !== 'regex') return `a valid ${issue.format}`;
  return issue.message;
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
