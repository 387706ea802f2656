import type { Context } from './context';
import { followCopy, startStream, withoutIndexes } from './logical/start';
import { closeGate } from './fence';
import { makePlan } from './plan/plan';
import { blockingText, planText } from './plan/text';
import type { MoveState } from './state/state';
import { idOf, loadState, lockImport, makeStateSchema, nameOf, requireSource, saveState } from './state/store';

/**
 * Begins an import, or goes on with one that was killed. Writes go on in the source; the target is closed for applications.
 * @throws Error with a sentence where something stands in the way
 */
export async function start(context: Context): Promise<string> {
  const { source, target, onProgress } = context;
  await lockImport(context);
  const known = await loadState(target);
  if (known) await requireSource(known, source);
  if (known && !['preparing', 'streaming'].includes(known.phase)) throw new Error(tooLate(known));
  const state = known ?? (await begin(context));
  if (state.method === 'copy') return startCopy(context, state);
  const streaming = await startStream(context, state);
  await followCopy(context, streaming);
  onProgress('every change of the source reaches the target within moments');
  return 'all rows are copied and changes follow; the source is writable; next: status, then cutover';
}

async function begin(context: Context): Promise<MoveState> {
  const { source, target, wishes, onProgress } = context;
  const { plan, moved } = await makePlan(context, wishes);
  if (!plan.ok) throw new Error(`${blockingText(plan)}\nnothing was changed`);
  onProgress(
    planText(plan)
      .split('\n')
      .find((line) => line.startsWith('copy:')) ?? 'planned',
  );
  await makeStateSchema(target);
  const state: MoveState = {
    phase: 'preparing',
    method: wishes.method,
    source: nameOf(source),
    sourceId: await idOf(source),
    wayBack: wishes.wayBack,
    tables: moved,
    pendingIndexes: [],
    startedAt: new Date().toISOString(),
  };
  await saveState(target, state);
  return state;
}

/** By copy nothing flows yet: rows are copied in the window of the cutover. */
async function startCopy({ target, wishes }: Context, state: MoveState): Promise<string> {
  await closeGate(target, { tables: state.tables.map(({ name }) => name), lockMs: 10_000 });
  const ready = await withoutIndexes({ target, wishes }, state);
  await saveState(target, { ...ready, phase: 'streaming' });
  return 'the target is closed and ready; the source is writable; next: cutover in the planned window, which stops writes for the whole copy';
}

function tooLate({ phase }: MoveState): string {
  const what = {
    'cutting-over': 'a cutover was interrupted; run cutover to go on with it, or back to return the source to writes',
    opened: 'the target is open already; run back to return, or finish to end the import',
    returning: 'a return was interrupted; run back to go on with it',
    returned: 'the source is open again; run finish, empty the tables of the target, and start again',
    preparing: '',
    streaming: '',
  }[phase];
  return `nothing to start: ${what}`;
}
