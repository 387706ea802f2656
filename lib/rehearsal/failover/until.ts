import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 10;

/**
 * Waits until a condition holds.
 * @param seconds longest time to wait, of this machine's clock
 * @returns false where it did not hold in time
 */
export async function holdsWithin(seconds: number, condition: () => boolean | Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + seconds * 1000;
  while (!(await condition())) {
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/**
 * Waits until a condition holds.
 * @param missing what did not happen, such as `replica-1 did not stop receiving WAL`; a function is asked when the time is over
 * @throws Error with that and the time
 */
export async function untilHolds(
  seconds: number,
  missing: string | (() => string),
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  if (await holdsWithin(seconds, condition)) return;
  throw new Error(`${typeof missing === 'string' ? missing : missing()} within ${seconds} s`);
}
