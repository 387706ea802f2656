import type { Client } from 'pg';
import type { Cluster } from '../../../lib/local-postgres/cluster';
import { RunFolder } from '../../../lib/local-postgres/run-folder';
import { BREAKS } from '../../../lib/rehearsal/restore/broken-copies';
import type { Execution, LocalStateMachine } from '../../../lib/rehearsal/restore/state-machine';
import { instanceName, recoveryMachineName } from '../../../lib/contract/drill/kinds';
import { DrillRig, letDrillIn } from '../../support/aws/drill-rig';
import { startMigratedCluster } from '../../support/database/migrated-cluster';
import { Rows } from '../../support/database/rows';
import { DRILL_FAILURES, TEMPORARY_FAILURES } from './drill-failures';
import { productionDrill } from './production-drill';
import { promoteReplica } from './promoted-replica';

const OURS = instanceName('production', 'execution');

let folder: RunFolder;
let cluster: Cluster;
let admin: Client;
/** Session of the superuser on the server that stands in for the restored instance. */
let restored: Client;
let machine: LocalStateMachine;
let rig: DrillRig;

beforeAll(async () => {
  machine = productionDrill();
  folder = new RunFolder();
  ({ cluster, admin } = await startMigratedCluster(folder, 1));
  await letDrillIn(admin);
  const rows = new Rows(admin);
  for (const salon of ['a', 'b']) {
    await rows.salon(salon);
    for (let i = 0; i < 20; i++) await rows.message(salon, '1 hour');
    await rows.booking(salon, '10:00', '11:00', '1 hour');
  }
  await admin.query('INSERT INTO heartbeat (id, beat_at) VALUES (1, now())');
  restored = await promoteReplica(cluster, admin);
  // The source continues to change.
  await rows.message('a', '0 s');
}, 60_000);

afterAll(async () => {
  await Promise.all([admin?.end(), restored?.end()]);
  folder.dispose();
});

beforeEach(() => (rig = new DrillRig(machine, cluster)));

/** Subject and text of the only notification. */
function notification(): string {
  expect(rig.notifications).toHaveLength(1);
  return `${rig.notifications[0]!.Subject}\n${rig.notifications[0]!.Message['default']}`;
}

/** Only the source exists, and it was not deleted. */
function expectNothingLeft(): void {
  expect([...rig.rds.instances.keys()]).toEqual(['the-primary']);
  expect(rig.rds.deleted).not.toContain('the-primary');
}

async function recovered(): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'recovery'",
  );
  return rows.map(({ name }) => name);
}

describe('a drill that succeeds', () => {
  let execution: Execution;
  beforeEach(async () => {
    execution = await rig.run({ drill: 'pointInTime' });
  });

  test('restores, checks, recovers a table, measures, deletes and notifies', async () => {
    expect(execution).toMatchObject({ status: 'SUCCEEDED' });
    const states = [
      'KeepInput ChooseTarget Restore WaitForInstance DescribeInstance InstanceReady Connect Validate',
      'SweepCopies TableWanted RecoverTable Measure Delete WaitForDeletion DescribeDeletion InstanceGone SweepLeftovers Summarize',
      'HowItEnded TellSuccess Succeeded',
    ];
    expect([...new Set(execution.states)].join(' ')).toBe(states.join(' '));
    expectNothingLeft();
    expect(await recovered()).toEqual([]);
    expect(rig.notifications[0]!.TopicArn).toContain('TopicsInfo');
    expect(notification()).toMatch(/^Restore drill of production \(pointInTime\) succeeded\nRestored to: \d{4}-/);
    expect(notification()).toContain('messages 40 of 40');
    expect(notification()).toContain('read as drill_user, readonly_user, metrics_user');
    expect(notification()).toMatch(/Table recovered: recovery\.messages_[0-9a-f]{12}, 40 rows in \d+ s, dropped again/);
    expect(JSON.parse(rig.notifications[0]!.Message['https']!)).toMatchObject({ version: '1.0', source: 'custom' });
  });

  test('publishes the duration of its phases and its success', async () => {
    expect(rig.published).toMatchObject({ drill_point_in_time_successes: 1, drill_recovery_point_seconds: 0 });
    rig = new DrillRig(machine, cluster);
    await rig.run();
    // The fake clock moves only with descriptions by RDS: 30 s with each.
    expect(rig.published).toMatchObject({
      drill_connect_seconds: 0,
      drill_validate_seconds: 0,
      drill_verification_successes: 1,
    });
    expect(rig.published['drill_restore_seconds']).toBeGreaterThanOrEqual(60);
    expect(rig.published['drill_recovery_time_seconds']).toBe(rig.published['drill_restore_seconds']);
    expect(rig.published['drill_recovery_point_seconds']).toBeGreaterThan(0);
    expect(rig.published['drill_recovery_point_seconds']).toBeLessThan(120);
  });
});

