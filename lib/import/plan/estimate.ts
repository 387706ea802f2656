import type { MovedTable } from './moved-table';

/** Rows a second that a copy brings, with indexes afterwards: the lower end of what the rehearsal measured on two cores. An assumption on RDS. */
const ROWS_PER_SECOND = 20_000;
/** The same for bytes, for wide rows. An assumption on RDS: half of what a gp3 volume of 125 MB/s writes, because WAL is written as well. */
const BYTES_PER_SECOND = 40_000_000;

/** What an import will take. */
export interface Estimate {
  readonly rows: number;
  /** Tables without indexes, in the source. */
  readonly bytes: number;
  readonly copySeconds: number;
  /** Disk of the target at the end of the copy: tables, indexes and the WAL of both. */
  readonly diskBytes: number;
}

/** Estimates time and disk of the copy from the sizes in the source. */
export function estimate(tables: readonly MovedTable[], indexBytes: number): Estimate {
  const sum = (of: (table: MovedTable) => number) => tables.reduce((total, table) => total + Math.max(0, of(table)), 0);
  const [rows, bytes] = [sum((table) => table.rows), sum((table) => table.bytes)];
  return {
    rows,
    bytes,
    copySeconds: Math.ceil(Math.max(rows / ROWS_PER_SECOND, bytes / BYTES_PER_SECOND)),
    diskBytes: 2 * bytes + 2 * indexBytes,
  };
}
