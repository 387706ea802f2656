import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * A free port of 127.0.0.1.
 * @throws Error when the operating system returns none
 */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the operating system returned no free port');
  return address.port;
}