test('the recovery of a table keeps it, and its owner can read it', async () => {
  const recovery = new DrillRig(productionDrill(recoveryMachineName('production')), cluster);
  const targetTime = new Date(rig.clock.now().getTime() - 3_600_000).toISOString();
  expect(await recovery.run({ targetTime, table: 'bookings' })).toMatchObject({ status: 'SUCCEEDED' });
  expect(recovery.notifications[0]!.Subject).toBe('Recovery of a table of production succeeded');
  const [name] = await recovered();
  expect(name).toMatch(/^bookings_[0-9a-f]{12}$/);
  const { rowCount } = await admin.query(`SELECT FROM recovery.${name} JOIN bookings USING (id)`);
  expect(rowCount).toBe(2);
  await admin.query(`DROP TABLE recovery.${name}`);
});

test('a table that the source no longer has is recovered', async () => {
  await admin.query('CREATE SCHEMA attic; ALTER TABLE messages SET SCHEMA attic');
  try {
    expect(await rig.run({ drill: 'pointInTime' })).toMatchObject({ status: 'SUCCEEDED' });
    expect(notification()).toContain('messages 40 of none');
  } finally {
    await admin.query('ALTER TABLE attic.messages SET SCHEMA public; DROP SCHEMA attic');
  }
});

test('pointInTime chooses a moment of the last day, and the same on every attempt', async () => {
  await rig.run({ drill: 'pointInTime' });
  const other = new DrillRig(machine, cluster);
  await other.run({ drill: 'pointInTime' });
  const [first, second] = [rig.rds.restores[0]!.RestoreTime!, other.rds.restores[0]!.RestoreTime!];
  expect(Math.abs(first.getTime() - second.getTime())).toBeLessThan(5000);
  expect(rig.clock.now().getTime() - first.getTime()).toBeLessThan(86_400_000 + 3_600_000);
});

test('the full drill takes the primary’s class', async () => {
  expect(await rig.run({ drill: 'full' })).toMatchObject({ status: 'SUCCEEDED' });
  expect(rig.rds.restores[0]).toMatchObject({ DBInstanceClass: 'db.r6g.xlarge', UseLatestRestorableTime: true });
  expect(rig.published).toMatchObject({ drill_full_successes: 1 });
});

describe('every failure leaves nothing behind and sends a notification that says why:', () => {
  test.each(DRILL_FAILURES)('$what', async ({ provoke, input = {}, why }) => {
    provoke?.(rig);
    const execution = await rig.run(input);
    expect(execution).toMatchObject({
      status: 'FAILED',
      error: 'RestoreDrillFailed',
      cause: expect.stringContaining(why) as string,
    });
    expect(notification()).toMatch(/ failed\nWhy: /);
    expect(notification()).toContain(why);
    expect(rig.notifications[0]!.TopicArn).toContain('TopicsWarning');
    expect(Object.keys(rig.published).filter((metric) => metric.endsWith('successes'))).toEqual([]);
    expectNothingLeft();
  });

  test.each(BREAKS)('the restored database is damaged: $broken', async ({ damage, repair, names }) => {
    await restored.query(damage);
    try {
      expect(await rig.run()).toMatchObject({ status: 'FAILED', cause: expect.stringContaining(names) as string });
      expect(notification()).toContain(names);
      expectNothingLeft();
    } finally {
      await restored.query(repair);
    }
  });

  test('the notification cannot be sent: the execution fails, and failed executions have an alarm', async () => {
    rig.snsFaults.push(...Array.from({ length: 6 }, () => new Error('SNS is down')));
    expect(await rig.run()).toMatchObject({ status: 'FAILED', error: 'NotificationFailed' });
    expectNothingLeft();
  });
});

