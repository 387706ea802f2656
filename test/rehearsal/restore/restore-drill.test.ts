import type { Template } from 'aws-cdk-lib/assertions';
import type { Client } from 'pg';
import type { Cluster } from '../../../lib/local-postgres/cluster';
import { RunFolder } from '../../../lib/local-postgres/run-folder';
import { type Execution, LocalStateMachine, type MachineResources } from '../../../lib/rehearsal/restore/state-machine';
import { instanceName } from '../../../lib/contract/drill';
import { DrillRig, letDrillIn } from '../../support/aws/drill-rig';
import { THROTTLED } from '../../support/aws/fake-rds';
import { startMigratedCluster } from '../../support/database/migrated-cluster';
import { Rows } from '../../support/database/rows';
import { synthesize } from '../../support/synth';

const OURS = instanceName('production', 'execution');

let folder: RunFolder;
let cluster: Cluster;
let admin: Client;
/** A session in the copy of a user who may break anything. */
let copy: Client;
let machine: LocalStateMachine;
let rig: DrillRig;

beforeAll(async () => {
  machine = new LocalStateMachine(resourcesOf(synthesize('production').drills));
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
  // What stands for the restored instance: a true physical copy of the primary, which then goes its own way.
  const replica = cluster.replicas[0]!;
  const { rows: lsn } = await admin.query<{ lsn: string }>('SELECT pg_current_wal_flush_lsn()::text AS lsn');
  const standby = await cluster.connect(replica, cluster.superuser);
  while (!(await hasReplayed(standby, lsn[0]!.lsn))) await new Promise((resolve) => setTimeout(resolve, 20));
  await standby.query('SELECT pg_promote()');
  await standby.end();
  copy = await cluster.connect(replica, cluster.superuser);
  // The source goes on.
  await rows.message('a', '0 s');
}, 60_000);

afterAll(async () => {
  await Promise.all([admin?.end(), copy?.end()]);
  folder.dispose();
});

beforeEach(() => (rig = new DrillRig(machine, cluster)));

function resourcesOf(template: Template): MachineResources {
  return (template.toJSON() as { Resources: MachineResources }).Resources;
}

async function hasReplayed(standby: Client, lsn: string): Promise<boolean> {
  const { rows } = await standby.query<{ replayed: boolean }>('SELECT pg_last_wal_replay_lsn() >= $1 AS replayed', [
    lsn,
  ]);
  return rows[0]?.replayed === true;
}

/** The text of the only notice. */
function told(): string {
  expect(rig.notices).toHaveLength(1);
  return `${rig.notices[0]!.Subject}\n${rig.notices[0]!.Message['default']}`;
}

