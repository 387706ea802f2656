import type { z } from 'zod';
import { secretKind, shownValue } from './secret-like';

/**
 * One sentence for each fault that a zod schema found: the field, the value found, what is allowed.
 * @param input the parsed input
 * @param whole name of the input, for a fault of the input as a whole
 */
export function describeIssue(issue: z.core.$ZodIssue, input: unknown, whole: string): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const name = secretKind(key) === undefined ? [...issue.path, key].join('.') : shownValue(key);
      return `${name} is not a field; check its spelling and place`;
    });
  }
  const meant = issue.code === 'invalid_union' ? meantBranch(issue) : [];
  if (meant.length > 0) return meant.flatMap((inner) => describeIssue(inner, input, whole));
  const found = valueAt(input, issue.path);
  return [
    `${issue.path.join('.') || whole} is ${found === undefined ? unwritten(issue) : shown(found)}; allowed: ${allowed(issue)}`,
  ];
}

/** A value as a person writes it. JSON has no word for numbers that are none. */
function shown(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'function') return 'a function';
  return shownValue(value);
}

/** What stands for a value that nobody wrote: the default, where a rule on several fields refuses it. */
function unwritten({ code, input }: z.core.$ZodIssue): string {
  const isPlain = ['string', 'number', 'boolean'].includes(typeof input);
  return code === 'custom' && isPlain ? `${JSON.stringify(input)} by default` : 'missing';
}

/** The faults of the only branch of a union that has the value's form; none where the form is that of no branch, or of several. */
function meantBranch({ errors, path }: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] {
  const sameForm = errors.filter((issues) =>
    issues.every(({ code, path: below }) => code !== 'unrecognized_keys' && below.length > 0),
  );
  const [only, another] = sameForm;
  return only && !another ? only.map((issue) => ({ ...issue, path: [...path, ...issue.path] })) : [];
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

/** The value below a path of keys; undefined where there is none. */
export function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );
}
