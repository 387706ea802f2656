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
