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

/** Times of one side. Each is the median of the turns, so that a disturbed turn does not decide. */
export interface SideFigures {
  /** One client. */
  readonly medianMs: number;
  readonly p95AloneMs: number;
  /** Ten clients. */
  readonly p95Ms: number;
  readonly medianLoadedMs: number;
  /** Number of answers that the figures are computed from. */
  readonly samples: { readonly alone: number; readonly loaded: number };
  /** Each turn. */
  readonly turns: readonly Turn[];
}

/** Times of one turn: one client's median, and p95 of ten clients. */
interface Turn {
  readonly medianMs: number;
  readonly p95Ms: number;
}

/** A statement, the database to run it in, and sets of values. */
interface Asked {
  readonly login: ConnectOptions;
  readonly sql: string;
  readonly values: readonly (readonly string[])[];
}

/**
 * Measures several sides in turn, so that whatever else the machine does disturbs all of them alike. Each burst starts with the first set
 * of values; a slow side gets through fewer of them in its time.
 */
export async function measureSides(
  client: Child,
  sides: readonly Asked[],
  { rounds, aloneMs, loadedMs }: Effort,
): Promise<SideFigures[]> {
  const burst = async (side: Asked, how: Omit<Burst, keyof Asked>) =>
    (await client.ask<BurstResult>({ ...side, ...how } satisfies Burst)).times;
  for (const side of sides) await burst(side, WARM_UP);
  const turns = sides.map(() => [] as { alone: number[]; loaded: number[] }[]);
  for (let round = 0; round < rounds; round++) {
    for (const [i, side] of sides.entries()) {
      const alone = await burst(side, { ...ALONE, milliseconds: aloneMs });
      turns[i]?.push({ alone, loaded: await burst(side, { ...LOADED, milliseconds: loadedMs }) });
    }
  }
  return turns.map(figuresOf);
}

function figuresOf(turns: readonly { readonly alone: number[]; readonly loaded: number[] }[]): SideFigures {
  const middle = (figure: (turn: { readonly alone: number[]; readonly loaded: number[] }) => number) =>
    median(turns.map(figure));
  return {
    medianMs: middle(({ alone }) => median(alone)),
    p95AloneMs: middle(({ alone }) => percentile(alone, 0.95)),
    p95Ms: middle(({ loaded }) => percentile(loaded, 0.95)),
    medianLoadedMs: middle(({ loaded }) => median(loaded)),
    samples: {
      alone: turns.flatMap(({ alone }) => alone).length,
      loaded: turns.flatMap(({ loaded }) => loaded).length,
    },
    turns: turns.map(({ alone, loaded }) => ({ medianMs: median(alone), p95Ms: percentile(loaded, 0.95) })),
  };
}
