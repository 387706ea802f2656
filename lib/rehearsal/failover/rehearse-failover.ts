import { DatabaseError } from 'pg';
import type { Cluster, Login } from '../../local-postgres/cluster';
import { writeOwned } from '../../local-postgres/configuration';
import type { RunFolder } from '../../local-postgres/run-folder';
import type { PostgresServer } from '../../local-postgres/server';
import { APPLICATION_ROLE } from '../deployed-migration';
import { type FailoverReport, MULTI_AZ, NOT_REHEARSED } from './failover-report';
import { Load } from './load';
import {
  asSuperuser,
  type Candidate,
  catchesUp,
  countUnusedSlots,
  cutOff,
  follow,
  promote,
  receivedWal,
  STEP_SECONDS,
} from './replicas';
import type { Target } from './writer';

/** Rows that each client writes with all replicas, and as many more after one of several is cut off. */
const ROWS_PER_CLIENT = 50;
/** pg_hba.conf that lets nobody log in, as without the rule of the security group on AWS. */
const FENCE = 'hostssl all all 127.0.0.1/32 reject\nhostssl replication all 127.0.0.1/32 reject\n';
/** SQLSTATE of a refusal by pg_hba.conf. */
const REFUSED = '28000';

/** Options of a rehearsed failover. */
export interface FailoverRehearsal {
  /** Migrated, with all servers running. Its primary is another one afterwards. */
  readonly cluster: Cluster;
  readonly folder: RunFolder;
  /** Of app_user. */
  readonly applicationPassword: string;
  /** Whether the primary has a standby on AWS. */
  readonly multiAz: boolean;
}

/** A failover, and the cluster after it. */
export interface Failover {
  /** Undefined where the environment has no replica. */
  readonly report?: FailoverReport;
  /** The promoted replica as the primary, and every server that follows it. */
  readonly cluster: Cluster;
}

/** A failover that is under way: its servers, and the seconds since the primary was killed. */
interface Progress {
  readonly cluster: Cluster;
  readonly candidates: readonly Candidate[];
  readonly promoted: PostgresServer;
  readonly seconds: (nowMs?: number) => number;
}

/**
 * Kills the primary while the application writes, then does what lib/runbooks/README.md, "Promote a replica", and the recovery documents
 * do: promotes the replica that has received more, lets the other one follow it, fences the old primary and rebuilds it as a replica. The
 * first of two replicas is cut off before, so that the choice matters.
 * @throws Error with a sentence where nobody can write afterwards; what else does not hold is in the report
 */
export async function rehearseFailover(rehearsal: FailoverRehearsal): Promise<Failover> {
  const { cluster, applicationPassword, multiAz } = rehearsal;
  const { primary: killed, replicas } = cluster;
  const [first, second] = replicas;
  if (!first) return { cluster };
  const login: Login = { user: APPLICATION_ROLE, password: applicationPassword };
  const target: Target = { server: killed };
  for (const replica of replicas) await startStreaming(cluster, replica);
  const load = new Load(cluster, login, target);
  try {
    await load.untilWritten(ROWS_PER_CLIENT);
    if (second) await cutOff(cluster, first);
    await load.untilWritten(ROWS_PER_CLIENT);
    const progress = await killAndPromote(cluster, target);
    const { promoted, candidates, seconds } = progress;
    const secondsToPromote = seconds();
    const others = await repointOthers(progress);
    const secondsToFirstWrite = seconds(await load.firstWriteMs(promoted));
    const old = await replaceKilled(rehearsal, progress, login);
    await load.stop();
    const following = [...others.following, ...(old.rebuilt ? [killed] : [])];
    const report: FailoverReport = {
      killed: killed.name,
      replicas: candidates.map(({ name, received }) => ({ name, received })),
      promoted: promoted.name,
      secondsToPromote,
      secondsToFirstWrite,
      ...others.times,
      ...old,
      ...(await load.count(killed, promoted)),
      behind: await namesBehind(progress, following),
      unusedSlots: await countUnusedSlots(cluster, promoted),
      notRehearsed: NOT_REHEARSED,
      ...(multiAz ? { multiAz: MULTI_AZ } : {}),
    };
    return { report, cluster: { ...cluster, primary: promoted, replicas: following } };
  } finally {
    // An error before is the cause.
    await load.stop().catch(() => undefined);
  }
}

/**
 * A replica that lost its primary, as in the faults before, tries again every five seconds only (wal_retrieve_retry_interval); the reload of
 * its configuration makes it try at once.
 */
async function startStreaming(cluster: Cluster, replica: PostgresServer): Promise<void> {
  if (!(await follow(cluster, cluster.primary, replica)))
    throw new Error(`${replica.name} does not stream from ${cluster.primary.name} within ${STEP_SECONDS} s`);
}

async function killAndPromote(cluster: Cluster, target: Target): Promise<Progress> {
  const killedAt = performance.now();
  await cluster.primary.kill();
  target.server = undefined;
  const candidates = await receivedWal(cluster);
  const promoted = await promote(cluster, candidates);
  target.server = promoted;
  return { cluster, candidates, promoted, seconds: (nowMs = performance.now()) => (nowMs - killedAt) / 1000 };
}

async function repointOthers({ cluster, candidates, promoted, seconds }: Progress): Promise<{
  readonly following: readonly PostgresServer[];
  readonly times: Pick<FailoverReport, 'secondsToSecondReplica'>;
}> {
  const following: PostgresServer[] = [];
  for (const { server } of candidates) {
    if (server !== promoted && (await follow(cluster, promoted, server))) following.push(server);
  }
  return { following, times: following.length === 0 ? {} : { secondsToSecondReplica: seconds() } };
}

/** Starts the old primary behind a fence, as it comes back on its own, and makes it a replica. */
async function replaceKilled(
  { cluster, folder }: FailoverRehearsal,
  { promoted, seconds }: Progress,
  login: Login,
): Promise<Pick<FailoverReport, 'fenced' | 'rebuilt' | 'secondsToRebuild'>> {
  const { primary: killed } = cluster;
  writeOwned(folder, `${killed.name}/pg_hba.conf`, FENCE);
  await killed.start();
  const fenced = await isRefused(cluster, killed, login);
  await killed.kill();
  await asSuperuser(cluster, promoted, (session) => cluster.replication.build(session, promoted, killed));
  await killed.start();
  const rebuilt = await catchesUp(cluster, promoted, killed);
  return { fenced, rebuilt, ...(rebuilt ? { secondsToRebuild: seconds() } : {}) };
}

/** Whether a server refuses the application. */
async function isRefused({ connect }: Cluster, server: PostgresServer, login: Login): Promise<boolean> {
  try {
    const session = await connect(server, login);
    await session.end();
    return false;
  } catch (error) {
    if (error instanceof DatabaseError && error.code === REFUSED) return true;
    throw error;
  }
}

/** Replicas that did not follow, and those that do and nevertheless lack what the new primary has now. */
async function namesBehind(
  { cluster, candidates, promoted }: Progress,
  following: readonly PostgresServer[],
): Promise<string[]> {
  const behind: string[] = [];
  for (const { server } of candidates) if (server !== promoted && !following.includes(server)) behind.push(server.name);
  for (const server of following) if (!(await catchesUp(cluster, promoted, server))) behind.push(server.name);
  return behind;
}
