import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DBInstance,
  DBInstanceAlreadyExistsFault,
  DBInstanceNotFoundFault,
  DBParameterGroupNotFoundFault,
  DeleteDBInstanceCommand,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBInstancesCommand,
  InvalidDBInstanceStateFault,
  ListTagsForResourceCommand,
  PointInTimeRestoreNotEnabledFault,
  type RDSClient,
  RestoreDBInstanceToPointInTimeCommand,
  StopDBInstanceCommand,
  type RestoreDBInstanceToPointInTimeCommandInput,
} from '@aws-sdk/client-rds';
import type { Client } from 'pg';
import { connect } from '../../../../lib/contract/database-client';
import { type Cluster, startCluster } from '../../../../lib/local-postgres/cluster';
import { RunFolder } from '../../../../lib/local-postgres/run-folder';
import { AutomatedBackups } from '../../../../lib/rehearsal/restore/local-rds/automated-backups';
import { LocalRds } from '../../../../lib/rehearsal/restore/local-rds/local-rds';

const CHECKSUM =
  'SELECT count(*)::int AS rows, sum(hashtextextended(payload::text, 0)::numeric)::text AS checksum FROM';

let folder: RunFolder;
let cluster: Cluster;
let admin: Client;
let backups: AutomatedBackups;
let rds: LocalRds;
let client: Pick<RDSClient, 'send'>;
/** Between the rows that must come back and those that must not. */
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
  // After the base backup: these rows are in the archived WAL alone.
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
      { id: 'main', server: cluster.primary, tags: [{ Key: 'team', Value: 'salons' }], backupRetentionPeriod: 35, createdAt: backups.earliestRestorableTime }, // prettier-ignore
      { id: 'reader', server: cluster.replicas[0]!, backupRetentionPeriod: 0, createdAt: new Date() },
    ],
    parameterGroups: { tuned: { work_mem: '5MB' } },
  });
  client = rds;
});

function restore(more: Partial<RestoreDBInstanceToPointInTimeCommandInput> = {}) {
  const input = { SourceDBInstanceIdentifier: 'main', TargetDBInstanceIdentifier: 'copy', BackupRetentionPeriod: 0 };
  const moment = more.UseLatestRestorableTime === undefined ? { RestoreTime: target } : {};
  return client.send(new RestoreDBInstanceToPointInTimeCommand({ ...input, ...moment, ...more }));
}

async function describe1(id: string): Promise<DBInstance> {
  const { DBInstances } = await client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }));
  return DBInstances![0]!;
}

function remove(id: string) {
  return client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: id, SkipFinalSnapshot: true }));
}

/** The statuses that an instance goes through, until the last is one of those. */
async function statuses(id: string, ...last: string[]): Promise<string[]> {
  const seen = [(await describe1(id)).DBInstanceStatus!];
  while (!last.includes(seen.at(-1)!)) {
    await sleep(10);
    const { DBInstanceStatus } = await describe1(id);
    if (DBInstanceStatus !== seen.at(-1)) seen.push(DBInstanceStatus!);
  }
  return seen;
}

async function untilGone(id: string): Promise<void> {
  for (;;) {
    try {
      await describe1(id);
      await sleep(10);
    } catch (error) {
      if (error instanceof DBInstanceNotFoundFault) return;
      throw error;
    }
  }
}

/** Rows that the master user reads in a restored instance, at the address that RDS tells. */
async function query(id: string, sql: string): Promise<unknown[]> {
  const { Address: host = '', Port: port = 0 } = (await describe1(id)).Endpoint!;
  const login = { ...cluster.master, host, port, database: 'app', ca: cluster.ca, applicationName: 'test' };
  const session = await connect(login);
  try {
    return (await session.query<object>(sql)).rows;
  } finally {
    await session.end();
  }
}

