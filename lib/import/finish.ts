import { type Context } from './context';
import { thaw } from './cutover/freeze';
import { removeFence } from './fence';
import { buildIndexes, truncate } from './logical/start';
import { dropForward, dropWayBack } from './reverse/way-back';
import { dropState, lockImport, requireState } from './state/store';

/**
 * Ends an import, and forgets it: after a cutover there is no way back from here on; before one, it is given up.
 * @throws Error with a sentence while a cutover or a return is half done
 */
export async function finish(context: Context): Promise<string> {
  const { source, target } = context;
  await lockImport(context);
  const state = await requireState(target, source);
  if (state.phase === 'cutting-over' || state.phase === 'returning')
    throw new Error(
      `a step was interrupted while the import was ${state.phase}; run ${state.phase === 'returning' ? 'back' : 'cutover or back'} first; nothing was changed`,
    );
  await dropForward(context);
  await dropWayBack(context);
  const isGivenUp = state.phase === 'preparing' || state.phase === 'streaming';
  if (isGivenUp) {
    await thaw(source);
    await truncate(target, state.tables);
    await buildIndexes(context, state);
  }
  if (!(await removeFence(target, 10_000)))
    throw new Error('a transaction in the target keeps a table from being opened; end it, and run finish again');
  await dropState(target);
  if (isGivenUp)
    return 'the import is given up: the source is writable and as it was, the tables of the target are empty again';
  if (state.phase === 'returned')
    return 'the import has ended: the source is writable; the target has the rows as they were at the return: empty its tables before another start';
  return `the import has ended: the target is open, and there is no way back; the source stays closed for writes; to write there all the same: DROP SCHEMA import_fence CASCADE; ALTER DATABASE ${source.address.database} RESET default_transaction_read_only`;
}
