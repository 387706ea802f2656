import { loadCollection, salonMetrics } from '../../../lib/monitoring/collection';
import { ENVIRONMENT_NAMES } from '../../../lib/config';
import { loadAlerts } from '../../../lib/monitoring/alerts';
import { find as findIn, synthesize, synthesizeProductionWith, type Templates } from '../../support/synth';
import { alarm, alarms, compilation, production, topic } from './production';

const SALON_METRICS = salonMetrics(loadCollection()).map(({ metric }) => metric);

test('alarms are those of the rules, with one for each critical event', () => {
  const critical = compilation().events.filter(({ severity }) => severity === 'critical');
  const expected = [
    ...compilation().alarms.map(({ alarmName }) => alarmName),
    ...critical.map(({ ruleName }) => ruleName),
  ];
  expect(alarms().map(({ AlarmName }) => AlarmName)).toEqual(expect.arrayContaining(expected));
  expect(alarms()).toHaveLength(expected.length);
  expect(expected.length).toBeGreaterThan(60);
});

test('alarms tell their severity’s topic of ALARM and OK, name their runbook, and say what missing data mean', () => {
  for (const compiled of compilation().alarms) {
    const found = alarm(compiled.alarmName);
    const name = compiled.severity.charAt(0).toUpperCase() + compiled.severity.slice(1);
    expect(found['AlarmActions']).toContainEqual(topic(name));
    expect(found['AlarmActions']).not.toContainEqual(topic('Paging'));
    expect(found['OKActions']).toEqual(found['AlarmActions']);
    expect(found['AlarmDescription']).toBe(
      [
        compiled.summary,
        compiled.description,
        `Severity: ${compiled.severity}`,
        ...(compiled.severity === 'critical'
          ? ['Contact: Primary DBA: [name, to be filled in], [phone, to be filled in]']
          : []),
        `Runbook: lib/runbooks/${compiled.alert}.md`,
        ...compiled.metrics
          .filter(({ source }) => SALON_METRICS.includes(source))
          .map(({ source }) => `Which salons: saved query "production/worst salons/${source}" of Logs Insights`),
      ].join('\n'),
    );
    expect(found['TreatMissingData']).toBe(compiled.treatMissingData);
  }
});

test('alarms keep their logical ids when the rules change their order', () => {
  const ids = (template: Templates['monitoring']) => Object.keys(findIn(template, 'AWS::CloudWatch::Alarm')).sort();
  expect(ids(synthesizeProductionWith({}, [...loadAlerts()].reverse()).monitoring)).toEqual(
    ids(production().monitoring),
  );
});

// A stack takes 500 resources (CloudFormation's quota).
test.each(ENVIRONMENT_NAMES)('%s has room for as many resources again', (name) => {
  expect(Object.keys(synthesize(name).monitoring.toJSON()['Resources'] as object).length).toBeLessThan(250);
});
