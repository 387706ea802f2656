/** Message of the log line in which the collector names the worst salons of each metric, under `worst`. Saved queries look for it. */
export const WORST_SALONS_MESSAGE = 'worst salons';

/** How many salons are named for each metric. */
export const WORST_SALONS = 5;

/** Column of a query, and field of the log line, that names a salon. */
export const SALON_LABEL = 'salon_id';
