import { alarmOf, compileRule, FULL } from '../../support/monitoring/alerts';

type CompileOverrides = (typeof FULL)['overrides'];

test('overrides change the numbers of one environment, and the ledger says so', () => {
  const rule = { expr: 'pg_connections_used / pg_connections_maximum > 0.8', for: '5m' };
  const overrides = { Known: { threshold: 0.5, for: '10m', severity: 'info' } as const };
  expect(alarmOf(rule, { ...FULL, overrides })).toMatchObject({
    threshold: 100,
    evaluationPeriods: 11,
    severity: 'info',
  });
  expect(compileRule(rule, { ...FULL, overrides }).ledger[0]).toMatchObject({
    severity: 'info',
    forSeconds: 600,
    note: expect.stringContaining('overridden here: threshold 0.5, for 10m, severity info') as string,
  });
});

test('an override of comparisons that "and" joins changes the first', () => {
  const overrides = { Known: { threshold: 4 } };
  const expr = 'pg_slots_inactive > 2 and pg_connections_idle_in_transaction > 5';
  expect(alarmOf({ expr }, { ...FULL, overrides })).toMatchObject({
    threshold: 4,
    expression: 'IF(((m1 * 0) == 0) * (m2 > 5), m1)',
  });
});

test('a rule that is switched off has no alarm, and the ledger has the reason', () => {
  const overrides = { Known: { switchedOff: 'nobody reads it here' } };
  const { alarms, ledger } = compileRule({}, { ...FULL, overrides });
  expect(alarms).toEqual([]);
  expect(ledger[0]).toMatchObject({ outcome: 'switched off', becomes: [], note: 'nobody reads it here' });
});

test('fails on overrides that match no alert or change a threshold that the rule does not have', () => {
  const withOverride = (rule: Record<string, unknown>, overrides: CompileOverrides) => () =>
    compileRule(rule, { ...FULL, overrides });
  expect(withOverride({}, { PostgresDown: { for: '5m' } })).toThrow(
    'alerts.overrides of production has PostgresDown, which is not an alert of alerts.yml; did you mean',
  );
  expect(withOverride({ expr: 'absent(pg_up)' }, { Known: { threshold: 1 } })).toThrow(
    'alert Known: alerts.overrides.Known.threshold is 1; allowed: only where the expression compares once',
  );
  expect(withOverride({ expr: 'pg_connections_used > 1 < 9' }, { Known: { threshold: 1 } })).toThrow('compares once');
  const event = { expr: 'increase(aws_event_rds_failover_total[5m]) > 0' };
  expect(withOverride(event, { Known: { threshold: 2 } })).toThrow('alerts.overrides sets a threshold of 2');
  expect(withOverride(event, { Known: { for: '5m' } })).toThrow('"for" is 300 s');
});
