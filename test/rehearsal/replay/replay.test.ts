import { createApp } from '../../../lib/app';
import { EnvironmentAssembly } from '../../../lib/assembly/environment-assembly';
import { loadEnvironment } from '../../../lib/config';
import { parseEnvironment } from '../../../lib/config/parse';
import { production } from '../../../lib/config/production';
import { replayEvents } from '../../../lib/rehearsal/replay/events/replay-events';
import { LEVELS } from '../../../lib/rehearsal/replay/levels';
import { replayAlarms } from '../../../lib/rehearsal/replay/replay-alarms';
import { withTemporaryFolder } from '../../../lib/shared/temporary-folder';
import { DatabaseStage } from '../../../lib/stage';
import { testApp } from '../../support/app';
import { changedAssembly } from '../../support/changed-assembly';

jest.setTimeout(60_000);

const ENVIRONMENTS = ['production', 'staging', 'dev'] as const;
type Environment = (typeof ENVIRONMENTS)[number];

const assemblies = {} as Record<Environment, EnvironmentAssembly>;
beforeAll(() => {
  for (const environment of ENVIRONMENTS)
    assemblies[environment] = withTemporaryFolder('replay-test-', (outdir) => {
      createApp({ environments: [environment], outdir, bundle: false }).synth();
      return new EnvironmentAssembly(outdir, environment);
    });
});

const config = loadEnvironment('production');

function alarmFaults(assembly: EnvironmentAssembly, changed = config): string[] {
  const { faults, replays } = replayAlarms(assembly, changed);
  return [...faults, ...replays.flatMap((replay) => replay.faults)];
}

const eventFaults = (assembly: EnvironmentAssembly) => replayEvents(assembly, config).flatMap(({ faults }) => faults);

test.each(ENVIRONMENTS)('every alarm and event rule of %s holds', (environment) => {
  const { replays, overridden, faults } = replayAlarms(assemblies[environment], loadEnvironment(environment));
  expect([...faults, ...replays.flatMap((replay) => replay.faults)]).toEqual([]);
  expect(overridden).toEqual([]);
  expect(new Set(replays.map(({ transitions }) => transitions.join()))).toEqual(new Set(['OK,ALARM,OK']));
  expect(replays).toHaveLength(assemblies[environment].ofType('AWS::CloudWatch::Alarm').length);
  const rules = replayEvents(assemblies[environment], loadEnvironment(environment));
  expect(rules.flatMap((rule) => rule.faults)).toEqual([]);
  expect(rules.every(({ matched, refused }) => matched > 0 && refused > 0)).toBe(true);
});

test('every level is that of an alarm of production with a second node of its cache and an import, and all hold there', () => {
  const cache = { nodeType: 't4g.medium', nodes: 2 };
  const changed = parseEnvironment('production', { ...production, cache, import: { sourceCidrs: ['203.0.113.7/32'] } });
  const app = testApp();
  new DatabaseStage(app, changed);
  app.synth();
  const assembly = new EnvironmentAssembly(app.outdir, 'production');
  const { replays } = replayAlarms(assembly, changed);
  const keys = replays.map(({ alarm }) => alarm.replace(/^production-/, '').replace(/-(primary|replica-\d|00\d)$/, ''));
  expect([...new Set(keys)].sort()).toEqual(Object.keys(LEVELS).sort());
  expect(alarmFaults(assembly, changed)).toEqual([]);
});

test('each alarm says whom it notified', () => {
  const { replays } = replayAlarms(assemblies.production, config);
  const told = (name: string) => replays.find(({ alarm }) => alarm === `production-${name}`)?.topics;
  expect(told('PostgreSQLDown-primary')).toEqual(['critical', 'paging by production-page-outage']);
  expect(told('PostgreSQLCpuHigh-replica-2')).toEqual(['warning']);
  expect(told('NoBookingsLast24Hours')).toEqual(['info']);
});

type Change = (properties: Record<string, unknown>) => unknown;
const set =
  (changes: Record<string, unknown>): Change =>
  (properties) =>
    Object.assign(properties, changes);
const times =
  (factor: number): Change =>
  (properties) => {
    Object.assign(properties, { Threshold: Number(properties['Threshold']) * factor });
  };

