import type { Client } from 'pg';
import { open } from '../shared/connection/open';
import type { Target } from '../shared/connection/target';

/**
 * Logs in to the database to score. The session's name is `readiness`.
 * @throws Error with a sentence; nothing of it is secret
 */
export function logIn(target: Target): Promise<Client> {
  return open(target, { name: 'readiness', failure: 'no check could run on' });
}
