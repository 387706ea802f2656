import { parseAlerts } from '../../../lib/monitoring/alerts';
import { compile } from '../../../lib/monitoring/compiler/compile';
import { UntranslatableAlerts } from '../../../lib/monitoring/compiler/untranslatable';
import { METRIC_SOURCES } from '../../../lib/monitoring/sources/metric-sources';
import { compileRule, FULL, ruleFile } from '../../support/monitoring/alerts';

test.each([
  [
    'an unknown metric',
    { expr: 'pg_connection_used > 1' },
    'nothing publishes the metric pg_connection_used; allowed: a name in lib/monitoring/sources, such as pg_connections_used',
  ],
  ['an equality of a number', { expr: 'pg_connections_used == 5' }, 'CloudWatch cannot compare with == 5'],
  ['an equality of another number than 0 or 1', { expr: 'pg_up == 2' }, 'CloudWatch cannot compare with == 2'],
  [
    'a metric on both sides',
    { expr: 'pg_connections_used > pg_slots_inactive' },
    'it compares with something that is not a number',
  ],
  [
    'a rate of a gauge',
    { expr: 'rate(pg_transactions_longest_seconds[5m]) > 300' },
    'pg_transactions_longest_seconds is a gauge, and rate of a gauge measures how fast it moves, not how high it is',
  ],
  [
    'a sum of a gauge over time',
    { expr: 'sum_over_time(pg_connections_used[5m]) > 300' },
    'depends on how often it is read',
  ],
  [
    'a counter without its growth',
    { expr: 'pg_deadlocks_total > 0' },
    'pg_deadlocks_total is a counter, which only grows; allowed: increase(pg_deadlocks_total[5m])',
  ],
  [
    'a fingerprint itself',
    { expr: 'pg_configuration_fingerprint > 0' },
    'is a fingerprint, whose value means nothing by itself',
  ],
  [
    'a maximum that must be low',
    { expr: 'max by (salon_id) (silent_salons_is_new) < 1' },
    'needs a series for each label value, but all are values of one series; allowed: min by',
  ],
  ['an average of rows over time', { expr: 'avg_over_time(pg_slots_inactive[5m]) > 1' }, 'is not known for each row'],
  [
    'an aggregate over servers',
    { expr: 'max(pg_connections_used) > 1' },
    'has a series for each server, which an alarm cannot aggregate',
  ],
  [
    'another statistic than AWS’s',
    { expr: 'max_over_time(aws_rds_cpuutilization_average[5m]) > 1' },
    'allowed: avg_over_time(aws_rds_cpuutilization_average[5m])',
  ],
  [
    'metrics of different kinds of resources',
    { expr: 'pg_connections_used / aws_rds_database_connections_sum > 1' },
    'its metrics belong to different kinds of resources (server, proxy)',
  ],
  ['a setting alone', { expr: 'rds_vcpus > 2' }, 'it compares only settings and numbers, which never change'],
  [
    'a range over a setting',
    { expr: 'rate(rds_vcpus[5m]) > 2' },
    'rds_vcpus is a setting, a number that never changes',
  ],
  [
    'a setting together with metrics of all servers',
    { expr: 'pg_configuration_pending_restart / rds_vcpus > 2' },
    'rds_vcpus is a setting of each server',
  ],
  [
    'a setting of the proxy together with metrics of a server',
    { expr: 'pg_connections_used / proxy_connections_maximum > 0.8' },
    'proxy_connections_maximum is a setting of the proxy; allowed: together with metrics of the proxy',
  ],
  [
    'an event with a threshold',
    { expr: 'increase(aws_event_rds_failover_total[5m]) > 2' },
    'the expression asks for more than whether it happened',
  ],
  [
    'an event with a "for"',
    { expr: 'increase(aws_event_rds_failover_total[5m]) > 0', for: '5m' },
    'is an event, which notifies once and has no state; "for" is 300 s',
  ],
  [
    'an absent event',
    { expr: 'absent(aws_event_rds_failover_total)' },
    'the expression asks for more than whether it happened',
  ],
  ['an absent setting', { expr: 'absent(rds_vcpus)' }, 'rds_vcpus is a setting, which has no series'],
])('fails on %s', (_, rule, sentence) => {
  expect(() => compileRule(rule)).toThrow(UntranslatableAlerts);
  expect(() => compileRule(rule)).toThrow('alert Known: ');
  expect(() => compileRule(rule)).toThrow(sentence);
});

const many = Array.from({ length: 11 }, (_, i) => `increase(c${i}[5m])`).join(' + ');
const counters = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`c${i}`, METRIC_SOURCES.pg_deadlocks_total]));

test('fails on more than ten metrics', () => {
  expect(() => compile(parseAlerts(ruleFile({ expr: `${many} > 0` })), counters, FULL)).toThrow(
    'alert Known: it reads 11 metrics; allowed: at most 10',
  );
});