test.each(TEMPORARY_FAILURES)('a temporary failure is retried: $what', async ({ provoke }) => {
  provoke(rig);
  expect(await rig.run()).toMatchObject({ status: 'SUCCEEDED' });
  expect(notification()).toContain('succeeded');
  expectNothingLeft();
});

describe('a restored instance that cannot be deleted', () => {
  test('fails the drill, and the next drill deletes it', async () => {
    rig.clock.advance(-13 * 3600); // The heartbeat is of now, when the next drill runs.
    rig.rds.fail('Delete', new Error('AccessDenied'), 16);
    expect(await rig.run()).toMatchObject({ status: 'FAILED', error: 'RestoreDrillFailed' });
    expect(notification()).toContain(
      `Not cleaned up: Error: AccessDenied\nCheck whether the instance ${OURS} still exists, and delete it.`,
    );
    expect([...rig.rds.instances.keys()]).toContain(OURS);
    rig.clock.advance(13 * 3600);
    rig.rds.statuses = ['creating', 'available'];
    rig.notifications.length = 0;
    expect(await rig.run({}, 'next')).toMatchObject({ status: 'SUCCEEDED' });
    expect(notification()).toContain(`Leftovers of earlier drills deleted: ${OURS}`);
    rig.rds.instances.delete(OURS);
    expectNothingLeft();
  });

  test('is named in the notification if it remains in deletion', async () => {
    rig.rds.goesAfter = 1000;
    expect(await rig.run()).toMatchObject({ status: 'FAILED' });
    expect(notification()).toContain(`Not cleaned up: NotDeleted: ${OURS} is still deleting after 60 minutes`);
  });
});

describe('an instance that no drill made is never touched:', () => {
  test('one with our name and without our tag', async () => {
    rig.rds.add({ DBInstanceIdentifier: OURS, DBInstanceStatus: 'available', TagList: [] });
    expect(await rig.run()).toMatchObject({ status: 'FAILED' });
    expect(notification()).toContain(`NameTaken: ${OURS} exists and was not made by a drill; it is left alone`);
    expect(rig.rds.deleted).toEqual([]);
    expect([...rig.rds.instances.keys()]).toEqual(['the-primary', OURS]);
  });

  test('leftovers with another tag, another name, or no tag', async () => {
    const old = { Key: 'whatsapp-saas:drill-started', Value: '2001-01-01T00:00:00Z' };
    const tag = { Key: 'whatsapp-saas:drill', Value: 'production' };
    rig.rds.add({ DBInstanceIdentifier: 'production-restore-drill-x', TagList: [old] });
    rig.rds.add({ DBInstanceIdentifier: 'production-restore-drill-y', TagList: [old, { ...tag, Value: 'staging' }] });
    rig.rds.add({ DBInstanceIdentifier: 'somebodys', TagList: [old, tag] });
    rig.rds.instances.get('the-primary')!.TagList = [old, tag];
    rig.rds.add({ DBInstanceIdentifier: 'production-restore-drill-z', TagList: [old, tag] });
    expect(await rig.run()).toMatchObject({ status: 'SUCCEEDED' });
    expect(rig.rds.deleted).toEqual([OURS, 'production-restore-drill-z']);
  });
});

test('an execution that got no answer to its restore continues with the instance that the restore made', async () => {
  rig.rds.add({
    DBInstanceIdentifier: OURS,
    DBInstanceStatus: 'available',
    Endpoint: { Address: cluster.replicas[0]!.host, Port: cluster.replicas[0]!.port },
    TagList: [{ Key: 'whatsapp-saas:drill', Value: 'production' }],
  });
  expect(await rig.run()).toMatchObject({ status: 'SUCCEEDED' });
  expect(rig.rds.restores).toEqual([]);
  expectNothingLeft();
});
