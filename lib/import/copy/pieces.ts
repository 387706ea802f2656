import { escapeIdentifier } from 'pg';
import type { Constraint } from '../plan/constraints';
import type { MovedTable } from '../plan/moved-table';

/** A part of a table that one session copies. */
export interface Piece {
  readonly table: MovedTable;
  /** Blocks from, and up to but without; undefined: the whole table. */
  readonly blocks: readonly [from: number, to: number] | undefined;
}

/** Blocks of 8 KiB that a piece has at most: 128 MiB. */
const PIECE_BLOCKS = 16_384;
/** PostgreSQL reads a range of blocks without the rest of the table since version 14 (release notes: "TID Range Scan"). */
const LEAST_MAJOR_FOR_BLOCKS = 14;

/** Cuts a table into pieces, so that a large one is copied by several sessions at once. */
export function piecesOf(table: MovedTable, blocks: number, sourceMajor: number): Piece[] {
  if (blocks <= PIECE_BLOCKS || sourceMajor < LEAST_MAJOR_FOR_BLOCKS) return [{ table, blocks: undefined }];
  const count = Math.ceil(blocks / PIECE_BLOCKS);
  return Array.from({ length: count }, (_, i) => ({
    table,
    // The last piece has no end: rows may have been added since the blocks were counted.
    blocks: [i * PIECE_BLOCKS, i + 1 === count ? 4_294_967_295 : (i + 1) * PIECE_BLOCKS] as const,
  }));
}

/** The statement that reads a piece, with values in the types of the target. */
export function readStatement({ table, blocks }: Piece): string {
  const columns = table.columns.map(({ name, type, sourceType }) =>
    type === sourceType ? escapeIdentifier(name) : `${escapeIdentifier(name)}::${type}`,
  );
  const where = blocks ? ` WHERE ctid >= '(${blocks[0]},0)'::tid AND ctid < '(${blocks[1]},0)'::tid` : '';
  return `COPY (SELECT ${columns.join(', ')} FROM public.${escapeIdentifier(table.name)}${where}) TO STDOUT ${format(table)}`;
}

/** The statement that writes a piece. */
export function writeStatement({ table }: Piece): string {
  const columns = table.columns.map(({ name }) => escapeIdentifier(name));
  return `COPY public.${escapeIdentifier(table.name)} (${columns.join(', ')}) FROM STDIN ${format(table)}`;
}

function format({ textOnly }: MovedTable): string {
  return textOnly ? '(FORMAT text)' : '(FORMAT binary)';
}

/**
 * Tables in the order of their foreign keys: those of a level refer only to levels before it, or to themselves.
 * @throws Error where foreign keys go round in a circle
 */
export function levelsOf(tables: readonly MovedTable[], constraints: readonly Constraint[]): MovedTable[][] {
  const parents = (name: string) =>
    constraints.flatMap(({ table, references }) =>
      table === name && references && references.table !== name ? [references.table] : [],
    );
  const levels: MovedTable[][] = [];
  let left = [...tables];
  while (left.length > 0) {
    const waiting = new Set(left.map(({ name }) => name));
    const level = left.filter(({ name }) => !parents(name).some((parent) => waiting.has(parent)));
    if (level.length === 0)
      throw new Error(`the foreign keys of ${[...waiting].join(', ')} go round in a circle; use --method logical`);
    levels.push(level);
    left = left.filter((table) => !level.includes(table));
  }
  return levels;
}
