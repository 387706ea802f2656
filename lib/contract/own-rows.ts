/** A row that the collector writes on the primary. */
export interface OwnRow {
  /** The table, for error messages. */
  readonly name: string;
  readonly sql: string;
}

/** Rows that the collector writes in each pass, before it reads. */
export const OWN_ROWS: readonly OwnRow[] = [
  {
    name: 'heartbeat',
    // Shows how recent the data of a restored database or a replica is. On an idle primary it also keeps the lag of replicas low.
    sql: `INSERT INTO heartbeat (id, beat_at, beats) VALUES (1, now(), 1)
          ON CONFLICT (id) DO UPDATE SET beat_at = excluded.beat_at, beats = heartbeat.beats + 1`,
  },
  {
    name: 'database_sizes',
    // The condition avoids adding up file sizes in every pass but the first of the day.
    sql: `INSERT INTO database_sizes (day, bytes)
          SELECT (now() AT TIME ZONE 'utc')::date, pg_database_size(current_database())
           WHERE NOT EXISTS (SELECT FROM database_sizes WHERE day = (now() AT TIME ZONE 'utc')::date)
          ON CONFLICT (day) DO NOTHING`,
  },
];