test.each<[string, string, Change, RegExp]>([
  ['a threshold 1.3 times as high', 'PostgreSQLCpuHigh-primary', times(1.3), /went OK under CPUUtilization 91/],
  ['a threshold 1.3 times as low', 'PostgreSQLCpuHigh-replica-1', times(1 / 1.3), /fires at CPUUtilization 89/],
  ['a threshold in another unit', 'PostgreSQLMemoryLow-primary', set({ Threshold: 256 }), /went OK under Freeable/],
  ['a longer wait', 'AIResponseTimeSlow', set({ EvaluationPeriods: 22 }), /went OK under ai_response/],
  ['a shorter wait', 'AIResponseTimeSlow', set({ EvaluationPeriods: 3 }), /fires after 8 minutes/],
  [
    'another metric',
    'PostgreSQLCpuHigh-primary',
    set({ MetricName: 'CPUCreditUsage' }),
    /reads AWS\/RDS CPUCreditUsage/,
  ],
  ['another namespace', 'PostgreSQLDown-primary', set({ Namespace: 'Other' }), /reads Other pg_up .*expected: pg_up 0/],
  [
    'another server',
    'PostgreSQLDown-primary',
    set({
      Dimensions: [
        { Name: 'Environment', Value: 'production' },
        { Name: 'Server', Value: 'replica-1' },
      ],
    }),
    /reads .*Server replica-1/,
  ],
  ['another statistic', 'PostgreSQLConnectionPoolExhausted', set({ Statistic: 'Minimum' }), /went OK under/],
  [
    'the comparison turned round',
    'PostgreSQLCpuHigh-primary',
    set({ ComparisonOperator: 'LessThanThreshold' }),
    /fires at/,
  ],
  [
    'missing values that fire',
    'PostgreSQLCpuHigh-primary',
    set({ TreatMissingData: 'breaching' }),
    /without any values/,
  ],
  ['missing values that keep it', 'PostgreSQLCpuHigh-primary', set({ TreatMissingData: 'ignore' }), /does not clear/],
  [
    'a heartbeat that nobody misses',
    'PostgreSQLMetricsMissing',
    set({ TreatMissingData: 'notBreaching' }),
    /must fire/,
  ],
  ['disabled actions', 'PostgreSQLCpuHigh-primary', set({ ActionsEnabled: false }), /actions .* are disabled/],
  [
    'another topic',
    'PostgreSQLCpuHigh-primary',
    set({ AlarmActions: [{ Ref: 'TopicsInfo020E7F19' }] }),
    /AlarmActions .* notify Info; expected: Warning/,
  ],
  ['no word that it is over', 'PostgreSQLCpuHigh-primary', set({ OKActions: [] }), /OKActions .* notify nobody/],
  ['a missing alarm', 'PostgreSQLCpuHigh-replica-2', () => false, /is missing/],
])('an alarm with %s is named', (_what, alert, change, sentence) => {
  const faults = alarmFaults(
    changedAssembly(assemblies.production, 'AWS::CloudWatch::Alarm', `production-${alert}`, change),
  );
  expect(faults).toContainEqual(expect.stringMatching(sentence));
  expect(faults.every((fault) => fault.includes(`production-${alert}`))).toBe(true);
});

test.each<[string, Change, RegExp]>([
  ['disabled actions', set({ ActionsEnabled: false }), /production-PostgreSQLDown-primary is critical, but no paging/],
  [
    'another topic',
    set({ AlarmActions: [{ Ref: 'TopicsInfo020E7F19' }] }),
    /page-outage notify Info; expected: Paging/,
  ],
  [
    'children that are others',
    set({ AlarmRule: { 'Fn::Join': ['', ['(ALARM("x"))']] } }),
    /is critical, but no paging alarm/,
  ],
])('a paging alarm with %s is named', (_what, change, sentence) => {
  const changed = changedAssembly(
    assemblies.production,
    'AWS::CloudWatch::CompositeAlarm',
    'production-page-outage',
    change,
  );
  expect(alarmFaults(changed)).toContainEqual(expect.stringMatching(sentence));
});

