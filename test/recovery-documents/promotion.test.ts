import { loadEnvironment } from '../../lib/config';
import { METRIC_NAMESPACE } from '../../lib/contract/metrics';
import { loadAlerts } from '../../lib/monitoring/alerts';
import { compile } from '../../lib/monitoring/compiler/compile';
import { compileContext } from '../../lib/monitoring/context';
import { METRIC_SOURCES } from '../../lib/monitoring/sources/metric-sources';
import { readDocument } from '../../lib/recovery-documents/content';
import { fillIn } from '../../lib/recovery-documents/fill-in';
import {
  ENVIRONMENT_PLACEHOLDERS,
  REPLICA_PLACEHOLDERS,
  ROLE_PLACEHOLDERS,
} from '../../lib/recovery-documents/placeholders';
import { type AlarmState, evaluateAlarm, sampleOf } from '../../lib/rehearsal/alarms/alarm-evaluator';
import { type DocumentRun, runDocument } from '../support/aws/run-document';

/** What the collector sees, by the minute; undefined: it does not run. */
interface Seen {
  readonly primaryUp: number;
  readonly replicaUp: number;
  readonly lag: number;
}
type Course = (minute: number) => Seen | undefined;

/** When the document is started, and when it is approved, minutes. */
const START = 30;
const APPROVAL_MINUTES = 15;
const APPROVED = START + APPROVAL_MINUTES;
const MINUTE_MS = 60_000;
/** An alarm is evaluated once a minute, so its state may be that much older than the newest value, minutes. */
const ALARM_DELAY = 1;

const placeholders = { ...ENVIRONMENT_PLACEHOLDERS, ...REPLICA_PLACEHOLDERS, ...ROLE_PLACEHOLDERS };
const values = {
  ...Object.fromEntries(Object.keys(placeholders).map((name) => [name, name])),
  Environment: 'production',
  Server: 'replica-1',
  MetricNamespace: METRIC_NAMESPACE,
};
const document = fillIn(readDocument('promote-replica'), values);
const { alarms } = compile(loadAlerts(), METRIC_SOURCES, compileContext(loadEnvironment('production')));

/** A metric as alarms and the document name it. */
interface Named {
  readonly metricName: string;
  readonly server: string | undefined;
}

function valueOf({ metricName, server }: Named, seen: Seen): number {
  if (metricName === 'collector_passes') return 1;
  if (metricName === 'pg_up' && server === 'primary') return seen.primaryUp;
  if (metricName === 'pg_up' && server === 'replica-1') return seen.replicaUp;
  if (metricName === 'replication_lag_lag_seconds' && server === 'replica-1') return seen.lag;
  throw new Error(`the document reads ${metricName} of ${server}, which this test does not have`);
}

/** CloudWatch and RDS while the document runs. */
class World {
  promoted = false;
  readonly approvalMinutes = APPROVAL_MINUTES;
  private now = 0;
  private readonly states = new Map<string, AlarmState>();

  constructor(
    private readonly course: Course,
    readonly parameters: Readonly<Record<string, string>>,
  ) {
    this.pass(START);
  }

  readonly pass = (minutes: number): void => {
    for (const end = this.now + minutes; this.now < end;) {
      this.now++;
      for (const name of ['PostgreSQLMetricsMissing', 'PostgreSQLDown-primary']) this.evaluate(`production-${name}`);
    }
  };

  readonly answer = (call: { readonly Api: string }): unknown => {
    switch (call.Api) {
      case 'DescribeAlarms': {
        const { AlarmNames } = call as unknown as { AlarmNames: string[] };
        return { MetricAlarms: AlarmNames.map((name) => ({ StateValue: this.states.get(name) })) };
      }
      case 'GetMetricData': {
        const [query] = (call as unknown as { MetricDataQueries: Query[] }).MetricDataQueries;
        const { MetricName, Dimensions } = query!.MetricStat.Metric;
        const server = Dimensions.find(({ Name }) => Name === 'Server')?.Value;
        const [newest] = this.samples({ metricName: MetricName, server }).slice(-1);
        return { MetricDataResults: [{ Values: newest ? [newest.maximum] : [] }] };
      }
      case 'PromoteReadReplica':
        this.promoted = true;
        return {};
      default:
        return {
          DBInstances: [
            {
              ReadReplicaSourceDBInstanceIdentifier: 'Primary',
              DBInstanceStatus: 'available',
              BackupRetentionPeriod: 'RetentionDays',
            },
          ],
        };
    }
  };

  private samples(metric: Named, until = this.now) {
    return Array.from({ length: until }, (_, minute) => minute).flatMap((minute) => {
      const seen = this.course(minute);
      return seen ? [sampleOf(minute * MINUTE_MS, valueOf(metric, seen))] : [];
    });
  }

