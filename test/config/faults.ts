import { InvalidConfig, parseEnvironment } from '../../lib/config/parse';
import { production } from '../../lib/config/production';

/** A configuration to be changed, typed loosely. */
export type Draft = Record<string, unknown> & { database: Record<string, unknown>; network: Record<string, unknown> };

/** The faults of production after `change`. */
export function faults(change: (draft: Draft) => void): readonly string[] {
  const draft = structuredClone(production) as unknown as Draft;
  change(draft);
  try {
    parseEnvironment('production', draft);
  } catch (error) {
    if (error instanceof InvalidConfig) return error.faults;
    throw error;
  }
  return [];
}
