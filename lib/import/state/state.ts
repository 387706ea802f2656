import type { MovedTable } from '../plan/moved-table';

/**
 * How far an import is:
 * - `preparing`: `start` has begun; nothing streams yet
 * - `streaming`: rows are copied and changes follow (logical), or everything waits for the window (copy)
 * - `cutting-over`: the source may be closed, the target is not open
 * - `opened`: the target is open, the source is closed and gets the changes of the target
 * - `returning`: `back` has begun; the target may be closed, the source is not open
 * - `returned`: the source is open again, the target is closed
 */
export type Phase = 'preparing' | 'streaming' | 'cutting-over' | 'opened' | 'returning' | 'returned';

/** What is known of an import, kept in the target. It has no password. */
export interface MoveState {
  readonly phase: Phase;
  readonly method: 'logical' | 'copy';
  /** Host, port and database of the source, as the command reached it at the start. */
  readonly source: string;
  /** The same whatever its address is. */
  readonly sourceId: string;
  readonly wayBack: boolean;
  readonly tables: readonly MovedTable[];
  /** Statements that make the indexes which are built after the copy. Empty: all are there. */
  readonly pendingIndexes: readonly string[];
  /** ISO 8601. */
  readonly startedAt: string;
  readonly openedAt?: string;
  readonly returnedAt?: string;
}