  private evaluate(name: string): void {
    const alarm = alarms.find(({ alarmName }) => alarmName === name)!;
    const evaluatedAt = this.now - ALARM_DELAY;
    const series = alarm.metrics.map(({ metricName, dimensions }) =>
      this.samples({ metricName, server: dimensions['Server'] as string | undefined }, evaluatedAt),
    );
    const evaluated = { ...alarm, name, metrics: alarm.metrics.map((metric) => ({ ...metric, dimensions: {} })) };
    this.states.set(name, evaluateAlarm(evaluated, series, evaluatedAt * MINUTE_MS, this.states.get(name) ?? 'OK'));
  }
}

interface Query {
  readonly MetricStat: {
    readonly Metric: {
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    };
  };
}

function promote(Primary: string, course: Course): DocumentRun & { readonly promoted: boolean } {
  const world = new World(course, { Primary });
  return { ...runDocument(document, world), promoted: world.promoted };
}

const healthy: Seen = { primaryUp: 1, replicaUp: 1, lag: 0 };
const lost: Seen = { ...healthy, primaryUp: 0 };
const since =
  (minute: number, later: Seen | undefined, before: Seen | undefined = healthy): Course =>
  (now) =>
    now >= minute ? later : before;

test('a primary that is down before and after the approval is replaced', () => {
  const { failed, promoted, steps } = promote('lost', since(START - 5, lost));
  expect([failed, promoted]).toEqual([undefined, true]);
  expect(steps.indexOf('approve')).toBeLessThan(steps.indexOf('checkNewestStillDown'));
});

test.each<[string, Course, string]>([
  ['is healthy', () => healthy, 'checkPrimaryDown'],
  ['did not answer once', (minute) => (minute === START - 2 ? lost : healthy), 'checkPrimaryDown'],
  ['came back just now', (minute) => (minute >= START - 5 && minute < START - 1 ? lost : healthy), 'checkNewestDown'],
  ['has a collector that is dead', since(START - 10, undefined), 'checkCollector'],
  ['has a collector that died just now', since(START - 4, undefined), 'checkPrimaryDown'],
  ['has a collector that reaches no server', since(START - 5, { ...lost, replicaUp: 0 }), 'checkReplicaAnswers'],
])('nobody is asked to replace a primary that %s', (_, course, step) => {
  const { failed, promoted, steps } = promote('lost', course);
  expect([failed, promoted, steps.includes('approve')]).toEqual([step, false, false]);
});

test.each<[string, Course, string]>([
  ['came back while the approval was awaited', since(APPROVED - 5, healthy, lost), 'checkPrimaryStillDown'],
  ['came back right after the approval', since(APPROVED + 1, healthy, lost), 'checkPrimaryStillDown'],
  ['came back in the newest check', since(APPROVED + 3, healthy, lost), 'checkNewestStillDown'],
  ['is not checked any more, as the collector died', since(APPROVED - 8, undefined, lost), 'checkCollectorStillRuns'],
  ['is not checked since before the approval', since(APPROVED - 1, undefined, lost), 'checkPrimaryStillDown'],
])('a primary that %s is not replaced', (_, course, step) => {
  const { failed, promoted, steps } = promote('lost', course);
  expect([failed, promoted, steps.includes('approve')]).toEqual([step, false, true]);
});

describe('without writers', () => {
  test('the replica is promoted when nothing is behind before and after the approval', () => {
    expect(promote('writers-stopped', () => healthy)).toMatchObject({ promoted: true });
  });
  test('it is not promoted while something is behind', () => {
    const { failed, promoted, steps } = promote('writers-stopped', () => ({ ...healthy, lag: 2 }));
    expect([failed, promoted, steps.includes('approve')]).toEqual(['checkNothingBehind', false, false]);
  });
  test('it is not promoted when somebody wrote while the approval was awaited', () => {
    const { failed, promoted } = promote('writers-stopped', since(START + 5, { ...healthy, lag: 2 }));
    expect([failed, promoted]).toEqual(['checkStillNothingBehind', false]);
  });
  test('it is not promoted on values of a collector that died', () => {
    const { failed, promoted } = promote('writers-stopped', since(APPROVED - 8, undefined));
    expect([failed, promoted]).toEqual(['checkCollectorStillRuns', false]);
  });
});

test('with override neither is checked', () => {
  const { promoted, steps } = promote('override', () => undefined);
  expect(promoted).toBe(true);
  expect(
    steps.filter((name) => /^(wait(ForValues|ForNew)|checkCollector|checkPrimary|checkNothing)/.test(name)),
  ).toEqual([]);
});
