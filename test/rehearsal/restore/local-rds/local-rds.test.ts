import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DBInstanceAlreadyExistsFault,
  DBInstanceNotFoundFault,
  DBParameterGroupNotFoundFault,
  DeleteDBInstanceCommand,
  DescribeDBInstanceAutomatedBackupsCommand,
  InvalidDBInstanceStateFault,
  ListTagsForResourceCommand,
  PointInTimeRestoreNotEnabledFault,
  type RestoreDBInstanceToPointInTimeCommandInput,
  StopDBInstanceCommand,
} from '@aws-sdk/client-rds';
import type { Client } from 'pg';
import { type Cluster, startCluster } from '../../../../lib/local-postgres/cluster';
import { RunFolder } from '../../../../lib/local-postgres/run-folder';
import { AutomatedBackups } from '../../../../lib/rehearsal/restore/local-rds/automated-backups';
import { LocalRds } from '../../../../lib/rehearsal/restore/local-rds/local-rds';
import { RestoredInstances } from './restored-instances';

const CHECKSUM =
  'SELECT count(*)::int AS rows, sum(hashtextextended(payload::text, 0)::numeric)::text AS checksum FROM';

let folder: RunFolder;
let cluster: Cluster;
let admin: Client;
let backups: AutomatedBackups;
let rds: LocalRds;
let instances: RestoredInstances;
/** Moment between the rows that a restore must bring back and the rows that it must not. */
let target: Date;
let expected: unknown;

beforeAll(async () => {
  folder = new RunFolder();
  const master = { user: 'database_admin', password: 'master-password' };
  cluster = await startCluster({ folder, replicas: 1, database: 'app', master });
  admin = await cluster.connect(cluster.primary);
  await admin.query(`CREATE TABLE kept (payload text);
                     CREATE TABLE dropped (payload text);
                     INSERT INTO dropped SELECT md5(n::text) FROM generate_series(1, 1000) n`);
  backups = await AutomatedBackups.start(cluster, folder);
  // After the base backup: these rows are in the archived WAL only.
  for (let i = 0; i < 50; i++) await admin.query('INSERT INTO kept VALUES ($1)', [`before ${i}`]);
  ({ rows: expected } = await admin.query(`${CHECKSUM} kept UNION ALL ${CHECKSUM} dropped`));
  await sleep(5);
  target = new Date();
  await sleep(5);
  await admin.query("INSERT INTO kept VALUES ('after'); DROP TABLE dropped");
  await backups.untilRestorable(target);
}, 60_000);

afterAll(async () => {
  await Promise.allSettled([rds?.settled(), backups?.stop(), admin?.end()]);
  folder.dispose();
});

beforeEach(() => {
  rds = new LocalRds({
    folder,
    cluster,
    backups,
    servers: [
      {
        id: 'main',
        server: cluster.primary,
        tags: [{ Key: 'team', Value: 'salons' }],
        backupRetentionPeriod: 35,
        createdAt: backups.earliestRestorableTime,
      },
      { id: 'reader', server: cluster.replicas[0]!, backupRetentionPeriod: 0, createdAt: new Date() },
    ],
    parameterGroups: { tuned: { work_mem: '5MB' } },
  });
  instances = new RestoredInstances(rds, cluster, target);
});

