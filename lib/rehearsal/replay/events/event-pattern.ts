type Matcher = string | Readonly<Record<string, unknown>>;

/**
 * Whether an event matches a pattern of EventBridge (EventBridge User Guide, "Comparison operators"). Knows only the operators that this project
 * uses; a field that an event lacks matches nothing but `exists: false`. Of a field with several values one must match.
 * @throws Error for another operator
 */
export function matchesEvent(pattern: unknown, event: unknown): boolean {
  const fields = (event ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(pattern as Readonly<Record<string, unknown>>).every(([key, wanted]) => {
    if (key === '$or') return (wanted as unknown[]).some((each) => matchesEvent(each, event));
    if (!Array.isArray(wanted)) return matchesEvent(wanted, fields[key]);
    const found = fields[key];
    const values: unknown[] = Array.isArray(found) ? found : [found];
    return (wanted as Matcher[]).some((each) => values.some((value) => matchesValue(each, value)));
  });
}

function matchesValue(matcher: Matcher, value: unknown): boolean {
  if (typeof matcher === 'string') return value === matcher;
  const [[operator, argument] = ['', undefined]] = Object.entries(matcher);
  if (operator === 'exists') return (value !== undefined) === argument;
  if (typeof value !== 'string') return false;
  switch (operator) {
    case 'wildcard':
      return new RegExp(`^${String(argument).split('*').map(escaped).join('.*')}$`).test(value);
    case 'anything-but':
      if (typeof argument === 'string') return value !== argument;
      return Array.isArray(argument)
        ? !argument.includes(value)
        : !(argument as { readonly suffix: readonly string[] }).suffix.some((suffix) => value.endsWith(suffix));
    default:
      throw new Error(`the operator ${operator} is not evaluated here`);
  }
}

function escaped(text: string): string {
  return text.replace(/[.+^${}()|[\]\\?]/g, '\\$&');
}
