import type { ConnectOptions } from '../../contract/database-client';
import type { Child } from './child';
import type { Burst, BurstResult } from './load-client';
import { median, percentile } from './statistics';

/** Number of clients of the loaded measurement. */
const CLIENTS = 10;

/** How long a measurement takes. */
export interface Effort {
  /** Number of turns of each side. */
  readonly rounds: number;
  /** Longest time of a turn with one client, and of one with ten, ms. */
  readonly aloneMs: number;
  readonly loadedMs: number;
}

/** For figures that are judged. */
export const THOROUGH: Effort = { rounds: 3, aloneMs: 1500, loadedMs: 5000 };
/** For a quick look. */
export const QUICK: Effort = { rounds: 1, aloneMs: 300, loadedMs: 700 };

/** Enough for each session to have its final plan: PostgreSQL decides whether to use a generic plan after five executions. */
const WARM_UP = { clients: CLIENTS, milliseconds: 1000, atLeast: 1, atMost: 8 * CLIENTS };
const ALONE = { clients: 1, atLeast: 3, atMost: 200 };
const LOADED = { clients: CLIENTS, atLeast: CLIENTS, atMost: 1000 };

/** Times of one side. */
export interface SideFigures {
  /** One client. */
  readonly medianMs: number;
  readonly p95AloneMs: number;
  /** Ten clients. */
  readonly p95Ms: number;
  readonly medianLoadedMs: number;
  /** Number of answers that the figures are computed from. */
  readonly samples: { readonly alone: number; readonly loaded: number };
}

/** A statement and the database to run it in. */
interface Asked {
  readonly login: ConnectOptions;
  readonly sql: string;
}

/**
 * Measures several sides in turn, so that whatever else the machine does disturbs all of them alike. Each burst starts with the first set
 * of values; a slow side gets through fewer of them in its time.
 */
export async function measureSides(
  client: Child,
  sides: readonly Asked[],
  values: readonly (readonly string[])[],
  { rounds, aloneMs, loadedMs }: Effort,
): Promise<SideFigures[]> {
  const burst = async (side: Asked, how: Omit<Burst, 'login' | 'sql' | 'values'>) =>
    (await client.ask<BurstResult>({ ...side, values, ...how } satisfies Burst)).times;
  for (const side of sides) await burst(side, WARM_UP);
  const times = sides.map(() => ({ alone: [] as number[], loaded: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    for (const [i, side] of sides.entries()) {
      times[i]?.alone.push(...(await burst(side, { ...ALONE, milliseconds: aloneMs })));
      times[i]?.loaded.push(...(await burst(side, { ...LOADED, milliseconds: loadedMs })));
    }
  }
  await client.ask('close');
  return times.map(({ alone, loaded }) => ({
    medianMs: median(alone),
    p95AloneMs: percentile(alone, 0.95),
    p95Ms: percentile(loaded, 0.95),
    medianLoadedMs: median(loaded),
    samples: { alone: alone.length, loaded: loaded.length },
  }));
}
