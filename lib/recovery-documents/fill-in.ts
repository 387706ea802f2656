/** A name or figure of an environment; absent where the environment has none, which takes the field or item away that asks for it. */
export type Fact =
  string | number | boolean | readonly string[] | readonly Readonly<Record<string, string>>[] | undefined;

const ONLY_FACT = /^\$\{(\w+)\}$/;
const FACT = /\$\{(\w+)\}/g;

/**
 * A document, or a permission, with the environment's facts in place of `${Name}`. A text that is one fact and nothing else becomes that fact, number
 * and list included; among other text, and in DesiredValues, which Systems Manager compares as text, it becomes text.
 * @throws Error for a fact that nobody gave
 */
export function fillIn<T extends object>(document: T, facts: Readonly<Record<string, Fact>>): T {
  return replace(document, facts) as T;
}

function replace(value: unknown, facts: Readonly<Record<string, Fact>>): unknown {
  if (typeof value === 'string') {
    const name = ONLY_FACT.exec(value)?.[1];
    return name ? factOf(name, facts) : inText(value, facts);
  }
  if (Array.isArray(value)) return value.map((item) => replace(item, facts)).filter((item) => item !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) =>
    key === 'DesiredValues'
      ? [key, (inner as string[]).map((text) => inText(text, facts))]
      : [inText(key, facts), replace(inner, facts)],
  );
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
}

function inText(text: string, facts: Readonly<Record<string, Fact>>): string {
  return text.replace(FACT, (_, name: string) => {
    const fact = factOf(name, facts);
    if (typeof fact === 'boolean') return fact ? 'True' : 'False';
    if (typeof fact === 'string' || typeof fact === 'number') return String(fact);
    throw new Error(`\${${name}} in "${text}" is ${JSON.stringify(fact)}; among other text only one value can stand`);
  });
}

function factOf(name: string, facts: Readonly<Record<string, Fact>>): Fact {
  if (!(name in facts)) throw new Error(`\${${name}} is no fact; there are ${Object.keys(facts).join(', ')}`);
  return facts[name];
}
