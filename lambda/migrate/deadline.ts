import type { Client, Connection } from 'pg';

/** What is left for the answer when the work is given up, milliseconds. */
export const TIME_RESERVE_MS = 15_000;

/**
 * Does work on a session, and gives it up shortly before the function's time is over, because what Lambda itself says then names
 * neither the migration nor what to do.
 * @param timeLeftMs without, the work takes the time it needs
 * @param work is given a function to tell the name of what begins
 * @throws Error when the time is over; the session is cut off then
 */
export async function inTime<T>(
  client: Client,
  timeLeftMs: number | undefined,
  work: (begins: (name: string) => void) => Promise<T>,
): Promise<T> {
  let current = 'the wait for another run';
  const working = work((name) => (current = name));
  if (timeLeftMs === undefined) return working;
  let timer: NodeJS.Timeout | undefined;
  const timeOver = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`the function's time ran out while ${current} was at work; the server completes an index built concurrently and rolls anything else back: deploy again, and the run goes on from there`)); // prettier-ignore
      // Not end(), which waits for the statement.
      (client as Client & { connection: Connection }).connection.stream.destroy();
    }, timeLeftMs - TIME_RESERVE_MS);
  });
  try {
    return await Promise.race([working, timeOver]);
  } finally {
    clearTimeout(timer);
  }
}
