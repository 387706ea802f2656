import { loadAlerts } from '../../../lib/monitoring/alerts';
import { compile } from '../../../lib/monitoring/compiler/compile';
import { compileContext } from '../../../lib/monitoring/context';
import { METRIC_SOURCES } from '../../../lib/monitoring/sources/metric-sources';
import { loadEnvironment } from '../../../lib/config';
import { find, synthesize } from '../../support/synth';

/** The mute rule of what is maintained: its schedule, and the names of its alarms. */
function muteOf(maintained: string): { rule: unknown; muted: string[] } {
  const { monitoring } = synthesize('production');
  const rules = Object.values(find(monitoring, 'AWS::CloudWatch::AlarmMuteRule'));
  const rule = rules.find(({ Description }) => String(Description).includes(` of ${maintained}, `))!;
  const { AlarmNames } = rule['MuteTargets'] as { AlarmNames: { Ref: string }[] };
  const byId = {
    ...find(monitoring, 'AWS::CloudWatch::Alarm'),
    ...find(monitoring, 'AWS::CloudWatch::CompositeAlarm'),
  };
  return { rule: rule['Rule'], muted: AlarmNames.map(({ Ref }) => String(byId[Ref]?.['AlarmName'])) };
}

test('maintenance mutes what it disturbs, in the servers’ window, and neither backups nor security nor storage', () => {
  const compilation = compile(loadAlerts(), METRIC_SOURCES, compileContext(loadEnvironment('production')));
  const { rule, muted } = muteOf('the servers');
  expect(rule).toEqual({ Schedule: { Expression: 'cron(0 4 * * SUN)', Duration: 'PT1H' } });
  const components = new Set(
    compilation.alarms.filter(({ alarmName }) => muted.includes(alarmName)).map(({ component }) => component),
  );
  expect([...components].sort()).toEqual(['database', 'performance', 'pooling', 'replication']);
  expect(muted).toEqual(expect.arrayContaining(['production-page-outage', 'production-page-replication']));
  expect(muted.length).toBeLessThanOrEqual(100);
  expect(
    muted.filter((name) => /Backup|Secret|Storage|Disk|Notification|page-(storage|backup|security)/.test(name)),
  ).toEqual([]);
});

test('maintenance of the cache mutes the cache alone, in its own window', () => {
  const { rule, muted } = muteOf('the cache');
  expect(rule).toEqual({ Schedule: { Expression: 'cron(30 5 * * SUN)', Duration: 'PT1H' } });
  expect(muted.length).toBeGreaterThan(4);
  expect(muted.filter((name) => !/^production-(Cache|page-cache$)/.test(name))).toEqual([]);
  expect(muted).toContain('production-page-cache');
});
