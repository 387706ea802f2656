import { type CollectedQuery, SALON_LABEL } from '../../lib/catalog/collected';
import { numberIn, primaryOf } from './decide';
import type { Row, ServerReading } from './read';

/** A salon and its value. */
export interface SalonValue {
  readonly salon_id: string;
  readonly value: number;
}

/** How many salons are named for each metric. */
export const WORST_SALONS = 5;

/** The salons with the worst values of each metric that is published by salon, the worst first, each salon with its worst row. */
export function worstSalons(
  readings: readonly ServerReading[],
  queries: readonly CollectedQuery[],
): Record<string, SalonValue[]> {
  const primary = primaryOf(readings);
  const entries = queries
    .filter(({ labels }) => labels.includes(SALON_LABEL))
    .flatMap(({ name, metrics }) =>
      metrics.map(({ metric, column, worst }): [string, SalonValue[]] => [
        metric,
        worstOf(primary?.answers.get(name) ?? [], column, worst === 'lowest' ? 1 : -1),
      ]),
    );
  return Object.fromEntries(entries.filter(([, salons]) => salons.length > 0));
}

function worstOf(rows: readonly Row[], column: string, direction: 1 | -1): SalonValue[] {
  const bySalon = new Map<string, number>();
  for (const row of rows) {
    const salon = row[SALON_LABEL];
    const value = numberIn(row, column);
    // An event that belongs to no salon names none.
    if (typeof salon !== 'string' || salon === '' || value === undefined) continue;
    const known = bySalon.get(salon);
    if (known === undefined || (value - known) * direction < 0) bySalon.set(salon, value);
  }
  return [...bySalon]
    .map(([salon_id, value]) => ({ salon_id, value }))
    .sort((a, b) => (a.value - b.value) * direction)
    .slice(0, WORST_SALONS);
}
