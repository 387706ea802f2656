import type { ConnectOptions } from '../../contract/database-client';
import { Session } from './session';

/** One statement, asked by a number of clients for some time. */
export interface Burst {
  readonly login: ConnectOptions;
  readonly sql: string;
  /** Sets of values: the n-th execution of a burst takes the n-th set, and the first follows the last. */
  readonly values: readonly (readonly string[])[];
  readonly clients: number;
  /** No execution begins after this time, once there were `atLeast`. */
  readonly milliseconds: number;
  readonly atLeast: number;
  /** Largest number of executions, whatever the time. */
  readonly atMost: number;
}

/** Time of each execution, ms, and the number of rows that all of them returned. */
export interface BurstResult {
  readonly times: number[];
  readonly rows: number;
}

const sessions = new Map<string, Session[]>();

/** A closed loop: each client asks again as soon as it has its answer. Sessions and prepared statements are kept for the next burst. */
async function run({ login, sql, values, clients, milliseconds, atLeast, atMost }: Burst): Promise<BurstResult> {
  const key = `${login.database} ${sql}`;
  const open = sessions.get(key) ?? [];
  sessions.set(key, open);
  while (open.length < clients) {
    const session = await Session.open(login);
    await session.prepare('asked', sql);
    open.push(session);
  }
  const times: number[] = [];
  let asked = 0;
  let rows = 0;
  const started = performance.now();
  const client = async (session: Session): Promise<void> => {
    while (asked < atMost && (asked < atLeast || performance.now() - started < milliseconds)) {
      const set = values[asked++ % values.length] ?? [];
      const before = performance.now();
      rows += await session.ask('asked', set);
      times.push(performance.now() - before);
    }
  };
  await Promise.all(open.slice(0, clients).map(client));
  return { times, rows };
}

async function closeAll(): Promise<BurstResult> {
  await Promise.all([...sessions.values()].flat().map((session) => session.end()));
  sessions.clear();
  return { times: [], rows: 0 };
}

// Started as a child process, so that reading the answers takes no time of the process that measures.
process.on('message', (burst: Burst | 'close') => {
  (burst === 'close' ? closeAll() : run(burst)).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
