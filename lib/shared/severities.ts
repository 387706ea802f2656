/** Severities, the worst first. Each has a notification topic. */
export const SEVERITIES = ['critical', 'warning', 'info'] as const;
/** A severity; `critical` pages the person on call. */
export type Severity = (typeof SEVERITIES)[number];
