import { createHandler } from '../../../lambda/drill';
import { readEnv } from '../../../lambda/drill/env';
import { isDrillInstance, leftovers, progressOf } from '../../../lambda/drill/instances';
import { reasonOf, summarize } from '../../../lambda/drill/summary';
import type { DrillStep } from '../../../lib/contract/drill/state';
import { DRILL_SETTINGS } from '../../support/aws/drill-rig';
import { Clock, FakeRds, THROTTLED } from '../../support/aws/fake-rds';

const NOW = new Date('2026-11-24T12:00:00Z');
const hours = (count: number) => new Date(NOW.getTime() + count * 3_600_000);
const EVENT = { execution: 'run-1', startedAt: NOW.toISOString() };

describe('an instance', () => {
  const tag = { Key: 'whatsapp-saas:drill', Value: 'production' };
  const started = (at: Date) => ({ Key: 'whatsapp-saas:drill-started', Value: at.toISOString() });
  const restored = { DBInstanceIdentifier: 'production-restore-drill-1', TagList: [tag] };

  test('is a drill’s by its name and its tag together, and the source never is', () => {
    expect(isDrillInstance(restored, DRILL_SETTINGS)).toBe(true);
    expect(isDrillInstance({ ...restored, TagList: undefined }, DRILL_SETTINGS)).toBe(false);
    expect(isDrillInstance({ ...restored, DBInstanceIdentifier: 'production-x' }, DRILL_SETTINGS)).toBe(false);
    expect(isDrillInstance({ ...restored, TagList: [{ ...tag, Value: 'staging' }] }, DRILL_SETTINGS)).toBe(false);
    const named = { ...DRILL_SETTINGS, source: { instanceId: 'production-restore-drill-1' } };
    expect(isDrillInstance(restored, named)).toBe(false);
  });

  test('is a leftover when its drill began more than 12 hours ago', () => {
    const old = { ...restored, TagList: [tag, started(hours(-13))] };
    const young = { ...restored, TagList: [tag, started(hours(-11))] };
    const untimed = { ...restored, InstanceCreateTime: hours(-13) };
    const created = [old, young, untimed, restored, { ...old, DBInstanceStatus: 'deleting' }];
    expect(leftovers(created, DRILL_SETTINGS, NOW)).toEqual([old, untimed]);
  });

  test.each([
    ['available', true],
    ['backing-up', true],
    ['storage-optimization', true],
    ['modifying', false],
    ['creating', false],
  ])('that is %s is ready: %s', (DBInstanceStatus, ready) => {
    const described = { ...restored, DBInstanceStatus, Endpoint: { Address: 'h', Port: 5432 } };
    expect(progressOf(described, NOW.toISOString(), 60, NOW)).toMatchObject({ ready, status: DBInstanceStatus });
  });

  test('without an address is not ready', () => {
    expect(progressOf({ ...restored, DBInstanceStatus: 'available' }, NOW.toISOString(), 60, NOW).ready).toBe(false);
  });
});

describe('the steps', () => {
  let fake: FakeRds;
  beforeEach(() => (fake = new FakeRds(new Clock(NOW), { host: 'h', port: 1 })));

  const failing = { send: () => Promise.reject(new Error('CloudWatch is down')) };
  const call = (step: DrillStep, state = {}) => {
    const handler = createHandler({ settings: DRILL_SETTINGS, rds: fake, cloudWatch: failing, now: () => NOW });
    return handler({ ...EVENT, step, purpose: 'drill', state: { input: {}, ...state } });
  };

  test('a leftover that cannot be deleted is named, and the others are still deleted', async () => {
    const TagList = [
      { Key: 'whatsapp-saas:drill', Value: 'production' },
      { Key: 'whatsapp-saas:drill-started', Value: hours(-20).toISOString() },
    ];
    for (const id of ['a', 'b']) fake.add({ DBInstanceIdentifier: `production-restore-drill-${id}`, TagList });
    fake.fail('Delete', THROTTLED);
    await expect(call('sweep')).rejects.toThrow(
      'leftovers of earlier drills are not deleted: production-restore-drill-a (Transient: ThrottlingException: Rate exceeded)',
    );
    expect(fake.deleted).toEqual(['production-restore-drill-b']);
  });

  test('an instance that has disappeared ends the wait', async () => {
    await expect(call('describe')).rejects.toThrow('has disappeared');
  });

  test('deleting an instance that does not exist succeeds', async () => {
    expect(await call('delete')).toEqual({ requestedAt: NOW.toISOString() });
  });

  test('people are notified even when CloudWatch refuses the metric', async () => {
    const target = { drill: 'verification' };
    const subject = expect.stringContaining('succeeded') as string;
    expect(await call('summarize', { target })).toMatchObject({ failed: false, subject });
  });

  test('a missing part of the state is reported as a fault of the state machine', async () => {
    await expect(call('measure')).rejects.toThrow('the state machine is at fault');
    await expect(call('restore')).rejects.toThrow('the state machine is at fault');
  });
});

describe('the summary', () => {
  test.each([
    [{ Error: 'NotConnected', Cause: '{"errorType":"NotConnected","errorMessage":"nobody"}' }, 'NotConnected: nobody'],
    [{ Error: 'States.Timeout', Cause: '' }, 'States.Timeout'],
    [{ Error: 'States.Runtime', Cause: 'a path leads nowhere' }, 'States.Runtime: a path leads nowhere'],
  ])('of %j says %s', (error, sentence) => expect(reasonOf(error)).toBe(sentence));

  test('keeps to the limits of SNS: a subject of at most 100 characters, a message of at most 256 KiB', () => {
    const failure = { Error: 'X', Cause: 'y'.repeat(100_000) };
    const { subject, message } = summarize(
      { execution: 'x'.repeat(80), purpose: 'drill', state: { input: {}, failure } },
      DRILL_SETTINGS,
    );
    expect(subject).toBe('Restore drill of production failed');
    expect(JSON.stringify(message).length).toBeLessThan(256 * 1024);
  });
});

test('fails naming every missing variable', () => {
  expect(() => readEnv({ SOURCE: '{}' })).toThrow(
    'environment variables missing: ENVIRONMENT, METRICS_REGION, RESTORE, TABLE, AWS_REGION',
  );
});
