import {
  LOGGED_ROWS,
  type LoggedRows,
  MINUTES_BETWEEN_LOGGED_ROWS,
  MOST_LOGGED_ROWS,
} from '../../lib/contract/logged-rows';
import { primaryOf } from './decide';
import type { ServerReading } from './read';
import type { Row } from './values';

/** A line of the log. */
interface Line {
  readonly message: string;
  readonly fields: Row;
}

/** The lines of a pass with the primary's largest tables and most expensive statements; none in most passes. */
export function rowsToLog(
  readings: readonly ServerReading[],
  now: Date,
  all: readonly LoggedRows[] = LOGGED_ROWS,
): Line[] {
  if (now.getUTCMinutes() % MINUTES_BETWEEN_LOGGED_ROWS !== 0) return [];
  const answers = primaryOf(readings)?.answers;
  return all.flatMap(({ query, message, by }) => {
    const rows = [...(answers?.get(query) ?? [])].sort((one, other) => Number(other[by]) - Number(one[by]));
    return rows.slice(0, MOST_LOGGED_ROWS).map((fields) => ({ message, fields }));
  });
}
