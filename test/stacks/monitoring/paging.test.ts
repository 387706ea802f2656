import { onlyOne } from '../../support/synth';
import { find, topic } from './production';

describe('paging alarms', () => {
  test('alone notify the paging topic, when they fire and when they clear', () => {
    const composites = Object.values(find('AWS::CloudWatch::CompositeAlarm'));
    expect(composites.map(({ AlarmName }) => AlarmName).sort()).toEqual(
      [
        'ai',
        'application',
        'backup',
        'backup-events',
        'cache',
        'maintenance',
        'notifications',
        'outage',
        'replication',
        'security',
        'storage',
      ].map((name) => `production-page-${name}`),
    );
    for (const composite of composites) {
      expect(composite['AlarmActions']).toEqual([topic('Paging')]);
      expect(composite['OKActions']).toEqual([topic('Paging')]);
      expect(composite['AlarmDescription']).toContain('lib/runbooks/');
    }
  });

  test('that an outage explains wait for it, a full disk does not', () => {
    const [outage] = Object.keys(find('AWS::CloudWatch::CompositeAlarm', { AlarmName: 'production-page-outage' }));
    const suppressed = Object.values(
      find('AWS::CloudWatch::CompositeAlarm', { ActionsSuppressor: { 'Fn::GetAtt': [outage, 'Arn'] } }),
    );
    expect(suppressed.map(({ AlarmName }) => AlarmName).sort()).toEqual(
      ['backup', 'replication'].map((name) => `production-page-${name}`),
    );
    for (const composite of suppressed) {
      expect(composite).toMatchObject({ ActionsSuppressorWaitPeriod: 120, ActionsSuppressorExtensionPeriod: 300 });
    }
  });

  test('fire with any of their alarms, events included', () => {
    const rule = JSON.stringify(
      onlyOne(find('AWS::CloudWatch::CompositeAlarm', { AlarmName: 'production-page-storage' }))['AlarmRule'],
    );
    const [event] = Object.keys(
      find('AWS::CloudWatch::Alarm', { AlarmName: 'production-PostgreSQLStorageCannotGrow' }),
    );
    expect(rule).toContain(`["${event}","Arn"]`);
    expect(rule.match(/ALARM\(/g)).toHaveLength(8);
    expect(rule.match(/ OR /g)).toHaveLength(7);
  });
});
