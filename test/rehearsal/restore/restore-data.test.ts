import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { keepHeartbeat } from '../../../lib/rehearsal/restore/restore-data';

function sessionThat(query: () => Promise<unknown>): Client {
  return { query } as unknown as Client;
}

test('the error of a heartbeat is thrown when it is stopped, and does not end the process before', async () => {
  const unhandled: unknown[] = [];
  const listener = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', listener);
  let beats = 0;
  const stop = keepHeartbeat(sessionThat(() => Promise.reject(new Error(`beat ${(beats += 1)} failed`))));
  await sleep(120);
  await expect(stop()).rejects.toThrow('beat 1 failed');
  expect(beats).toBeGreaterThan(1);
  process.off('unhandledRejection', listener);
  expect(unhandled).toEqual([]);
});

test('after it is stopped nothing is written any more', async () => {
  let beats = 0;
  const stop = keepHeartbeat(sessionThat(() => Promise.resolve((beats += 1))));
  await sleep(120);
  await stop();
  const written = beats;
  await sleep(120);
  expect(written).toBeGreaterThan(1);
  expect(beats).toBe(written);
});
