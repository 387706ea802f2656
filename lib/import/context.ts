import type { HostPort } from './plan/reach';
import type { PlanWishes } from './plan/plan';
import type { StreamAddress } from './logical/names';
import type { Sides } from './session';

/** Prints one line about what happens. */
export type Progress = (line: string) => void;

/** What the user wants of an import. */
export interface ImportWishes extends PlanWishes {
  /** Address of the target as the source reaches it. */
  readonly targetAddress: HostPort;
  /** WAL of the source that the slot may hold, bytes; above it the slot is dropped. */
  readonly slotLimitBytes: number;
  /** Build the indexes that no constraint needs before the copy or after it. Default: last, which is faster. */
  readonly indexes?: 'first' | 'last';
  /** Longest time without writes, seconds: beyond it a cutover gives up, and the source is writable again. */
  readonly writesStoppedSeconds: number;
  /** Ends a step early, as Ctrl-C does: before the target is open, the source becomes writable again. */
  readonly signal?: AbortSignal;
}

/** All that a step works with. */
export interface Context extends Sides {
  readonly wishes: ImportWishes;
  readonly onProgress: Progress;
}

/** The stream into the target, as the target reaches its source. */
export function streamIn({ source, wishes }: Context): StreamAddress {
  return { login: source.address, at: wishes.sourceAddress };
}

/** The stream back, as the source reaches the target. */
export function streamBack({ target, wishes }: Context): StreamAddress {
  return { login: target.address, at: wishes.targetAddress };
}