/** Nothing but the source is there, and nothing but copies was deleted. */
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
    execution = await rig.run({ table: 'messages' });
  });

  test('restores, proves, recovers a table, measures, deletes and tells', async () => {
    expect(execution).toMatchObject({ status: 'SUCCEEDED' });
    expect(execution.states.filter((state, i, all) => all.indexOf(state) === i)).toEqual([
      'KeepInput', 'ChooseTarget', 'Restore', 'WaitForInstance', 'DescribeInstance', 'InstanceReady', 'Connect', 'Validate', 'TableWanted',
      'RecoverTable', 'Measure', 'Delete', 'WaitForDeletion', 'DescribeDeletion', 'InstanceGone', 'SweepLeftovers', 'Summarize',
      'HowItEnded', 'TellSuccess', 'Succeeded',
    ]); // prettier-ignore
    expectNothingLeft();
    expect(await recovered()).toEqual([]);
    expect(rig.notices[0]!.TopicArn).toContain('TopicsInfo');
    expect(told()).toMatch(
      /^Restore drill of production \(verification\) succeeded\nRestored to: the latest recovery point\n/,
    );
    expect(told()).toContain('messages 40 of 40');
    expect(told()).toContain('read as drill_user, readonly_user, metrics_user');
    expect(told()).toMatch(/Table recovered: recovery\.messages_[0-9a-f]{12}, 40 rows in \d+ s, dropped again/);
    expect(JSON.parse(rig.notices[0]!.Message['https']!)).toMatchObject({ version: '1.0', source: 'custom' });
  });

  test('publishes its phases and its success', () => {
    // The fake clock stands still but for descriptions: each of RDS's moves it on by 30 s.
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

test('a table is kept where the input says so, and its owner may read it', async () => {
  const { status } = await rig.run({ table: 'bookings', keepTable: true });
  expect(status).toBe('SUCCEEDED');
  const [name] = await recovered();
  expect(name).toMatch(/^bookings_[0-9a-f]{12}$/);
  const { rows } = await admin.query<{ count: string }>(
    `SELECT count(*) FROM recovery.${name} JOIN bookings USING (id)`,
  );
  expect(rows[0]!.count).toBe('2');
  await admin.query(`DROP TABLE recovery.${name}`);
});

test('a table that the source dropped is recovered all the same', async () => {
  await admin.query('CREATE SCHEMA attic; ALTER TABLE messages SET SCHEMA attic');
  try {
    expect(await rig.run({ table: 'messages' })).toMatchObject({ status: 'SUCCEEDED' });
    expect(told()).toContain('messages 40 of none');
  } finally {
    await admin.query('ALTER TABLE attic.messages SET SCHEMA public; DROP SCHEMA attic');
  }
});

test('a moment of the last day is the same on every attempt', async () => {
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

describe('every failure ends with nothing left and a notice that says why:', () => {
  /** What goes wrong, what the notice says, and whether a copy had been made. */
  const FAILURES: [string, () => void | Promise<void>, object, string][] = [
    ['the input is wrong', () => undefined, { tabel: 'x' }, 'InvalidInput: the field tabel is unknown; allowed: drill, targetTime, table, keepTable'],
    ['the moment is out of reach', () => undefined, { targetTime: '2001-01-01T00:00:00Z' }, 'NotRestorable: targetTime is 2001-01-01T00:00:00Z; allowed: from '],
    ['RDS refuses the restore', () => rig.rds.fail('Restore', Object.assign(new Error('not enough instances'), { name: 'InsufficientDBInstanceCapacityFault' })), {}, 'InsufficientDBInstanceCapacityFault: not enough instances'],
    ['the restore ends in a failure', () => void (rig.rds.statuses = ['creating', 'incompatible-network']), {}, 'RestoreFailed: the restored instance has the status incompatible-network'],
    ['it never becomes available', () => void (rig.rds.statuses = ['creating']), {}, 'RestoreTimedOut: the restored instance is not available after 60 minutes; its status is creating'],
    ['nobody can log in', () => void (rig.refusedLogins = 1000), {}, 'does not let drill_user in (28P01)'],
    ['the table does not exist', () => undefined, { table: 'nothing' }, 'TableNotRecovered: the restored database has no table nothing'],
    ['RDS throttles for long', () => rig.rds.fail('Restore', THROTTLED, 100), {}, 'Transient: ThrottlingException: Rate exceeded'],
  ]; // prettier-ignore
  test.each(FAILURES)('%s', async (_, provoke, input, why) => {
    await provoke();
    const execution = await rig.run(input);
    expect(execution).toMatchObject({
      status: 'FAILED',
      error: 'RestoreDrillFailed',
      cause: expect.stringContaining(why) as string,
    });
    expect(told()).toMatch(/ failed\nWhy: /);
    expect(told()).toContain(why);
    expect(rig.notices[0]!.TopicArn).toContain('TopicsWarning');
    expect(Object.keys(rig.published).filter((metric) => metric.endsWith('successes'))).toEqual([]);
    expectNothingLeft();
  });

  const migration = "migration_name LIKE '%_heartbeat'";
  /** What is wrong, how to make it so and to repair it, and what the notice says. */
  const DAMAGES: [string, string, string, string][] = [
    ['rows are missing', "CREATE TABLE recovery.saved AS SELECT * FROM messages WHERE salon_id = 'a'; DELETE FROM messages WHERE salon_id = 'a'", 'INSERT INTO messages SELECT * FROM recovery.saved; DROP TABLE recovery.saved', 'ValidationFailed: messages has 20 rows, 20 fewer than the source; allowed: 0.1 % fewer'],
    ['a migration is unfinished', `UPDATE _prisma_migrations SET finished_at = NULL WHERE ${migration}`, `UPDATE _prisma_migrations SET finished_at = started_at WHERE ${migration}`, 'ValidationFailed: migrations began and did not finish: 20251118090200_heartbeat'],
    ['there is no heartbeat', 'CREATE TABLE recovery.saved AS SELECT * FROM heartbeat; DELETE FROM heartbeat', 'INSERT INTO heartbeat SELECT * FROM recovery.saved; DROP TABLE recovery.saved', 'there is no heartbeat'],
    ['a foreign key is not validated', 'ALTER TABLE messages ADD CONSTRAINT later FOREIGN KEY (salon_id) REFERENCES salons (id) NOT VALID', 'ALTER TABLE messages DROP CONSTRAINT later', 'foreign keys are not validated: later'],
    ['rows point to nothing', "SET session_replication_role = replica; UPDATE bookings SET salon_id = 'gone' WHERE salon_id = 'b'", "UPDATE bookings SET salon_id = 'b' WHERE salon_id = 'gone'; RESET session_replication_role", '1 rows of bookings_salon_id_fkey point to nothing'],
    ['an index is invalid', "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'idx_intent'::regclass", "UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'idx_intent'::regclass", 'indexes are invalid: idx_intent'],
    ['a role reads nothing', 'REVOKE SELECT ON bookings FROM readonly_user', 'GRANT SELECT ON bookings TO readonly_user', 'readonly_user cannot read bookings (42501)'],
    ['the application may not write', 'REVOKE DELETE ON bookings FROM app_user', 'GRANT DELETE ON bookings TO app_user', 'app_user may not: DELETE on bookings'],
    ['a table is missing', 'ALTER TABLE messages RENAME TO lost', 'ALTER TABLE lost RENAME TO messages', 'messages is missing, and the source has 40 rows of it'],
    ['it was never migrated', 'ALTER TABLE _prisma_migrations RENAME TO history', 'ALTER TABLE history RENAME TO _prisma_migrations', 'ValidationFailed: a session failed with 42P01'],
  ]; // prettier-ignore
  test.each(DAMAGES)('the copy is not complete: %s', async (_, damage, repair, why) => {
    await copy.query(damage);
    try {
      expect(await rig.run()).toMatchObject({ status: 'FAILED', cause: expect.stringContaining(why) as string });
      expect(told()).toContain(why);
      expectNothingLeft();
    } finally {
      await copy.query(repair);
    }
  });

  test('nobody can be told: the execution fails all the same, which has an alarm of its own', async () => {
    rig.snsFaults.push(...Array.from({ length: 6 }, () => new Error('SNS is down')));
    expect(await rig.run()).toMatchObject({ status: 'FAILED', error: 'NotificationFailed' });
    expectNothingLeft();
  });
});

describe('what passes by itself is tried again:', () => {
  test.each<[string, () => void]>([
    ['throttling', () => (['Restore', 'Describe', 'Delete'] as const).forEach((each) => rig.rds.fail(each, THROTTLED, 3))],
    ['a copy that lets nobody in yet', () => void (rig.refusedLogins = 5)],
    ['a deletion that fails once', () => rig.rds.fail('Delete', new Error('InternalFailure'))],
    ['a topic that fails once', () => void rig.snsFaults.push(new Error('SNS is down'))],
  ])('%s', async (_, provoke) => {
    provoke();
    expect(await rig.run()).toMatchObject({ status: 'SUCCEEDED' });
    expect(told()).toContain('succeeded');
    expectNothingLeft();
  });
}); // prettier-ignore

describe('a copy that cannot be deleted', () => {
  test('fails the drill, and the next one sweeps it', async () => {
    rig.rds.fail('Delete', new Error('AccessDenied'), 16);
    expect(await rig.run()).toMatchObject({ status: 'FAILED', error: 'RestoreDrillFailed' });
    expect(told()).toContain(
      `Not cleaned up: Error: AccessDenied\nCheck whether the instance ${OURS} still exists, and delete it.`,
    );
    expect([...rig.rds.instances.keys()]).toContain(OURS);
    rig.clock.advance(13 * 3600);
    rig.rds.statuses = ['creating', 'available'];
    rig.notices.length = 0;
    expect(await rig.run({}, 'next')).toMatchObject({ status: 'SUCCEEDED' });
    expect(told()).toContain(`Leftovers of earlier drills deleted: ${OURS}`);
    rig.rds.instances.delete(OURS);
    expectNothingLeft();
  });

  test('that stays in deletion is told of, too', async () => {
    rig.rds.goesAfter = 1000;
    expect(await rig.run()).toMatchObject({ status: 'FAILED' });
    expect(told()).toContain(`Not cleaned up: NotDeleted: ${OURS} is still deleting after 60 minutes`);
  });
});

describe('what no drill made is never touched:', () => {
  test('an instance with our name and without our tag', async () => {
    rig.rds.add({ DBInstanceIdentifier: OURS, DBInstanceStatus: 'available', TagList: [] });
    expect(await rig.run()).toMatchObject({ status: 'FAILED' });
    expect(told()).toContain(`NameTaken: ${OURS} exists and was not made by a drill; it is left alone`);
    expect(rig.rds.deleted).toEqual([]);
    expect([...rig.rds.instances.keys()]).toEqual(['the-primary', OURS]);
  });

  test('leftovers with another tag, another name, or none', async () => {
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

test('an execution whose restore was answered with silence goes on with the instance that it made', async () => {
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
