import { setTimeout as sleep } from 'node:timers/promises';
import { guardSource } from './logical/guard';
import { runStep, type StepInput, type StepResult } from './run';
import { closeSession, openSession } from './session';

/** Time between two looks, seconds. */
const SECONDS = 10;

/**
 * Looks at an import again and again, and drops its slot before the source's disk fills, also while the target cannot be reached. Ends when
 * it is interrupted, or when the slot was dropped.
 */
export async function watch(input: StepInput): Promise<StepResult> {
  const { onProgress, wishes } = input;
  let last: StepResult = { text: 'nothing was seen', json: { sentence: 'nothing was seen' }, ok: false };
  while (!wishes.signal?.aborted) {
    try {
      last = await runStep('status', input);
      onProgress(last.text.split('\n').slice(-3).join('; '));
    } catch (error) {
      onProgress((error as Error).message);
      const dropped = await guardAlone(input);
      if (dropped !== undefined) return { text: dropped, json: { sentence: dropped }, ok: false };
    }
    await sleep(SECONDS * 1000, undefined, { signal: wishes.signal }).catch(() => undefined);
  }
  return last;
}

/** Guards the source without the target; undefined: the limit is not reached, or the source cannot be reached either. */
async function guardAlone({ from, wishes }: StepInput): Promise<string | undefined> {
  try {
    const client = await openSession(from, 'source');
    try {
      return await guardSource({ name: 'source', address: from, client }, wishes.slotLimitBytes);
    } finally {
      await closeSession(client);
    }
  } catch {
    return undefined;
  }
}
