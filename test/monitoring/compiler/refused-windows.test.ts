import { UntranslatableAlerts } from '../../../lib/monitoring/compiler/untranslatable';
import { compileRule, FULL } from '../../support/monitoring/alerts';

test.each([
  [
    'a range that is not whole minutes',
    { expr: 'increase(pg_deadlocks_total[90s]) > 0' },
    'the range is 90 s; allowed: whole minutes',
  ],
  [
    'a range shorter than the metric’s period',
    { expr: 'max_over_time(rds_recovery_point_age_seconds[1m]) > 0' },
    'the range is 60 s; allowed: at least 300 s, the time between two values',
  ],
  [
    'two ranges',
    { expr: 'increase(pg_cache_hits[5m]) / increase(pg_cache_reads[10m]) > 0' },
    'the ranges are 300 s and 600 s; allowed: one',
  ],
  [
    'a range of over a day',
    { expr: 'increase(pg_deadlocks_total[25h]) > 0' },
    'the range is 90000 s; allowed: at most 86400 s',
  ],
  [
    'a "for" of a value that is published once',
    { expr: 'drill_recovery_time_seconds > 1', for: '5m' },
    '"for" is 300 s, but a drill publishes drill_recovery_time_seconds only once',
  ],
  ['too long a "for"', { for: '8d' }, '"for" is 691200 s, which takes 192 periods of 3600 s; allowed: 604800 s in all'],
  [
    'too long a "for" with short periods',
    { expr: 'increase(pg_deadlocks_total[10m]) > 0', for: '25h' },
    'which takes 150 periods of 600 s; allowed: 86400 s in all',
  ],
  [
    'a sum whose period grows',
    { expr: 'aws_rds_database_connections_sum > 0', for: '1d' },
    "is a sum over 60 s, but the alarm's periods are 3600 s",
  ],
])('fails on %s', (_, rule, sentence) => {
  expect(() => compileRule(rule)).toThrow(UntranslatableAlerts);
  expect(() => compileRule(rule)).toThrow('alert Known: ');
  expect(() => compileRule(rule)).toThrow(sentence);
});

test('fails on a range that is shorter than the group’s interval', () => {
  const rule = { expr: 'increase(pg_deadlocks_total[5m]) > 0' };
  expect(() => compileRule(rule, FULL, { interval: '1h' })).toThrow(
    "the range is 300 s; allowed: at least 3600 s, the group's interval",
  );
});
