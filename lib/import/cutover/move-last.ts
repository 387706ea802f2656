import { escapeIdentifier } from 'pg';
import type { Context } from '../context';
import { copyTables } from '../copy/copy-tables';
import { buildIndexes } from '../logical/start';
import { MOVING_IN } from '../logical/names';
import { skipToNow } from '../reverse/way-back';
import type { MoveState } from '../state/state';
import { copySequences } from './sequences';
import { requireEqual, type StoppedWrites, untilArrived } from './stopped';

/**
 * Moves what is not in the target yet while nobody writes, and proves that both sides are equal: by replication the last changes, by copy
 * all rows. Returns the number of rows.
 */
export async function moveLast(context: Context, state: MoveState, stopped: StoppedWrites): Promise<number> {
  const { source, target } = context;
  if (state.method === 'copy') {
    await copyTables(context, state.tables, () => stopped.check('while the rows were copied'));
    await buildIndexes(context, state);
    await analyze(context, state);
  } else await untilArrived(source, MOVING_IN, stopped);
  const rows = await requireEqual({ publisher: source, subscriber: target, target }, state, stopped);
  await copySequences(source, target);
  if (state.wayBack) await skipToNow(context);
  return rows;
}

/** Gives the planner statistics of the new rows. */
export async function analyze({ target, onProgress }: Context, { tables }: MoveState): Promise<void> {
  onProgress('the target is analyzed');
  for (const { name } of tables) await target.client.query(`ANALYZE public.${escapeIdentifier(name)}`);
}
