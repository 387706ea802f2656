import { setTimeout as sleep } from 'node:timers/promises';
import { formatCount } from '../../shared/formats';
import type { Context } from '../context';
import { openGate, removeFence } from '../fence';
import { MOVING_IN } from '../logical/names';
import { analyze, moveLast } from './move-last';
import { tableProgress } from '../logical/subscription';
import { dropForward, prepareWayBack, startWayBack } from '../reverse/way-back';
import { afterSession, pidOf, rowOf, type Side } from '../session';
import type { MoveState } from '../state/state';
import { loadState, lockImport, requireState, saveState } from '../state/store';
import { CUTOVER_LAG_BYTES, runningStream } from '../status';
import { compareTables, differencesOf, forgetChecked } from './compare';
import { freeze, thaw } from './freeze';
import { StoppedWrites } from './stopped';

/** Longest time to close a database, seconds. */
const CLOSE_SECONDS = 6;

/** Longest time without writes by copy, seconds: a day. The plan says how long it will be; Ctrl-C ends it, and the source is writable again. */
const COPY_SECONDS = 86_400;

/** What a cutover or a return did. */
export interface Switched {
  readonly sentence: string;
  /** Time without writes, as this machine saw it. Undefined: an earlier call had opened it already. */
  readonly writesStoppedSeconds?: number;
  /** Rows that were compared. */
  readonly rows?: number;
  /** Sessions that were ended. */
  readonly endedSessions?: readonly string[];
}

/**
 * Moves the writes from the source to the target. Until the target is open, whatever fails returns the source to writes.
 * @throws Error with a sentence that says which of the two is writable
 */
export async function cutover(context: Context): Promise<Switched> {
  const { source, target } = context;
  await lockImport(context);
  const known = await requireState(target, source);
  if (known.phase === 'opened') return settle(context, known, {});
  const state = known.phase === 'cutting-over' ? await afterKilled(context, known) : known;
  if (state.phase !== 'streaming')
    throw new Error(`a cutover is not possible while the import is ${state.phase}; see status; nothing was changed`);
  await requireReady(context, state);
  if (state.wayBack) await prepareWayBack(context, state);
  await forgetChecked(target);
  if (state.method === 'logical') await compareInAdvance(context, state);
  const switched = await stopAndOpen(context, { ...state, phase: 'cutting-over' });
  return settle(context, { ...state, phase: 'opened' }, switched);
}

/** After a cutover that was killed writes go on until the next one has prepared itself. */
async function afterKilled({ source, target, onProgress }: Context, state: MoveState): Promise<MoveState> {
  await thaw(source);
  onProgress('an earlier cutover was interrupted; the source is writable again, and this one begins');
  const streaming: MoveState = { ...state, phase: 'streaming' };
  await saveState(target, streaming);
  return streaming;
}

/** Refuses a cutover that would have to wait for the stream while writes are stopped. */
async function requireReady({ source, target }: Context, state: MoveState): Promise<void> {
  const refuse = (what: string): never => {
    throw new Error(`no cutover now: ${what}; the source is writable and nothing was changed`);
  };
  const { prepared } = await rowOf<{ prepared: number }>(
    source,
    'SELECT count(*)::int AS prepared FROM pg_prepared_xacts WHERE database = current_database()',
  );
  if (prepared > 0) refuse(`${prepared} prepared transactions are open in the source; commit or roll them back`);
  if (state.method === 'copy') return;
  const stream = await runningStream(source, target, MOVING_IN);
  if (!stream) return refuse('the stream is interrupted; see status');
  const tables = await tableProgress(target, MOVING_IN);
  const copying = tables.filter((table) => table.state !== 'streaming').map(({ name }) => name);
  if (copying.length > 0) refuse(`rows of ${copying.join(', ')} are still copied; wait for start`);
  if (state.pendingIndexes.length > 0) refuse(`${state.pendingIndexes.length} indexes are not built; run start again`);
  if (stream.lagBytes > CUTOVER_LAG_BYTES)
    refuse(
      `the target is ${formatCount(stream.lagBytes)} bytes behind, more than ${formatCount(CUTOVER_LAG_BYTES)}; wait, or write less`,
    );
}

