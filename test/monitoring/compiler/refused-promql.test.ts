import { UntranslatableAlerts } from '../../../lib/monitoring/compiler/untranslatable';
import { compileRule } from '../../support/monitoring/alerts';

test.each([
  ['invalid PromQL', { expr: 'pg_up ==' }, 'the expression "pg_up ==" is not valid PromQL; supported:'],
  ['no comparison', { expr: 'pg_up' }, 'compares nothing: "pg_up"'],
  ['a selector', { expr: 'pg_up{job="x"} == 0' }, 'needs a metric’s bare name there: "pg_up{job="x"}"'],
  [
    'a function without a translation',
    { expr: 'deriv(pg_up[5m]) > 1' },
    'has the function deriv, which has no translation here: "deriv(pg_up[5m])"',
  ],
  [
    'an aggregation without a translation',
    { expr: 'avg(pg_slots_inactive) > 1' },
    'has an aggregation without a translation: "avg(pg_slots_inactive)"',
  ],
  ['"without"', { expr: 'max without (a) (pg_slots_inactive) > 1' }, 'aggregates "without" labels'],
  ['an offset', { expr: 'rate(pg_cache_hits[5m] offset 5m) > 1' }, 'has a range with an offset or a step'],
  ['a subquery', { expr: 'max_over_time(pg_up[5m:1m]) > 1' }, 'has a range with an offset or a step'],
  ['a modifier', { expr: 'pg_up > bool 0' }, 'has a modifier of an operator'],
  ['"unless"', { expr: 'pg_up == 0 unless pg_up == 1' }, 'has an operator without a translation'],
  ['"and" with labels', { expr: 'pg_up == 0 and on (server) pg_up == 1' }, 'has a modifier of an operator'],
  ['"and" without a comparison', { expr: 'pg_up == 0 and pg_up' }, 'compares nothing: "pg_up"'],
  ['an absence in "and"', { expr: 'pg_up == 0 and absent(pg_up)' }, 'has the function absent'],
  ['a power', { expr: 'pg_connections_used ^ 2 > 1' }, 'has an operator without a translation'],
])('fails on %s', (_, rule, sentence) => {
  expect(() => compileRule(rule)).toThrow(UntranslatableAlerts);
  expect(() => compileRule(rule)).toThrow('alert Known: ');
  expect(() => compileRule(rule)).toThrow(sentence);
});
