import { setTimeout as sleep } from 'node:timers/promises';
import { confirmedAt, position } from '../logical/publication';
import type { MoveState } from '../state/state';
import type { Side } from '../session';
import { type Compared, compareTables, differencesOf } from './compare';

const POLL_MS = 20;

/** The time without writes: how long it lasts, and when it must end. */
export class StoppedWrites {
  private readonly began = Date.now();

  constructor(
    private readonly limitSeconds: number,
    private readonly signal: AbortSignal | undefined,
  ) {}

  get seconds(): number {
    return (Date.now() - this.began) / 1000;
  }

  /** Seconds that are left. */
  get left(): number {
    return this.limitSeconds - this.seconds;
  }

  /**
   * Waits for something no longer than the time that is left: a server that cannot be reached any more answers nothing, not even an error.
   * @throws Error with a sentence when the time is over; else what the promise throws
   */
  async wait<Result>(during: string, promise: Promise<Result>): Promise<Result> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.isOver(during)), Math.max(0, this.left * 1000));
    });
    // Where the time is over first, its error has no other listener.
    promise.catch(() => undefined);
    try {
      return await Promise.race([promise, over]);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * @throws Error with a sentence when the time is over, or somebody interrupts it
   */
  check(during: string): void {
    if (this.signal?.aborted) throw new Error(`interrupted ${during}`);
    if (this.left <= 0) throw this.isOver(during);
  }

  private isOver(during: string): Error {
    return new Error(`writes were stopped for ${this.limitSeconds} s, the limit of --writes-stopped, ${during}`);
  }
}

/** How long the subscriber may be away while the last changes are awaited, milliseconds: a worker that begins again takes less. */
const AWAY_MS = 3000;

/**
 * Waits until all that a side has written is on the other side.
 * @throws Error with a sentence when the time is over, or the subscriber stays away
 */
export async function untilArrived(publisher: Side, slot: string, stopped: StoppedWrites): Promise<void> {
  const last = await position(publisher);
  let seenAt = Date.now();
  for (;;) {
    const { confirmed, active } = await confirmedAt(publisher, slot, last);
    if (confirmed) return;
    if (active) seenAt = Date.now();
    if (Date.now() - seenAt > AWAY_MS)
      throw new Error('the stream was interrupted while the last changes were on their way');
    stopped.check('while the last changes were on their way');
    await sleep(POLL_MS);
  }
}

/**
 * Compares all tables at the end, within the time that is left.
 * @throws Error with a sentence where they differ
 */
export async function requireEqual(sides: Compared, { tables }: MoveState, stopped: StoppedWrites): Promise<number> {
  const all = [sides.publisher, sides.subscriber];
  const milliseconds = Math.max(1, Math.ceil(stopped.left * 1000));
  for (const { client } of all) await client.query(`SET statement_timeout = ${milliseconds}`);
  try {
    const comparisons = await compareTables(sides, tables);
    const differences = differencesOf(comparisons);
    if (differences !== undefined) throw new Error(`the two databases differ: ${differences}`);
    stopped.check('while the tables were compared');
    return comparisons.reduce((sum, { rows }) => sum + rows, 0);
  } catch (error) {
    if ((error as { code?: string }).code === '57014') stopped.check('while the tables were compared');
    throw error;
  } finally {
    for (const { client } of all) await client.query('SET statement_timeout = 0').catch(() => undefined);
  }
}