/** Whatever can be done while everything is written leaves less for the end. */
async function compareInAdvance(context: Context, state: MoveState): Promise<void> {
  const { source, target, onProgress } = context;
  await analyze(context, state);
  onProgress('both sides are compared in advance');
  const compared = { publisher: source, subscriber: target, target };
  const early = differencesOf(await compareTables(compared, state.tables));
  if (early !== undefined) onProgress(`in advance, which may only be on the way: ${early}`);
}

async function stopAndOpen(context: Context, state: MoveState): Promise<Switched> {
  const { source, target, wishes, onProgress } = context;
  const pids = { source: await pidOf(source), target: await pidOf(target) };
  await saveState(target, state);
  const stopped = new StoppedWrites(
    state.method === 'copy' ? COPY_SECONDS : wishes.writesStoppedSeconds,
    wishes.signal,
  );
  let isOpening = false;
  try {
    const freezing = freeze(source, { readOnly: true, seconds: CLOSE_SECONDS });
    const endedSessions = await stopped.wait('while the source was closed', freezing);
    onProgress('writes are stopped in the source');
    const moved = moveLast(context, state, stopped);
    const rows = await stopped.wait('while the last changes were moved and compared', moved);
    stopped.check('before the target was opened');
    isOpening = true;
    await stopped.wait('while the target was opened', openTarget(context, { ...state, pendingIndexes: [] }));
    const writesStoppedSeconds = stopped.seconds;
    onProgress(`the target is open, after ${writesStoppedSeconds.toFixed(1)} s without writes`);
    return { sentence: '', writesStoppedSeconds, rows, endedSessions };
  } catch (error) {
    if (isOpening && (await isOpen(target, pids.target))) return { sentence: '' };
    throw await takeBack(context, pids.source, state, error);
  }
}

/** The moment that counts: either the target is open, or nothing has happened. */
async function openTarget({ target }: Context, state: MoveState): Promise<void> {
  await target.client.query('BEGIN');
  await openGate(target);
  await saveState(target, { ...state, phase: 'opened', openedAt: new Date().toISOString() });
  await target.client.query('COMMIT');
}

/**
 * Asks whether the target was opened, after something failed while it was.
 * @throws Error with a sentence where nobody can know; then both stay closed
 */
async function isOpen(target: Side, pid: number): Promise<boolean> {
  try {
    return await afterSession(target, pid, async (fresh) => (await loadState(fresh))?.phase === 'opened');
  } catch (error) {
    throw new Error(
      `the target was lost in the moment in which it was opened, so it is not known whether it is open; the source stays closed, so that no row is lost; run cutover again when the target is back (${(error as Error).message})`,
      { cause: error },
    );
  }
}

/** Returns the source to writes after a cutover that failed. Returns the error that says so. */
async function takeBack({ source, target }: Context, pid: number, state: MoveState, cause: unknown): Promise<Error> {
  const why = (cause as Error).message;
  try {
    await afterSession(source, pid, thaw);
  } catch (error) {
    return new Error(
      `the cutover failed: ${why}; the target is not open; the source could not be returned to writes: ${(error as Error).message}; run back, which does it, when the source is reachable`,
      { cause },
    );
  }
  // Without it the next step knows the same from the source. A target that does not answer is not waited for.
  const saved = saveState(target, { ...state, phase: 'streaming' }).catch(() => undefined);
  await Promise.race([saved, sleep(2000, undefined, { ref: false })]);
  return new Error(`the cutover failed: ${why}; the source is writable again, untouched; the target is not open`, {
    cause,
  });
}

/** What remains once the target is open: it takes no time from anybody, and may be repeated. */
async function settle(context: Context, state: MoveState, switched: Partial<Switched>): Promise<Switched> {
  const { source, target, onProgress } = context;
  if (state.wayBack) await startWayBack(context);
  else await dropForward(context);
  if (!(await removeFence(target)))
    onProgress('the triggers of the open gate remain until finish; they refuse nothing');
  const { host, port, database } = target.address;
  const { host: oldHost, port: oldPort } = source.address;
  const back = state.wayBack
    ? 'its changes flow back to the source; back is possible until finish'
    : 'there is no way back; run finish';
  return {
    ...switched,
    sentence: `the target is open: switch DATABASE_URL to it, at ${host}:${port}/${database} or its proxy; the source at ${oldHost}:${oldPort} is closed for writes; ${back}`,
  };
}
