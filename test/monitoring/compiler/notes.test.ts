import { compileRule, FULL } from '../../support/monitoring/alerts';

const noteOf = (rule: Record<string, unknown>, context = FULL) => compileRule(rule, context).ledger[0]?.note;

const completed = 'aws_backup_number_of_backup_jobs_completed_sum';
const failed = 'aws_backup_number_of_backup_jobs_failed_sum';
const free = 'aws_rds_free_storage_space_minimum / rds_allocated_storage_bytes';

test.each([
  ['one metric', { expr: 'pg_slots_inactive > 1', for: '5m' }, ['`Maximum > 1` in 6 consecutive periods of 1 min']],
  ['metric math', { expr: `${free} < 0.1` }, ['in 2 consecutive periods of 5 min with m1 = Minimum of `aws_rds_free']],
  ['a divisor', { expr: `${free} < 0.1` }, ['it has no value while the divisor is 0']],
  ['rows', { expr: 'max by (relname) (table_bloat_dead_ratio) > 1' }, ['`for` counts the worst row of each minute']],
  ['all servers', { expr: 'pg_connections_idle_in_transaction > 1' }, ['one alarm covers all servers']],
  ['a slow metric', { expr: `${free} < 0.1` }, ['its slowest metric has one value every 5 min']],
  ['hours', { expr: 'pg_slots_inactive > 1', for: '1d' }, ['one bad value makes a whole period of 1 h count as bad']],
  [
    'a range over a day',
    { expr: `sum_over_time(${completed}[25h]) < 1` },
    ['a range of 25 h is longer than a period may be'],
  ],
  ['over a day in all', { expr: 'pg_slots_inactive > 1', for: '7d' }, ['CloudWatch evaluates it once an hour']],
  ['a week', { expr: 'pg_slots_inactive > 1', for: '7d' }, ['it needs one bad value less than Prometheus']],
  ['a count without "for"', { expr: 'increase(pg_deadlocks_total[10m]) > 0' }, ['its sum counts every event in it']],
  ['a long "for"', { expr: 'increase(pg_deadlocks_total[10m]) > 0', for: '15m' }, ['it may fire up to 10 min earlier']],
  ['a drill', { expr: 'drill_recovery_time_seconds > 1' }, ['it is published once and not sampled']],
  [
    'a short "for"',
    { expr: 'increase(pg_deadlocks_total[10m]) > 0', for: '5m' },
    [
      'one period is enough, because its sum counts every event in it',
      '`for` is not longer than the range: it may fire up to 5 min earlier',
    ],
  ],
  [
    'an absence',
    { expr: 'absent(collector_passes)' },
    ['Prometheus fires 5 min later', 'missing data counts as breaching'],
  ],
  ['no value for 0', { expr: `${failed} > 0` }, ['AWS publishes no value for 0']],
  ['missing data', { expr: `sum_over_time(${completed}[1h]) < 1` }, ['missing data counts as breaching']],
  ['two sides', { expr: `${failed} > 0 or ${completed} > 9` }, ['each side of "or" has a separate alarm']],
  [
    'an event',
    { expr: 'increase(aws_event_rds_failover_total[5m]) > 0' },
    ['an EventBridge rule notifies of each event'],
  ],
])('the ledger explains %s', (_, rule, notes) => {
  for (const note of notes) expect(noteOf(rule)).toContain(note);
});

test('the ledger says nothing about differences that a rule does not have', () => {
  expect(noteOf({ expr: 'pg_slots_inactive > 1' })).toBe('`Maximum > 1` in 2 consecutive periods of 1 min');
});
