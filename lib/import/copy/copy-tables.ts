import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { formatCount } from '../../shared/formats';
import type { Context } from '../context';
import { passGate } from '../fence';
import { truncate } from '../logical/start';
import { readConstraints } from '../plan/constraints';
import type { MovedTable } from '../plan/moved-table';
import { closeSession, openSession, rowOf } from '../session';
import { levelsOf, type Piece, piecesOf, readStatement, writeStatement } from './pieces';

/** Sessions on each side that copy at the same time. */
const WORKERS = 4;

/** Copies all rows of the tables as they are at one moment, through this machine. `check` is called between the pieces and may throw. */
export async function copyTables(context: Context, tables: readonly MovedTable[], check: () => void): Promise<void> {
  const { source, target, onProgress } = context;
  await truncate(target, tables);
  const levels = levelsOf(tables, await readConstraints(target));
  await source.client.query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY');
  try {
    const { snapshot } = await rowOf<{ snapshot: string }>(source, 'SELECT pg_export_snapshot() AS snapshot');
    for (const level of levels) {
      const pieces: Piece[] = [];
      for (const table of level) pieces.push(...(await piecesIn(context, table)));
      // The largest first, so that no session has a long one left at the end.
      pieces.sort((a, b) => b.table.bytes - a.table.bytes);
      await copyPieces(context, snapshot, pieces, check);
    }
    onProgress(`${tables.length} tables are copied`);
  } finally {
    await source.client.query('COMMIT').catch(() => undefined);
  }
}

async function piecesIn({ source }: Context, table: MovedTable): Promise<Piece[]> {
  const { blocks, major } = await rowOf<{ blocks: number; major: number }>(
    source,
    `SELECT (pg_relation_size(('public.' || quote_ident($1))::regclass) / current_setting('block_size')::int)::float8 AS blocks,
            current_setting('server_version_num')::int / 10000 AS major`,
    [table.name],
  );
  return piecesOf(table, blocks, major);
}

async function copyPieces(context: Context, snapshot: string, pieces: Piece[], check: () => void): Promise<void> {
  const work = async () => {
    if (pieces.length === 0) return;
    const [from, to] = [await reader(context, snapshot), await writer(context)];
    try {
      for (let piece = pieces.shift(); piece; piece = pieces.shift()) {
        check();
        await copyPiece(from, to, piece, context);
      }
    } finally {
      await Promise.all([closeSession(from), closeSession(to)]);
    }
  };
  const workers = Array.from({ length: Math.min(WORKERS, pieces.length) }, work);
  const failed = (
    await Promise.allSettled(
      workers.map((worker) =>
        worker.catch((error: unknown) => {
          // The others end with their piece.
          pieces.length = 0;
          throw error;
        }),
      ),
    )
  ).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

async function reader({ source }: Context, snapshot: string): Promise<Client> {
  const client = await openSession(source.address, 'source', { part: 'copy' });
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY');
  await client.query(`SET TRANSACTION SNAPSHOT '${snapshot}'`);
  return client;
}

async function writer({ target }: Context): Promise<Client> {
  const client = await openSession(target.address, 'target', { part: 'copy' });
  await passGate({ client });
  // Where the user may: foreign keys need not be checked row by row, the plan has asked for all of them. On RDS that is unconfirmed.
  await client.query("SET session_replication_role = 'replica'").catch(() => undefined);
  return client;
}

async function copyPiece(from: Client, to: Client, piece: Piece, { onProgress }: Context): Promise<void> {
  const started = Date.now();
  const sink = to.query(copyFrom(writeStatement(piece)));
  await pipeline(from.query(copyTo(readStatement(piece))), sink);
  const seconds = (Date.now() - started) / 1000;
  onProgress(`${piece.table.name}: ${formatCount(sink.rowCount)} rows in ${seconds.toFixed(1)} s`);
}
