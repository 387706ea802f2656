/** Stands in a value for what only AWS knows: it matches everything. A character that no text of ours has, and that JSON may have. */
export const UNKNOWN = '\uE000';

/**
 * Whether a value is as expected. Of objects every expected field has to match, because AWS adds fields with defaults; of lists every entry, in
 * any order. Numbers and booleans may be texts, as in templates.
 * @param expected may contain UNKNOWN
 */
export function matches(expected: unknown, actual: unknown): boolean {
  if (typeof expected === 'string' && expected.includes(UNKNOWN)) return matchesText(expected, actual);
  if (Array.isArray(expected)) return Array.isArray(actual) && matchesList(expected, actual);
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null) return false;
    return Object.entries(expected).every(([key, value]) => matches(value, (actual as Record<string, unknown>)[key]));
  }
  return expected === actual || (isPlain(expected) && isPlain(actual) && String(expected) === String(actual));
}

function matchesText(expected: string, actual: unknown): boolean {
  if (expected === UNKNOWN) return actual !== undefined;
  const pattern = expected
    .split(UNKNOWN)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^]*');
  return typeof actual === 'string' && new RegExp(`^${pattern}$`).test(actual);
}

function matchesList(expected: readonly unknown[], actual: readonly unknown[]): boolean {
  const left = [...actual];
  return (
    expected.length === actual.length &&
    expected.every((entry) => {
      const index = left.findIndex((each) => matches(entry, each));
      if (index >= 0) left.splice(index, 1);
      return index >= 0;
    })
  );
}

function isPlain(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
