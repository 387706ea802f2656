/**
 * The values of environment variables that must be set.
 * @throws Error naming every variable that is missing or empty
 */
export function required<Name extends string>(
  source: Readonly<Record<string, string | undefined>>,
  names: readonly Name[],
): Record<Name, string> {
  const missing = names.filter((name) => !source[name]);
  if (missing.length > 0) throw new Error(`environment variables missing: ${missing.join(', ')}; the stack sets them`);
  return Object.fromEntries(names.map((name) => [name, source[name]])) as Record<Name, string>;
}

/**
 * The value of an environment variable that holds JSON. Its type is the caller's word: the stack writes it.
 * @throws Error that names the variable, never its content, when it is no JSON
 */
export function parsed<Value>(name: string, text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    throw new Error(`environment variable ${name} is no JSON; the stack sets it`);
  }
}
