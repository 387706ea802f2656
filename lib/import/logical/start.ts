import { setTimeout as sleep } from 'node:timers/promises';
import { escapeIdentifier } from 'pg';
import type { Context } from '../context';
import { streamIn } from '../context';
import { closeGate, passGate, removeFence } from '../fence';
import { formatCount } from '../../shared/formats';
import type { MovedTable } from '../plan/moved-table';
import type { MoveState } from '../state/state';
import { dropState, saveState } from '../state/store';
import { guardSource } from './guard';
import { buildIndex, dropIndexes, secondaryIndexes } from './indexes';
import { MOVING_IN } from './names';
import { dropPublication, dropSlot, dropTableSlots, makePublication, makeSlot, slotOf } from './publication';
import {
  dropSubscription,
  makeSubscription,
  setSubscription,
  subscriptionOf,
  type TableProgress,
  tableProgress,
} from './subscription';

const POLL_MS = 500;

/**
 * Lets changes flow from the source into the target, after a copy of all rows; goes on where an earlier call was killed.
 * @throws Error with a sentence where the stream cannot begin; then nothing is left of it in the source
 */
export async function startStream(context: Context, state: MoveState): Promise<MoveState> {
  const { source, target, onProgress } = context;
  const slot = await slotOf(source, MOVING_IN);
  const subscription = await subscriptionOf(target, MOVING_IN);
  const isWhole = slot && slot.walStatus !== 'lost' && subscription;
  if (state.phase === 'streaming' && isWhole) {
    if (!subscription.enabled) await setSubscription(target, MOVING_IN, 'ENABLE');
    return state;
  }
  if (state.phase === 'streaming')
    onProgress('the slot of the stream is lost; everything is copied from the beginning');
  let begun = await emptyTarget(context, { ...state, phase: 'preparing' });
  try {
    await makePublication(source, MOVING_IN, state.tables);
    await makeSlot(source, MOVING_IN);
    begun = await withoutIndexes(context, begun);
    await makeSubscription(target, MOVING_IN, { copy: true, enabled: true, from: streamIn(context) });
  } catch (error) {
    await undo(context, begun);
    throw error;
  }
  const streaming: MoveState = { ...begun, phase: 'streaming' };
  await saveState(target, streaming);
  onProgress(`${state.tables.length} tables are copied; changes follow`);
  return streaming;
}

/** Removes what an earlier stream left, and its rows: a copy begins with empty tables. */
async function emptyTarget({ source, target }: Context, state: MoveState): Promise<MoveState> {
  await saveState(target, state);
  const old = await subscriptionOf(target, MOVING_IN);
  if (old) {
    await dropSubscription(target, MOVING_IN);
    await dropTableSlots(source, old.oid);
  }
  await dropSlot(source, MOVING_IN);
  await closeGate(target, { tables: state.tables.map(({ name }) => name), lockMs: 10_000 });
  await truncate(target, state.tables);
  return state;
}

/** Empties the tables that are moved, which only this import has filled. */
export async function truncate(target: Context['target'], tables: readonly MovedTable[]): Promise<void> {
  await passGate(target);
  await target.client.query(`TRUNCATE ${tables.map(({ name }) => `public.${escapeIdentifier(name)}`).join(', ')}`);
}

/** Drops the indexes that are built after the copy. Their definitions are kept before that, so that a killed start loses none. */
export async function withoutIndexes(
  { target, wishes }: Pick<Context, 'target' | 'wishes'>,
  state: MoveState,
): Promise<MoveState> {
  if (wishes.indexes === 'first') return state;
  const indexes = await secondaryIndexes(target, state.tables);
  const pending = {
    ...state,
    pendingIndexes: [...new Set([...state.pendingIndexes, ...indexes.map(({ definition }) => definition)])],
  };
  await saveState(target, pending);
  await dropIndexes(
    target,
    indexes.map(({ name }) => name),
  );
  return pending;
}

/** Takes back a start that failed: both databases are as before. */
async function undo({ source, target }: Context, state: MoveState): Promise<void> {
  await dropSlot(source, MOVING_IN);
  await dropPublication(source, MOVING_IN);
  for (const definition of state.pendingIndexes) await buildIndex(target, definition);
  await removeFence(target);
  await dropState(target);
}

/**
 * Waits until all rows are copied and builds the indexes. It may be ended at any time; the copy goes on.
 * @throws Error with a sentence where the slot had to be dropped
 */
export async function followCopy(context: Context, state: MoveState): Promise<MoveState> {
  const { source, target, wishes, onProgress } = context;
  const report = copyReporter(state, onProgress);
  for (;;) {
    const dropped = await guardSource(source, wishes.slotLimitBytes);
    if (dropped !== undefined) throw new Error(dropped);
    const progress = await tableProgress(target, MOVING_IN);
    report(progress);
    if (progress.length > 0 && progress.every((table) => table.state === 'streaming')) break;
    const subscription = await subscriptionOf(target, MOVING_IN);
    if ((subscription?.copyErrors ?? 0) >= 3) throw new Error(copyRefused(subscription?.copyErrors ?? 0));
    wishes.signal?.throwIfAborted();
    await sleep(POLL_MS);
  }
  return buildIndexes(context, state);
}

function copyRefused(errors: number): string {
  return `the target has refused the copy of a table ${errors} times; it tries on, nothing is lost, and the source is writable; the target's log has the row and the reason; correct the row in the source, then run start again`;
}

/** Builds the indexes that are pending. */
export async function buildIndexes(
  { target, onProgress }: Pick<Context, 'target' | 'onProgress'>,
  state: MoveState,
): Promise<MoveState> {
  if (state.pendingIndexes.length === 0) return state;
  onProgress(`all rows are copied; ${state.pendingIndexes.length} indexes are built`);
  for (const definition of state.pendingIndexes) await buildIndex(target, definition);
  const built = { ...state, pendingIndexes: [] };
  await saveState(target, built);
  return built;
}

/** Reports each table once when it is copied, and every ten seconds what is being copied. */
function copyReporter(
  state: MoveState,
  onProgress: (line: string) => void,
): (progress: readonly TableProgress[]) => void {
  const started = Date.now();
  const done = new Set<string>();
  let last = started;
  return (progress) => {
    for (const { name } of progress.filter((table) => table.state === 'streaming' && !done.has(table.name))) {
      done.add(name);
      onProgress(`${name} is copied (${done.size} of ${progress.length})`);
    }
    if (Date.now() - last < 10_000) return;
    last = Date.now();
    for (const { name, rows } of progress.filter((table) => table.state === 'copying')) {
      const all = state.tables.find((table) => table.name === name)?.rows ?? 0;
      const perSecond = Math.round(rows / ((Date.now() - started) / 1000));
      onProgress(
        `${name}: ${formatCount(rows)} of about ${formatCount(Math.max(0, all))} rows, ${formatCount(perSecond)} a second`,
      );
    }
  };
}
