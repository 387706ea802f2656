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

/** A session, and the names of the statements that it has prepared. */
interface Client {
  readonly session: Session;
  readonly prepared: Map<string, string>;
}

/** By database. */
const clientsOf = new Map<string, Client[]>();

/** A closed loop: each client asks again as soon as it has its answer. Sessions and prepared statements are kept until the process ends. */
async function run({ login, sql, values, clients, milliseconds, atLeast, atMost }: Burst): Promise<BurstResult> {
  const open = clientsOf.get(login.database) ?? [];
  clientsOf.set(login.database, open);
  while (open.length < clients) open.push({ session: await Session.open(login), prepared: new Map() });
  const taking = open.slice(0, clients);
  for (const each of taking) await prepare(each, sql);
  const times: number[] = [];
  let asked = 0;
  let rows = 0;
  const started = performance.now();
  const client = async ({ session, prepared }: Client): Promise<void> => {
    const statement = prepared.get(sql)!;
    while (asked < atMost && (asked < atLeast || performance.now() - started < milliseconds)) {
      const set = values[asked++ % values.length] ?? [];
      const before = performance.now();
      rows += await session.ask(statement, set);
      times.push(performance.now() - before);
    }
  };
  await Promise.all(taking.map(client));
  return { times, rows };
}

async function prepare({ session, prepared }: Client, sql: string): Promise<void> {
  if (prepared.has(sql)) return;
  const name = `asked_${prepared.size}`;
  await session.prepare(name, sql);
  prepared.set(sql, name);
}

// Started as a child process, so that reading the answers takes no time of the process that measures.
process.on('message', (burst: Burst) => {
  run(burst).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