describe('a restore to a moment', () => {
  test('brings back every earlier row, the dropped table included, and no later row; its deletion leaves nothing behind', async () => {
    const { DBInstance } = await instances.restore({
      DBParameterGroupName: 'tuned',
      Tags: [{ Key: 'drill', Value: 'yes' }],
      DBInstanceClass: 'db.t4g.large',
    });
    expect(DBInstance).toMatchObject({ DBInstanceIdentifier: 'copy', DBInstanceStatus: 'creating' });
    expect(DBInstance!.Endpoint).toBeUndefined();
    expect(await instances.statuses('copy')).toEqual(['creating', 'available']);
    expect(await instances.query('copy', `${CHECKSUM} kept UNION ALL ${CHECKSUM} dropped`)).toEqual(expected);
    // A separate server: it accepts writes, archives nothing, has no replicas and runs with the settings of the group.
    expect(
      await instances.query('copy', "INSERT INTO kept VALUES ('own') RETURNING pg_is_in_recovery() AS recovering"),
    ).toEqual([{ recovering: false }]);
    expect(
      await instances.query(
        'copy',
        `SELECT current_setting('archive_mode') AS archive, current_setting('work_mem') AS memory,
                (SELECT count(*)::int FROM pg_replication_slots) AS slots, (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS tls`,
      ),
    ).toEqual([{ archive: 'off', memory: '5MB', slots: 0, tls: true }]);
    const described = await instances.describe('copy');
    expect(described).toMatchObject({ DBInstanceClass: 'db.t4g.large', MultiAZ: false, DeletionProtection: false });
    const { TagList } = await rds.send(new ListTagsForResourceCommand({ ResourceName: described.DBInstanceArn! }));
    expect(TagList).toEqual([{ Key: 'drill', Value: 'yes' }]);

    await instances.remove('copy');
    expect((await instances.describe('copy')).DBInstanceStatus).toBe('deleting');
    await expect(instances.remove('copy')).rejects.toThrow(InvalidDBInstanceStateFault);
    await instances.untilGone('copy');
    expect(rds.identifiers).toEqual(['main', 'reader']);
    expect(readdirSync(folder.path).filter((name) => name.includes('copy'))).toEqual([]);
  }, 30_000);

  test('does not affect the primary and its replica', async () => {
    await instances.restore();
    await instances.statuses('copy');
    const { rows } = await admin.query("SELECT state FROM pg_stat_replication WHERE application_name = 'replica-1'");
    expect(rows).toEqual([{ state: 'streaming' }]);
    expect((await admin.query("SELECT to_regclass('dropped') AS dropped")).rows).toEqual([{ dropped: null }]);
    await instances.removeCompletely('copy');
  }, 30_000);
});

test('a restore to the latest moment contains everything that was archived by then', async () => {
  const latest = (await instances.describe('main')).LatestRestorableTime!;
  await instances.restore({ UseLatestRestorableTime: true, TargetDBInstanceIdentifier: 'Latest' });
  expect(await instances.statuses('latest')).toEqual(['creating', 'available']);
  expect(latest > target).toBe(true);
  const [before] = await instances.query(
    'latest',
    "SELECT count(*)::int AS rows FROM kept WHERE payload LIKE 'before%'",
  );
  expect(before).toEqual({ rows: 50 });
  await instances.removeCompletely('latest');
}, 30_000);

test('archived WAL moves the latest restorable moment forward', async () => {
  const before = (await instances.describe('main')).LatestRestorableTime!;
  const committed = new Date();
  await backups.untilRestorable(committed);
  const { DBInstanceAutomatedBackups } = await rds.send(
    new DescribeDBInstanceAutomatedBackupsCommand({ DBInstanceIdentifier: 'main' }),
  );
  const { EarliestTime, LatestTime } = DBInstanceAutomatedBackups![0]!.RestoreWindow!;
  expect(EarliestTime).toEqual(backups.earliestRestorableTime);
  expect(LatestTime! >= committed && committed > before).toBe(true);
}, 30_000);

test('values that the request leaves out are the defaults of RDS, such as the source’s tags and retention', async () => {
  rds.faults.neverAvailable = true;
  const { DBInstance } = await instances.restore({ BackupRetentionPeriod: undefined });
  expect(DBInstance).toMatchObject({
    TagList: [{ Key: 'team', Value: 'salons' }],
    BackupRetentionPeriod: 35,
    DBParameterGroups: [{ DBParameterGroupName: 'default.postgres15' }],
    AutoMinorVersionUpgrade: true,
    IAMDatabaseAuthenticationEnabled: false,
  });
  await instances.removeCompletely('copy');
});

