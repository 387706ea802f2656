import { parseAlerts } from '../../../lib/monitoring/alerts';
import { compile } from '../../../lib/monitoring/compiler/compile';
import { COLLECTOR_SOURCES } from '../../../lib/monitoring/sources/collector';
import { alarmOf, FULL, ruleFile } from '../../support/monitoring/alerts';

test.each([
  ['absent(collector_passes)', 30],
  ['absent(inspector_passes)', 30],
  ['sum_over_time(aws_backup_number_of_backup_jobs_completed_sum[25h]) < 1', 2880],
  ['pg_up == 0', undefined],
])('the alarm of %s, which missing values may make fire, waits %s minutes for its first', (expr, minutes) => {
  expect(alarmOf({ expr }).warmUpMinutes).toBe(minutes);
});

test.each([
  [undefined, 'absent'],
  [0, '0'],
  [2881, '2881'],
])('a source whose first value is due after %s minutes is refused where a missing value fires', (due, found) => {
  const sources = { collector_passes: { ...COLLECTOR_SOURCES.collector_passes, firstValueMinutes: due } };
  expect(() => compile(parseAlerts(ruleFile({ expr: 'absent(collector_passes)' })), sources, FULL)).toThrow(
    `alert Known: a missing value of collector_passes makes it fire, but firstValueMinutes of the source is ${found}, so this alarm would fire in every new environment; allowed: 1 to 2880 minutes`,
  );
});
