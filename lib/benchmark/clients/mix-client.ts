import type { ConnectOptions } from '../../contract/database-client';
import { Session } from './session';

/** A request: numbers of statements, each with the numbers of its values in a set. */
interface PreparedRequest {
  readonly statements: readonly { readonly statement: number; readonly values: readonly number[] }[];
}

/** Requests at a constant rate. */
export interface MixRun {
  readonly login: ConnectOptions;
  /** Sessions that serve the requests, as those of a proxy. */
  readonly sessions: number;
  readonly statements: readonly string[];
  readonly requests: readonly PreparedRequest[];
  /** Which request is sent n-th. */
  readonly order: readonly number[];
  /** Sets of values: the n-th request takes the n-th set, and the first follows the last. */
  readonly values: readonly (readonly string[])[];
  /** Requests a second. */
  readonly rate: number;
  /** No request begins later than this after the start; those that are still due are given up, ms. */
  readonly longestMs: number;
}

/** What became of the requests. */
export interface MixResult {
  /** Of each answered request: from when it was due, not from when a session was free for it, until its answer, ms. */
  readonly times: readonly number[];
  /** Until the last answer, seconds. */
  readonly seconds: number;
}

let open: { readonly key: string; readonly sessions: Session[] } | undefined;

/** An open loop: requests are due at their times, however slow the answers are. */
async function run({
  login,
  sessions,
  statements,
  requests,
  order,
  values,
  rate,
  longestMs,
}: MixRun): Promise<MixResult> {
  const free = await sessionsOf(login, sessions, statements);
  const times: number[] = [];
  const started = performance.now();
  let next = 0;
  const serve = async (session: Session): Promise<void> => {
    while (next < order.length) {
      const number = next++;
      const due = started + (number * 1000) / rate;
      const early = due - performance.now();
      if (early > 0) await sleep(early);
      else if (performance.now() - started > longestMs) return;
      const set = values[number % values.length] ?? [];
      for (const { statement, values: numbers } of requests[order[number]!]!.statements) {
        await session.ask(
          `s${statement}`,
          numbers.map((index) => set[index]!),
        );
      }
      times.push(performance.now() - due);
    }
  };
  await Promise.all(free.map(serve));
  return { times, seconds: (performance.now() - started) / 1000 };
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Sessions of a database, with every statement prepared; those of another database are closed. */
async function sessionsOf(login: ConnectOptions, count: number, statements: readonly string[]): Promise<Session[]> {
  const key = `${login.database} ${count}`;
  if (open?.key === key) return open.sessions;
  await closeAll();
  const sessions = await Promise.all(Array.from({ length: count }, () => Session.open(login)));
  for (const session of sessions) for (const [i, sql] of statements.entries()) await session.prepare(`s${i}`, sql);
  open = { key, sessions };
  return sessions;
}

async function closeAll(): Promise<MixResult> {
  await Promise.all(open?.sessions.map((session) => session.end()) ?? []);
  open = undefined;
  return { times: [], seconds: 0 };
}

// Started as a child process, so that reading the answers takes no time of the process that measures.
process.on('message', (message: MixRun | 'close') => {
  (message === 'close' ? closeAll() : run(message)).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
