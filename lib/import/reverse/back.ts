import type { Context } from '../context';
import { compareTables, forgetChecked } from '../cutover/compare';
import type { Switched } from '../cutover/cutover';
import { allowWrites, freeze, thaw } from '../cutover/freeze';
import { copySequences } from '../cutover/sequences';
import { requireEqual, StoppedWrites, untilArrived } from '../cutover/stopped';
import { gateOf, openGate } from '../fence';
import { MOVING_BACK } from '../logical/names';
import { afterSession, pidOf, type Side } from '../session';
import type { MoveState } from '../state/state';
import { lockImport, requireState, saveState } from '../state/store';
import { CUTOVER_LAG_BYTES, runningStream } from '../status';
import { dropWayBack } from './way-back';

/** Longest time to close the target, seconds. */
const CLOSE_SECONDS = 6;

/**
 * Moves the writes back to the source, with all that was written in the target. Before the target was open, it returns the source to
 * writes after a cutover that was killed.
 * @throws Error with a sentence that says which of the two is writable
 */
export async function back(context: Context): Promise<Switched> {
  const { source, target } = context;
  await lockImport(context);
  const state = await requireState(target, source);
  switch (state.phase) {
    case 'preparing':
    case 'streaming':
    case 'cutting-over':
      await thaw(source);
      if (state.phase === 'cutting-over') await saveState(target, { ...state, phase: 'streaming' });
      return {
        sentence:
          'the target was never open, so nothing has to come back; the source is writable; the import goes on: see status',
      };
    case 'opened':
    case 'returning':
      return comeBack(context, state);
    case 'returned':
      return settle(context, state, {});
  }
}

async function comeBack(context: Context, state: MoveState): Promise<Switched> {
  const { source, target, onProgress } = context;
  if (!state.wayBack)
    throw new Error('this import has no way back (--no-way-back); the target stays open; nothing was changed');
  if (state.phase === 'returning') {
    // A return that was killed: after the source was open, which may have been written since, or before.
    if ((await gateOf(source)) !== 'closed') return settle(context, state, {});
    await thaw(target);
    await saveState(target, { ...state, phase: 'opened' });
    onProgress('an earlier return was interrupted; the target is writable again, and this one begins');
  }
  const stream = await runningStream(target, source, MOVING_BACK);
  if (!stream)
    throw new Error(
      'no return now: the stream to the source is interrupted; see status; the target is open and nothing was changed',
    );
  if (stream.lagBytes > CUTOVER_LAG_BYTES)
    throw new Error(
      `no return now: the source is ${stream.lagBytes} bytes behind; wait; the target is open and nothing was changed`,
    );
  onProgress('both sides are compared in advance');
  await forgetChecked(target);
  await compareTables({ publisher: target, subscriber: source, target }, state.tables);
  const switched = await stopAndOpen(context, { ...state, phase: 'returning' });
  return settle(context, { ...state, phase: 'returning' }, switched);
}

async function stopAndOpen(context: Context, state: MoveState): Promise<Switched> {
  const { source, target, wishes, onProgress } = context;
  const pids = { source: await pidOf(source), target: await pidOf(target) };
  await saveState(target, state);
  const stopped = new StoppedWrites(wishes.writesStoppedSeconds, wishes.signal);
  let isOpening = false;
  try {
    // Functions and people go on to work with the other tables of the target, so its sessions are not read-only.
    const tables = state.tables.map(({ name }) => name);
    const freezing = freeze(target, { tables, readOnly: false, seconds: CLOSE_SECONDS });
    const endedSessions = await stopped.wait('while the target was closed', freezing);
    onProgress('writes are stopped in the target');
    const moved = moveLast(context, state, stopped);
    const rows = await stopped.wait('while the last changes were moved and compared', moved);
    stopped.check('before the source was opened');
    isOpening = true;
    await stopped.wait('while the source was opened', openGate(source));
    const writesStoppedSeconds = stopped.seconds;
    onProgress(`the source is open, after ${writesStoppedSeconds.toFixed(1)} s without writes`);
    return { sentence: '', writesStoppedSeconds, rows, endedSessions };
  } catch (error) {
    if (isOpening && (await isSourceOpen(source, pids.source))) return { sentence: '' };
    throw await takeBack(target, pids.target, state, error);
  }
}

async function moveLast({ source, target }: Context, state: MoveState, stopped: StoppedWrites): Promise<number> {
  await untilArrived(target, MOVING_BACK, stopped);
  const rows = await requireEqual({ publisher: target, subscriber: source, target }, state, stopped);
  await copySequences(target, source);
  // New sessions may write as soon as the gate is open.
  await allowWrites(source);
  return rows;
}

/**
 * Asks whether the source was opened, after something failed while it was.
 * @throws Error with a sentence where nobody can know; then both stay closed
 */
async function isSourceOpen(source: Side, pid: number): Promise<boolean> {
  try {
    return await afterSession(source, pid, async (fresh) => (await gateOf(fresh)) !== 'closed');
  } catch (error) {
    throw new Error(
      `the source was lost in the moment in which it was opened, so it is not known whether it is open; the target stays closed, so that no row is lost; run back again when the source is back (${(error as Error).message})`,
      { cause: error },
    );
  }
}

async function takeBack(target: Side, pid: number, state: MoveState, cause: unknown): Promise<Error> {
  const why = (cause as Error).message;
  try {
    await afterSession(target, pid, async (fresh) => {
      await thaw(fresh);
      await saveState(fresh, { ...state, phase: 'opened' });
    });
  } catch (error) {
    return new Error(
      `the return failed: ${why}; the source is not open; the target could not be opened again: ${(error as Error).message}; run back again when it is reachable`,
      { cause },
    );
  }
  return new Error(`the return failed: ${why}; the target is writable again, untouched; the source is not open`, {
    cause,
  });
}

async function settle(context: Context, state: MoveState, switched: Partial<Switched>): Promise<Switched> {
  const { source, target } = context;
  await thaw(source);
  await dropWayBack(context);
  await saveState(target, { ...state, phase: 'returned', returnedAt: new Date().toISOString() });
  const { host, port, database } = source.address;
  return {
    ...switched,
    sentence: `the source is open again: switch DATABASE_URL to it, at ${host}:${port}/${database}; the target is closed for writes; run finish`,
  };
}