describe('LocalRds refuses', () => {
  const named = (name: string, message: RegExp) =>
    expect.objectContaining({ name, message: expect.stringMatching(message) as string }) as Error;

  test.each([
    ['before the base backup was complete', () => new Date(backups.earliestRestorableTime.getTime() - 1)],
    ['in the future', () => new Date(Date.now() + 60_000)],
  ])('a moment %s', async (_, moment) => {
    const error = named('InvalidParameterValue', /is not between .*Z and .*Z/);
    await expect(instances.restore({ RestoreTime: moment() })).rejects.toEqual(error);
    expect(rds.identifiers).not.toContain('copy');
  });

  test.each<[string, Partial<RestoreDBInstanceToPointInTimeCommandInput>, string | (new (...args: never[]) => Error)]>([
    ['two moments', { RestoreTime: new Date(0), UseLatestRestorableTime: true }, 'InvalidParameterCombination'],
    ['a source that does not exist', { SourceDBInstanceIdentifier: 'nothing' }, DBInstanceNotFoundFault],
    ['a source without backups', { SourceDBInstanceIdentifier: 'reader' }, PointInTimeRestoreNotEnabledFault],
    ['an identifier that is in use', { TargetDBInstanceIdentifier: 'READER' }, DBInstanceAlreadyExistsFault],
    ['an invalid identifier', { TargetDBInstanceIdentifier: 'a--b' }, 'InvalidParameterValue'],
    ['an unknown parameter group', { DBParameterGroupName: 'nothing' }, DBParameterGroupNotFoundFault],
  ])('%s', async (_, input, error) => {
    const refused = instances.restore(input);
    await (typeof error === 'string'
      ? expect(refused).rejects.toMatchObject({ name: error })
      : expect(refused).rejects.toBeInstanceOf(error));
    expect(rds.identifiers).toEqual(['main', 'reader']);
  });

  test('to delete an instance that is protected, does not exist, or would need a final snapshot', async () => {
    await expect(instances.remove('main')).rejects.toEqual(named('InvalidParameterCombination', /protected/));
    await expect(instances.remove('nothing')).rejects.toBeInstanceOf(DBInstanceNotFoundFault);
    rds.faults.neverAvailable = true;
    await instances.restore({ DeletionProtection: true });
    await expect(instances.remove('copy')).rejects.toEqual(named('InvalidParameterCombination', /protected/));
    await instances.restore({ TargetDBInstanceIdentifier: 'other' });
    const bare = new DeleteDBInstanceCommand({ DBInstanceIdentifier: 'other' });
    await expect(rds.send(bare)).rejects.toEqual(named('InvalidParameterCombination', /SkipFinalSnapshot/));
    expect(rds.identifiers).toEqual(['main', 'reader', 'copy', 'other']);
  });
});

describe('injected faults', () => {
  test('a lost archive makes PostgreSQL fail to recover', async () => {
    rds.faults.archiveUnreadable = true;
    await instances.restore();
    expect(await instances.statuses('copy')).toEqual(['creating', 'failed']);
    expect((await instances.describe('copy')).Endpoint).toBeUndefined();
    await instances.removeCompletely('copy');
    expect(existsSync(join(folder.path, 'restored-copy'))).toBe(false);
  }, 30_000);

  test('throttling and a deletion that fails once', async () => {
    rds.faults.throttle('RestoreDBInstanceToPointInTime', 2);
    rds.faults.fail('DeleteDBInstance', 1);
    rds.faults.neverAvailable = true;
    for (let i = 0; i < 2; i++) await expect(instances.restore()).rejects.toMatchObject({ name: 'Throttling' });
    await instances.restore();
    await expect(instances.remove('copy')).rejects.toMatchObject({
      $fault: 'server',
      $metadata: { httpStatusCode: 500 },
    });
    await instances.removeCompletely('copy');
  });

  test('an instance is deleted while it is restored', async () => {
    await instances.restore();
    await instances.removeCompletely('copy');
    expect(existsSync(join(folder.path, 'restored-copy'))).toBe(false);
  }, 30_000);
});

test('an action that no drill uses is refused', async () => {
  await expect(rds.send(new StopDBInstanceCommand({ DBInstanceIdentifier: 'main' }))).rejects.toThrow(
    'RDS was called with StopDBInstance; supported here: RestoreDBInstanceToPointInTime, DescribeDBInstances, DeleteDBInstance, ListTagsForResource, DescribeDBInstanceAutomatedBackups',
  );
});

test('a restored server is killed with the run, like the others', async () => {
  const running = () =>
    execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' }).includes(`-D ${folder.path}/restored-copy -p`);
  await instances.restore();
  expect(await instances.statuses('copy')).toEqual(['creating', 'available']);
  expect(running()).toBe(true);
  folder.dispose();
  while (running()) await sleep(10);
  expect(existsSync(folder.path)).toBe(false);
}, 30_000);
