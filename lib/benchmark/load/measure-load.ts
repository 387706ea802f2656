import type { Client } from 'pg';
import type { ConnectOptions } from '../../contract/database-client';
import type { Cluster } from '../../local-postgres/cluster';
import { formatCount, formatMilliseconds } from '../../shared/formats';
import { Child } from '../clients/child';
import type { MixResult, MixRun } from '../clients/mix-client';
import { percentile } from '../clients/statistics';
import { loginsToBoth, loginTo, type Progress, withSession } from '../databases/databases';
import { drawValues } from '../patterns';
import { findLimit, isCarried, type LoadStep } from './find-limit';
import { DOCUMENTED_RATE, MIX, schedule, type Value } from './mix';
import { readUse } from './server-use';

/** What a database carries. */
interface LoadFigures {
  readonly steps: readonly LoadStep[];
  /** Requests a second until p95 passes the goal; undefined: p95 is longer even at the lowest rate. */
  readonly limit?: number;
}

/** What the documented mix takes, measured at a rate that is carried: what a request takes on average. */
interface RequestUse {
  readonly requests: number;
  /** Requests a second. */
  readonly rate: number;
  /** Write-ahead log, bytes. */
  readonly walBytes: number;
  /** Growth of tables and indexes, bytes. */
  readonly tableBytes: number;
  /** CPU time of the server, ms; undefined where it cannot be read. */
  readonly cpuMs?: number;
  /** Sessions that were busy at a time, on average. */
  readonly sessions: number;
}

/** The load that both databases carry, and what a request takes. */
export interface LoadReport {
  /** Requests a second of the documented workload at this scale. */
  readonly documentedRate: number;
  /** The lowest rate that was tried. */
  readonly lowestRate: number;
  readonly before: LoadFigures;
  readonly after: LoadFigures;
  readonly request: RequestUse;
}

/** Sessions of the application: what production's proxy may open is more. */
const SESSIONS = 50;
const SETS = 5000;
/** A step lasts at least so long, seconds, and has at least so many requests. */
const STEP = { seconds: 5, requests: 40 };
/** A step that falls behind ends after this multiple of its time. */
const LONGEST = 2;
/** Requests a second: fewer take long to count. */
const LEAST_RATE = 5;
const HIGHEST_RATE = 20_000;
const VALUES: readonly Value[] = ['salon', 'conversation', 'phone'];

/**
 * Drives the documented mix against both databases at a rising rate, on a server that writes its log to the disk as production does.
 * @param end end of the data, UTC without a zone
 */
export async function measureLoad(
  { cluster, end, scale }: { readonly cluster: Cluster; readonly end: string; readonly scale: number },
  onProgress: Progress,
): Promise<LoadReport> {
  const documentedRate = DOCUMENTED_RATE * scale;
  const lowestRate = Math.max(LEAST_RATE, documentedRate / 4);
  const client = new Child('mix-client');
  try {
    const logins = loginsToBoth(cluster);
    const values = await drawValues(logins.before, { draw: 'SELECT salon_id, id, phone_number FROM drawn' }, SETS, end);
    await setFsync(cluster, true);
    const limitOf = (login: ConnectOptions) =>
      findLimit((rate) => step(client, { login, values, rate }, onProgress), {
        lowest: lowestRate,
        highest: HIGHEST_RATE,
      });
    const before = await limitOf(logins.before);
    const after = await limitOf(logins.after);
    const carried = after.steps.filter(isCarried).at(-1)?.rate ?? lowestRate;
    const request = await use(client, cluster, { login: logins.after, values, rate: carried / 2 }, onProgress);
    return { documentedRate, lowestRate, before, after, request };
  } finally {
    client.end();
    await setFsync(cluster, false);
  }
}

interface Step {
  readonly login: ConnectOptions;
  readonly values: readonly (readonly string[])[];
  readonly rate: number;
}

/** The first requests of a step are not counted: sessions and plans are new. */
async function step(client: Child, { login, values, rate }: Step, onProgress: Progress): Promise<LoadStep> {
  const { times, seconds } = await send(client, { login, values, rate });
  const p95Ms = percentile(times.slice(Math.floor(times.length / 10)), 0.95);
  const answered = times.length / seconds;
  onProgress(`${login.database}: ${formatCount(rate)} requests a second, p95 ${formatMilliseconds(p95Ms)}`);
  return { rate, answered, p95Ms };
}

function send(client: Child, { login, values, rate }: Step): Promise<MixResult> {
  const statements = [...new Set(MIX.flatMap((request) => request.statements.map(({ sql }) => sql)))];
  const seconds = Math.max(STEP.seconds, STEP.requests / rate);
  return client.ask<MixResult>({
    login,
    sessions: SESSIONS,
    statements,
    requests: MIX.map((request) => ({
      statements: request.statements.map((each) => ({
        statement: statements.indexOf(each.sql),
        values: each.values.map((value) => VALUES.indexOf(value)),
      })),
    })),
    order: schedule(MIX, Math.ceil(rate * seconds)),
    values,
    rate,
    longestMs: LONGEST * seconds * 1000,
  } satisfies MixRun);
}

/** What the mix takes at half of what is carried, where little waits. */
async function use(client: Child, cluster: Cluster, at: Step, onProgress: Progress): Promise<RequestUse> {
  onProgress('measuring what a request takes');
  return withSession(at.login, async (session: Client) => {
    const before = await readUse(cluster.primary, session);
    const { times, seconds } = await send(client, at);
    const after = await readUse(cluster.primary, session);
    const each = (from: number, to: number) => (to - from) / times.length;
    return {
      requests: times.length,
      rate: at.rate,
      walBytes: each(before.walBytes, after.walBytes),
      tableBytes: each(before.tableBytes, after.tableBytes),
      ...(before.cpuSeconds !== undefined &&
        after.cpuSeconds !== undefined && { cpuMs: each(before.cpuSeconds, after.cpuSeconds) * 1000 }),
      sessions: times.reduce((sum, ms) => sum + ms, 0) / 1000 / seconds,
    };
  });
}

/** The servers of a run write without fsync, because their data is thrown away. Under load it counts how fast the disk is. */
async function setFsync(cluster: Cluster, on: boolean): Promise<void> {
  await withSession(loginTo(cluster, 'postgres', cluster.superuser), async (session) => {
    await session.query(`ALTER SYSTEM SET fsync = ${on ? 'on' : 'off'}`);
    await session.query('SELECT pg_reload_conf()');
    await session.query('CHECKPOINT');
  });
}