describe('a restore to a moment', () => {
  test('brings back every row of before and none of after, the dropped table included, and goes without a trace', async () => {
    const { DBInstance } = await restore({
      DBParameterGroupName: 'tuned',
      Tags: [{ Key: 'drill', Value: 'yes' }],
      DBInstanceClass: 'db.t4g.large',
    });
    expect(DBInstance).toMatchObject({ DBInstanceIdentifier: 'copy', DBInstanceStatus: 'creating' });
    expect(DBInstance!.Endpoint).toBeUndefined();
    expect(await statuses('copy', 'available', 'failed')).toEqual(['creating', 'available']);
    expect(await query('copy', `${CHECKSUM} kept UNION ALL ${CHECKSUM} dropped`)).toEqual(expected);
    // A server of its own: it takes writes, archives nothing, replicates to nobody and runs with the group's settings.
    expect(await query('copy', "INSERT INTO kept VALUES ('own') RETURNING pg_is_in_recovery() AS recovering")).toEqual([
      { recovering: false },
    ]);
    expect(
      await query(
        'copy',
        `SELECT current_setting('archive_mode') AS archive, current_setting('work_mem') AS memory,
                (SELECT count(*)::int FROM pg_replication_slots) AS slots, (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS tls`,
      ),
    ).toEqual([{ archive: 'off', memory: '5MB', slots: 0, tls: true }]);
    const described = await describe1('copy');
    expect(described).toMatchObject({ DBInstanceClass: 'db.t4g.large', MultiAZ: false, DeletionProtection: false });
    const { TagList } = await client.send(new ListTagsForResourceCommand({ ResourceName: described.DBInstanceArn! }));
    expect(TagList).toEqual([{ Key: 'drill', Value: 'yes' }]);

    await remove('copy');
    expect((await describe1('copy')).DBInstanceStatus).toBe('deleting');
    await expect(remove('copy')).rejects.toThrow(InvalidDBInstanceStateFault);
    await untilGone('copy');
    expect(rds.identifiers).toEqual(['main', 'reader']);
    expect(readdirSync(folder.path).filter((name) => name.includes('copy'))).toEqual([]);
  }, 30_000);

  test('leaves the primary and its replica alone', async () => {
    await restore();
    await statuses('copy', 'available', 'failed');
    const { rows } = await admin.query("SELECT state FROM pg_stat_replication WHERE application_name = 'replica-1'");
    expect(rows).toEqual([{ state: 'streaming' }]);
    expect((await admin.query("SELECT to_regclass('dropped') AS dropped")).rows).toEqual([{ dropped: null }]);
    await remove('copy');
    await untilGone('copy');
  }, 30_000);
});

test('the latest moment has what was archived by then', async () => {
  const latest = (await describe1('main')).LatestRestorableTime!;
  await restore({ UseLatestRestorableTime: true, TargetDBInstanceIdentifier: 'Latest' });
  expect(await statuses('latest', 'available', 'failed')).toEqual(['creating', 'available']);
  expect(latest > target).toBe(true);
  const [before] = await query('latest', "SELECT count(*)::int AS rows FROM kept WHERE payload LIKE 'before%'");
  expect(before).toEqual({ rows: 50 });
  await remove('latest');
  await untilGone('latest');
}, 30_000);

test('what is archived moves the latest moment on', async () => {
  const before = (await describe1('main')).LatestRestorableTime!;
  const committed = new Date();
  await backups.untilRestorable(committed);
  const { DBInstanceAutomatedBackups } = await client.send(
    new DescribeDBInstanceAutomatedBackupsCommand({ DBInstanceIdentifier: 'main' }),
  );
  const { EarliestTime, LatestTime } = DBInstanceAutomatedBackups![0]!.RestoreWindow!;
  expect(EarliestTime).toEqual(backups.earliestRestorableTime);
  expect(LatestTime! >= committed && committed > before).toBe(true);
}, 30_000);

test('what is not named is chosen as RDS chooses, which is seldom what one wants', async () => {
  rds.faults.neverAvailable = true;
  const { DBInstance } = await restore({ BackupRetentionPeriod: undefined });
  expect(DBInstance).toMatchObject({
    TagList: [{ Key: 'team', Value: 'salons' }],
    BackupRetentionPeriod: 35,
    DBParameterGroups: [{ DBParameterGroupName: 'default.postgres15' }],
    AutoMinorVersionUpgrade: true,
    IAMDatabaseAuthenticationEnabled: false,
  });
  await remove('copy');
  await untilGone('copy');
});