test.each<[string, string, Change, RegExp]>([
  [
    'is not held back',
    'page-replication',
    (properties) => delete properties['ActionsSuppressor'],
    /page-replication pages during an outage/,
  ],
  [
    'never pages again',
    'page-backup',
    set({ ActionsSuppressorExtensionPeriod: 36_000 }),
    /page-backup does not page after an outage/,
  ],
  [
    'waits without a reason',
    'page-security',
    set({
      ActionsSuppressor: { 'Fn::GetAtt': ['AlarmsPagingoutage0B7BFF2D', 'Arn'] },
      ActionsSuppressorWaitPeriod: 120,
      ActionsSuppressorExtensionPeriod: 300,
    }),
    /page-security waits for production-page-outage/,
  ],
])('a paging alarm that %s in an outage is named', (_what, name, change, sentence) => {
  const changed = changedAssembly(
    assemblies.production,
    'AWS::CloudWatch::CompositeAlarm',
    `production-${name}`,
    change,
  );
  expect(alarmFaults(changed)).toContainEqual(expect.stringMatching(sentence));
});

test('an alarm that only counts values of a unit is refused by its name', () => {
  const changed = changedAssembly(
    assemblies.production,
    'AWS::CloudWatch::Alarm',
    'production-PostgreSQLMemoryLow-primary',
    set({ Unit: 'Megabytes' }),
  );
  expect(() => alarmFaults(changed)).toThrow(/production-PostgreSQLMemoryLow-primary has Unit/);
});

test('a paging alarm whose rule is negated is refused by its name', () => {
  const negated = set({ AlarmRule: { 'Fn::Join': ['', ['NOT ALARM("x")']] } });
  const type = 'AWS::CloudWatch::CompositeAlarm';
  expect(() => alarmFaults(changedAssembly(assemblies.production, type, 'production-page-outage', negated))).toThrow(
    /production-page-outage has the rule NOT ALARM/,
  );
});

test.each<[string, string, (pattern: Record<string, unknown>) => void, RegExp]>([
  [
    'another source',
    'PostgreSQLFailover',
    (pattern) => (pattern['source'] = ['aws.ec2']),
    /does not match RDS-EVENT-0013/,
  ],
  ['every server', 'PostgreSQLFailover', (pattern) => delete pattern['resources'], /matches the failover of another/],
  ['other events', 'PostgreSQLStorageCannotGrow', (pattern) => (pattern['detail'] = {}), /matches RDS-EVENT-0013/],
])('an event rule for %s is named', (_what, rule, change, sentence) => {
  const changed = changedAssembly(assemblies.production, 'AWS::Events::Rule', `production-${rule}`, (properties) =>
    change(properties['EventPattern'] as Record<string, unknown>),
  );
  expect(eventFaults(changed)).toContainEqual(expect.stringMatching(sentence));
});

test('an event rule that is disabled, missing, or tells somebody else is named', () => {
  const faultsOf = (change: Change) =>
    eventFaults(changedAssembly(assemblies.production, 'AWS::Events::Rule', 'production-PostgreSQLFailover', change));
  expect(faultsOf(set({ State: 'DISABLED' }))).toEqual(['the event rule PostgreSQLFailover is disabled']);
  expect(faultsOf(() => false)).toEqual([expect.stringMatching(/PostgreSQLFailover is missing: nobody hears of/)]);
  expect(faultsOf(set({ Targets: [{ Arn: { Ref: 'TopicsInfo020E7F19' } }] }))).toContain(
    'the event rule PostgreSQLFailover tells info; expected: warning',
  );
});

test('an alarm whose threshold the configuration overrides is listed as not proven; a severity is followed', () => {
  const overrides = { PostgreSQLCpuHigh: { threshold: 95, switchedOff: undefined } };
  const { overridden } = replayAlarms(assemblies.production, { ...config, alerts: { overrides } });
  expect(overridden).toEqual(
    ['primary', 'replica-1', 'replica-2'].map((each) => `production-PostgreSQLCpuHigh-${each}`),
  );
  const severity = { PostgreSQLCpuHigh: { severity: 'info' as const, switchedOff: undefined } };
  expect(alarmFaults(assemblies.production, { ...config, alerts: { overrides: severity } })).toContainEqual(
    expect.stringMatching(/AlarmActions of alarm production-PostgreSQLCpuHigh-primary notify Warning; expected: Info/),
  );
});
