/** Severities, the worst first. Each has a notification topic. */
export const SEVERITIES = ['critical', 'warning', 'info'] as const;
/** Who is told: critical pages somebody. */
export type Severity = (typeof SEVERITIES)[number];
