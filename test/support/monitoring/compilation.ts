import type { AlarmMetric, Compilation, CompiledAlarm, CompiledEvent } from '../../../lib/monitoring/compiler/compiled';

/** An alarm on one metric, drawn on the overview unless changed. */
export function alarm(change: Partial<CompiledAlarm> & { readonly alert: string }): CompiledAlarm {
  return {
    kind: 'alarm',
    alarmName: `production-${change.alert}`,
    group: 'database_availability',
    severity: 'warning',
    component: 'database',
    summary: 'A summary',
    description: 'A description.',
    metrics: [metric()],
    periodSeconds: 60,
    evaluationPeriods: 5,
    datapointsToAlarm: 5,
    comparisonOperator: 'GreaterThanThreshold',
    threshold: 1,
    treatMissingData: 'notBreaching',
    ...change,
  };
}

/** A series that this project publishes. */
export function metric(change: Partial<AlarmMetric> = {}): AlarmMetric {
  return {
    id: 'm1',
    source: 'pg_slots_inactive',
    namespace: 'WhatsAppSaaS/PostgreSQL',
    metricName: 'pg_slots_inactive',
    dimensions: { Environment: 'production' },
    statistic: 'Maximum',
    ...change,
  };
}

/** A compilation of some alarms and events, with a ledger. */
export function compilationOf(alarms: readonly CompiledAlarm[], events: readonly CompiledEvent[] = []): Compilation {
  const ledger = alarms.map(({ alert, group, severity, component, alarmName, metrics }) => ({
    alert,
    group,
    severity,
    component,
    expression: metrics.map(({ source }) => source).join(' + '),
    forSeconds: 0,
    outcome: 'translated' as const,
    becomes: [alarmName],
    note: '',
  }));
  return { alarms, events, logFilters: [], ledger };
}
