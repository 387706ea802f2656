import type { PlaceholderValue } from './placeholders';

type Values = Readonly<Record<string, PlaceholderValue>>;

const ONLY_PLACEHOLDER = /^\$\{(\w+)\}$/;
const PLACEHOLDER = /\$\{(\w+)\}/g;

/**
 * A document, or a permission, with values in place of `${Name}`. A text that consists of one placeholder becomes its value, number and
 * list included. Within a longer text, and in DesiredValues, which Systems Manager compares as text, the value becomes text.
 * @throws Error for a placeholder that `values` does not have
 */
export function fillIn<T extends object>(document: T, values: Values): T {
  return replace(document, values) as T;
}

function replace(part: unknown, values: Values): unknown {
  if (typeof part === 'string') {
    const name = ONLY_PLACEHOLDER.exec(part)?.[1];
    return name ? valueOf(name, values) : inText(part, values);
  }
  if (Array.isArray(part)) return part.map((item) => replace(item, values)).filter((item) => item !== undefined);
  if (typeof part !== 'object' || part === null) return part;
  const entries = Object.entries(part).map(([key, inner]) =>
    key === 'DesiredValues'
      ? [key, (inner as string[]).map((text) => inText(text, values))]
      : [inText(key, values), replace(inner, values)],
  );
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
}

function inText(text: string, values: Values): string {
  return text.replace(PLACEHOLDER, (_, name: string) => {
    const value = valueOf(name, values);
    if (typeof value === 'boolean') return value ? 'True' : 'False';
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    throw new Error(
      `\${${name}} in "${text}" is ${JSON.stringify(value)}; allowed within a text: a string, a number or a boolean`,
    );
  });
}

function valueOf(name: string, values: Values): PlaceholderValue {
  if (!(name in values)) {
    throw new Error(`\${${name}} is not a placeholder; allowed here: ${Object.keys(values).join(', ')}`);
  }
  return values[name];
}