describe('refuses', () => {
  const named = (name: string, message: RegExp) =>
    expect.objectContaining({ name, message: expect.stringMatching(message) as string }) as Error;

  test.each([
    ['before the base backup was whole', () => new Date(backups.earliestRestorableTime.getTime() - 1)],
    ['in the future', () => new Date(Date.now() + 60_000)],
  ])('a moment %s', async (_, moment) => {
    const error = named('InvalidParameterValue', /is not between .*Z and .*Z/);
    await expect(restore({ RestoreTime: moment() })).rejects.toEqual(error);
    expect(rds.identifiers).not.toContain('copy');
  });

  test.each<[string, Partial<RestoreDBInstanceToPointInTimeCommandInput>, string | (new (...args: never[]) => Error)]>([
    ['two moments', { RestoreTime: new Date(0), UseLatestRestorableTime: true }, 'InvalidParameterCombination'],
    ['a source that is not there', { SourceDBInstanceIdentifier: 'nothing' }, DBInstanceNotFoundFault],
    ['a source without backups', { SourceDBInstanceIdentifier: 'reader' }, PointInTimeRestoreNotEnabledFault],
    ['a name that is taken', { TargetDBInstanceIdentifier: 'READER' }, DBInstanceAlreadyExistsFault],
    ['a name that is none', { TargetDBInstanceIdentifier: 'a--b' }, 'InvalidParameterValue'],
    ['an unknown parameter group', { DBParameterGroupName: 'nothing' }, DBParameterGroupNotFoundFault],
  ])('%s', async (_, input, error) => {
    const refused = restore(input);
    await (typeof error === 'string'
      ? expect(refused).rejects.toMatchObject({ name: error })
      : expect(refused).rejects.toBeInstanceOf(error));
    expect(rds.identifiers).toEqual(['main', 'reader']);
  });

  test('to delete what is protected, what is not there, and what would want a snapshot', async () => {
    await expect(remove('main')).rejects.toEqual(named('InvalidParameterCombination', /protected/));
    await expect(remove('nothing')).rejects.toBeInstanceOf(DBInstanceNotFoundFault);
    rds.faults.neverAvailable = true;
    await restore({ DeletionProtection: true });
    await expect(remove('copy')).rejects.toEqual(named('InvalidParameterCombination', /protected/));
    await restore({ TargetDBInstanceIdentifier: 'other' });
    const bare = new DeleteDBInstanceCommand({ DBInstanceIdentifier: 'other' });
    await expect(client.send(bare)).rejects.toEqual(named('InvalidParameterCombination', /SkipFinalSnapshot/));
    expect(rds.identifiers).toEqual(['main', 'reader', 'copy', 'other']);
  });
});

describe('what goes wrong on request', () => {
  test('a lost archive: PostgreSQL itself fails to recover', async () => {
    rds.faults.archiveUnreadable = true;
    await restore();
    expect(await statuses('copy', 'available', 'failed')).toEqual(['creating', 'failed']);
    expect((await describe1('copy')).Endpoint).toBeUndefined();
    await remove('copy');
    await untilGone('copy');
    expect(existsSync(join(folder.path, 'restored-copy'))).toBe(false);
  }, 30_000);

  test('throttling, and a deletion that fails once', async () => {
    rds.faults.throttle('RestoreDBInstanceToPointInTime', 2);
    rds.faults.fail('DeleteDBInstance', 1);
    rds.faults.neverAvailable = true;
    for (let i = 0; i < 2; i++) await expect(restore()).rejects.toMatchObject({ name: 'Throttling' });
    await restore();
    await expect(remove('copy')).rejects.toMatchObject({ $fault: 'server', $metadata: { httpStatusCode: 500 } });
    await remove('copy');
    await untilGone('copy');
  });

  test('a server that is deleted while it is restored', async () => {
    await restore();
    await remove('copy');
    await untilGone('copy');
    expect(existsSync(join(folder.path, 'restored-copy'))).toBe(false);
  }, 30_000);
});

test('what no drill asks for is refused', async () => {
  await expect(client.send(new StopDBInstanceCommand({ DBInstanceIdentifier: 'main' }))).rejects.toThrow(
    'RDS is asked for StopDBInstance, which nothing on this machine stands in for',
  );
});

test('a restored server ends with the run, like the others', async () => {
  const running = () =>
    execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' }).includes(`-D ${folder.path}/restored-copy -p`);
  await restore();
  expect(await statuses('copy', 'available', 'failed')).toEqual(['creating', 'available']);
  expect(running()).toBe(true);
  folder.dispose();
  while (running()) await sleep(10);
  expect(existsSync(folder.path)).toBe(false);
}, 30_000);
