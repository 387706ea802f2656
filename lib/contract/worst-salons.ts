/** Message of the log line with the worst salons of each metric, in its field `worst`. Saved queries search for it. */
export const WORST_SALONS_MESSAGE = 'worst salons';

/** Number of salons in the log for each metric. */
export const WORST_SALONS = 5;

/** Column of a query, and field of the log line, with the salon. */
export const SALON_LABEL = 'salon_id';

/** Name of the saved Logs Insights query for the worst salons of a metric. */
export function worstSalonQueryName(environment: string, metric: string): string {
  return `${environment}/worst salons/${metric}`;
}
