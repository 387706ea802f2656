import type { Client, Connection } from 'pg';

/** Time that is kept for the answer when the work is abandoned, milliseconds. */
export const TIME_RESERVE_MS = 15_000;

/**
 * Does work on a session, and abandons it shortly before the function's time is over: Lambda's own message would name neither the
 * migration nor what to do.
 * @param timeLeftMs time until Lambda stops the function; undefined: no limit
 * @param work receives a function that it calls with the name of each migration before it begins
 * @throws Error when the time is over; the connection is closed then
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
      reject(
        new Error(
          `the function's time ran out during ${current}; the server completes a concurrent index build and rolls anything else back: deploy again to continue`,
        ),
      );
      // Not end(), which would wait for the statement.
      (client as Client & { connection: Connection }).connection.stream.destroy();
    }, timeLeftMs - TIME_RESERVE_MS);
  });
  try {
    return await Promise.race([working, timeOver]);
  } finally {
    clearTimeout(timer);
  }
}
