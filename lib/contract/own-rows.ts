/** A row that the collector writes on the primary. */
export interface OwnRow {
  /** The table, as failures name it. */
  readonly name: string;
  readonly sql: string;
}

/** What the collector writes in each pass, before it reads. */
export const OWN_ROWS: readonly OwnRow[] = [
  {
    name: 'heartbeat',
    // How far a restored copy or a replica reaches. It also keeps an idle primary from looking like a lagging replica for long.
    sql: `INSERT INTO heartbeat (id, beat_at, beats) VALUES (1, now(), 1)
          ON CONFLICT (id) DO UPDATE SET beat_at = excluded.beat_at, beats = heartbeat.beats + 1`,
  },
  {
    name: 'database_sizes',
    // The condition spares all passes but the first of a day the adding up of files.
    sql: `INSERT INTO database_sizes (day, bytes)
          SELECT (now() AT TIME ZONE 'utc')::date, pg_database_size(current_database())
           WHERE NOT EXISTS (SELECT FROM database_sizes WHERE day = (now() AT TIME ZONE 'utc')::date)
          ON CONFLICT (day) DO NOTHING`,
  },
];
