import { loadAlerts } from '../../../lib/monitoring/alerts';
import { compile } from '../../../lib/monitoring/compiler/compile';
import { compileContext } from '../../../lib/monitoring/context';
import { METRIC_SOURCES } from '../../../lib/monitoring/sources/metric-sources';
import { loadEnvironment } from '../../../lib/config';
import { find, onlyOne, synthesize } from '../../support/synth';

test('maintenance mutes what it disturbs, in the servers’ window, and neither backups nor security nor storage', () => {
  const { monitoring } = synthesize('production');
  const compilation = compile(loadAlerts(), METRIC_SOURCES, compileContext(loadEnvironment('production')));
  const rule = onlyOne(find(monitoring, 'AWS::CloudWatch::AlarmMuteRule'));
  expect(rule['Rule']).toEqual({ Schedule: { Expression: 'cron(0 4 * * SUN)', Duration: 'PT1H' } });
  const { AlarmNames } = rule['MuteTargets'] as { AlarmNames: { Ref: string }[] };
  const byId = {
    ...find(monitoring, 'AWS::CloudWatch::Alarm'),
    ...find(monitoring, 'AWS::CloudWatch::CompositeAlarm'),
  };
  const muted = AlarmNames.map(({ Ref }) => String(byId[Ref]?.['AlarmName']));
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
