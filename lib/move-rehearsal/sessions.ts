import type { Client } from 'pg';
import { open } from '../shared/connection/open';
import type { Target } from '../shared/connection/target';

/** Opens a session of a client of the application. */
export function session(database: Target): Promise<Client> {
  return open(database, {
    name: 'application',
    failure: 'a client of the application cannot log in, at',
    answerSeconds: 0,
  });
}

/** Runs statements in a session of their own; returns the rows of the last one. */
export async function run<Row extends object>(database: Target, ...statements: string[]): Promise<Row[]> {
  const client = await session(database);
  try {
    let rows: Row[] = [];
    for (const statement of statements) rows = (await client.query<Row>(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}
