import type { Compilation } from './compiler/compiled';

/**
 * Checks a list of components that code names. A component is the label that an alert of alerts.yml has.
 * @param user what uses the list, for the sentence
 * @throws Error with every component that no alert has
 */
export function requireComponents(
  user: string,
  components: readonly string[],
  { ledger }: Pick<Compilation, 'ledger'>,
): void {
  const known = [...new Set(ledger.map(({ component }) => component))];
  const unknown = components.filter((component) => !known.includes(component));
  if (unknown.length > 0) {
    throw new Error(
      `${user} names the component ${unknown.join(', ')}, which no alert of alerts.yml has; allowed: ${known.join(', ')}`,
    );
  }
}
