import type { CollectedQuery } from '../../lib/contract/collected-query';
import { SALON_LABEL, WORST_SALONS } from '../../lib/contract/worst-salons';
import { primaryOf } from './decide';
import type { ServerReading } from './read';
import type { Row } from './values';

/** A salon and its value, with the query's details: of how many messages, say. */
interface SalonValue {
  readonly salon_id: string;
  readonly value: number;
  readonly [detail: string]: string | number | null;
}

/** The salons with the worst values of each metric that has a value per salon: worst first, each salon once, with its worst row. */
export function worstSalons(
  readings: readonly ServerReading[],
  queries: readonly CollectedQuery[],
): Record<string, SalonValue[]> {
  const primary = primaryOf(readings);
  const entries = queries
    .filter(({ labels }) => labels.includes(SALON_LABEL))
    .flatMap(({ name, metrics, details }) =>
      metrics.map(({ metric, column }): [string, SalonValue[]] => [
        metric,
        worstOf(primary?.answers.get(name) ?? [], column, details),
      ]),
    );
  return Object.fromEntries(entries.filter(([, salons]) => salons.length > 0));
}

function worstOf(rows: readonly Row[], column: string, details: readonly string[]): SalonValue[] {
  const inOrder = (a: SalonValue, b: SalonValue) => b.value - a.value;
  let worst: SalonValue[] = [];
  for (const row of rows) {
    const salon = row[SALON_LABEL];
    const value = row[column];
    // An event may belong to no salon.
    if (typeof salon !== 'string' || salon === '' || typeof value !== 'number') continue;
    const entry = {
      salon_id: salon,
      value,
      ...Object.fromEntries(details.map((detail) => [detail, row[detail] ?? null])),
    };
    const least = worst[WORST_SALONS - 1];
    if (least && inOrder(entry, least) >= 0) continue;
    const known = worst.find(({ salon_id }) => salon_id === salon);
    if (known && inOrder(entry, known) >= 0) continue;
    worst = [...worst.filter((each) => each !== known), entry].sort(inOrder).slice(0, WORST_SALONS);
  }
  return worst;
}
