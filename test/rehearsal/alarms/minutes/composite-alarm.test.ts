import type { AssemblyResource } from '../../../../lib/assembly/environment-assembly';
import {
  actedChanges,
  compositeChanges,
  readCompositeAlarms,
} from '../../../../lib/rehearsal/alarms/minutes/composite-alarm';
import type { StateChange } from '../../../../lib/rehearsal/alarms/minutes/evaluate-minutes';
import { synthesize } from '../../../support/synth';

const alarm = (minute: number): StateChange => ({ minute, state: 'ALARM' });
const ok = (minute: number): StateChange => ({ minute, state: 'OK' });

describe('the examples of "Alarm suppression" (CloudWatch User Guide), with a wait of 2 and an extension of 3', () => {
  const suppressor = { name: 's', waitMinutes: 2, extensionMinutes: 3 };

  test.each<[string, StateChange[], StateChange[], StateChange[]]>([
    ['1: the suppressor stays OK', [alarm(2)], [], [alarm(4)]],
    ['2: the suppressor fires before the wait is over', [alarm(2)], [alarm(3)], []],
    ['3: the composite alarm is OK again before the wait is over', [alarm(2), ok(3)], [], [ok(5)]],
    ['4: the suppressor is in ALARM already', [alarm(2)], [alarm(1)], []],
    ['5: it is still in ALARM after the extension', [alarm(2)], [alarm(3), ok(6)], [alarm(9)]],
    ['6: it is OK again before the extension is over', [alarm(2), ok(7)], [alarm(3), ok(6)], [ok(9)]],
  ])('%s', (_, changes, suppressorChanges, expected) => {
    expect(actedChanges({ suppressor }, changes, suppressorChanges)).toEqual(expected);
  });

  test('without a suppressor it acts at once', () => {
    expect(actedChanges({}, [alarm(2), ok(3)], [])).toEqual([alarm(2), ok(3)]);
  });

  test('the suppressor that fires when the wait ends is in time', () => {
    expect(actedChanges({ suppressor }, [alarm(2)], [alarm(4)])).toEqual([]);
  });

  test('a change on which it has acted is not repeated after the suppressor', () => {
    expect(actedChanges({ suppressor }, [alarm(2)], [alarm(5), ok(8)])).toEqual([alarm(4)]);
  });
});

test('a composite alarm is in ALARM while any child is', () => {
  expect(compositeChanges([[alarm(2), ok(6)], [alarm(4), ok(9)], [alarm(9), ok(10)], []])).toEqual([alarm(2), ok(10)]);
});

describe('the paging alarms of production', () => {
  const resources = Object.entries(
    (synthesize('production').monitoring.toJSON() as { Resources: Record<string, { Type: string; Properties: never }> })
      .Resources,
  ).map(([logicalId, { Type, Properties }]): AssemblyResource => ({
    stack: 'production-Monitoring',
    logicalId,
    type: Type,
    properties: Properties,
  }));
  const composites = readCompositeAlarms(resources);
  const named = (name: string) => composites.find((each) => each.name === `production-page-${name}`)!;

  test('are read with their children and suppressors', () => {
    expect(named('outage').children).toEqual([
      'production-PostgreSQLDown-primary',
      'production-PostgreSQLMetricsMissing',
    ]);
    expect(named('outage').suppressor).toBeUndefined();
    expect(named('backup').suppressor).toEqual({ name: 'production-page-outage', waitMinutes: 2, extensionMinutes: 5 });
  });

  // An alarm on an event is in ALARM for a minute or two.
  test.each(['security', 'backup-events', 'storage'])('%s pages for what happens once during an outage', (name) => {
    const outage = [alarm(10), ok(60)];
    expect(actedChanges(named(name), [alarm(20), ok(21)], outage)).toEqual([alarm(20), ok(21)]);
  });

  test('a replica that is lost with the primary does not page before the outage does, nor after it', () => {
    const pages = actedChanges(named('replication'), [alarm(10), ok(31)], [alarm(11), ok(30)]);
    expect(pages.filter(({ state }) => state === 'ALARM')).toEqual([]);
  });
  test('a replica that stays lost after the outage pages', () => {
    expect(actedChanges(named('replication'), [alarm(10)], [alarm(11), ok(30)])).toEqual([alarm(35)]);
  });

  test('another rule is refused', () => {
    const [first] = resources.filter(({ type }) => type === 'AWS::CloudWatch::CompositeAlarm');
    const properties = { AlarmName: 'both', AlarmRule: { 'Fn::Join': ['', ['(ALARM("a") AND ALARM("b"))']] } };
    expect(() => readCompositeAlarms([{ ...first!, properties }])).toThrow(
      'the composite alarm both has the rule (ALARM("a") AND ALARM("b")); allowed here',
    );
  });
});
