/** A row that the collector writes on the primary. */
export interface OwnRow {
  /** The table, for error messages. */
  readonly name: string;
  /** A query whose one value says whether there is something to write, where it is cheaper than the statement. */
  readonly due?: string;
  readonly sql: string;
}

/** Active salons from their third week on, because nothing is usual for a new one: once a day, or as soon as one has a longer booking than ever. */
const DUE_SALONS = `
  SELECT salons.id FROM salons LEFT JOIN salon_capacities AS usual ON usual.salon_id = salons.id
   WHERE salons.is_active AND salons.created_at < now() AT TIME ZONE 'utc' - interval '14 days'
     AND (usual.day IS DISTINCT FROM (now() AT TIME ZONE 'utc')::date
          OR salons.id IN (
             SELECT made.salon_id
               FROM (SELECT salon_id, EXTRACT(epoch FROM end_ts - start_ts) AS seconds
                       FROM bookings WHERE created_at >= now() AT TIME ZONE 'utc' - interval '1 hour' OFFSET 0) AS made
               JOIN salon_capacities AS known ON known.salon_id = made.salon_id AND made.seconds > known.longest_seconds))`;

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
    // Adding up file sizes takes long: the first pass of the day does it.
    due: `SELECT NOT EXISTS (SELECT FROM database_sizes WHERE day = (now() AT TIME ZONE 'utc')::date)`,
    sql: `INSERT INTO database_sizes (day, bytes)
          SELECT (now() AT TIME ZONE 'utc')::date, pg_database_size(current_database())
          ON CONFLICT (day) DO NOTHING`,
  },
  {
    name: 'salon_capacities',
    due: `SELECT EXISTS (${DUE_SALONS})`,
    // At most 50 salons in a pass, so that no pass takes long. The last 24 hours do not count: bookings that are too many today must not make
    // tomorrow's usual. The largest sum of begun minus ended bookings is the most at the same time; one that ends when another begins makes
    // room first. Four hours at least, because a longer booking than ever is seen a pass later.
    sql: `INSERT INTO salon_capacities AS known (salon_id, parallel, longest_seconds, day)
          SELECT due.id, GREATEST(1, most.parallel), GREATEST(14400, most.longest_seconds), (now() AT TIME ZONE 'utc')::date
            FROM (${DUE_SALONS} ORDER BY usual.day NULLS FIRST LIMIT 50) AS due
           CROSS JOIN LATERAL (
                 SELECT max(at_once)::int AS parallel, max(seconds)::int AS longest_seconds
                   FROM (SELECT sum(change) OVER (ORDER BY at, change) AS at_once, seconds
                           FROM bookings
                          CROSS JOIN LATERAL (VALUES
                                (start_ts, 1, EXTRACT(epoch FROM end_ts - start_ts)),
                                (GREATEST(end_ts, start_ts + interval '1 microsecond'), -1, NULL)) AS half (at, sign, seconds)
                          CROSS JOIN LATERAL (
                                SELECT CASE WHEN created_at < now() AT TIME ZONE 'utc' - interval '24 hours' THEN sign ELSE 0 END AS change) AS counted
                          WHERE bookings.salon_id = due.id AND status NOT IN ('CANCELLED', 'RESCHEDULED')
                            AND start_ts > now() AT TIME ZONE 'utc' - interval '28 days'
                            AND start_ts < now() AT TIME ZONE 'utc' + interval '28 days') AS moments) AS most
          ON CONFLICT (salon_id) DO UPDATE
             SET parallel = excluded.parallel, longest_seconds = excluded.longest_seconds, day = excluded.day`,
  },
];
