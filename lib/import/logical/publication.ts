import { escapeIdentifier, escapeLiteral } from 'pg';
import type { MovedTable } from '../plan/moved-table';
import { rowOf, rowsOf, type Side } from '../session';

/** Makes a publication of the tables that are moved again, so that it has these tables and no others. */
export async function makePublication(side: Side, name: string, tables: readonly MovedTable[]): Promise<void> {
  await dropPublication(side, name);
  const list = tables.map(({ name: table, isPart, columns }) => {
    // Lists of columns exist since PostgreSQL 15; the plan refuses them in older sources.
    const only = isPart ? ` (${columns.map((column) => escapeIdentifier(column.name)).join(', ')})` : '';
    return `public.${escapeIdentifier(table)}${only}`;
  });
  await side.client.query(`CREATE PUBLICATION ${name} FOR TABLE ${list.join(', ')}`);
}

/** Drops a publication where there is one. */
export async function dropPublication(side: Side, name: string): Promise<void> {
  await side.client.query(`DROP PUBLICATION IF EXISTS ${name}`);
}

/** What is known of a slot. */
export interface Slot {
  readonly active: boolean;
  readonly pid: number | null;
  /** WAL that it keeps, bytes. */
  readonly heldBytes: number;
  /** Changes that the subscriber has not confirmed yet, bytes. */
  readonly lagBytes: number;
  /** `lost`: the server has removed WAL that it needs (max_slot_wal_keep_size). */
  readonly walStatus: string | null;
}

/** A slot; undefined: there is none. */
export async function slotOf(side: Side, name: string): Promise<Slot | undefined> {
  const [slot] = await rowsOf<Slot>(
    side,
    `SELECT active, active_pid AS pid, wal_status AS "walStatus",
            coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::float8 AS "heldBytes",
            greatest(coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn), 0), 0)::float8 AS "lagBytes"
       FROM pg_replication_slots WHERE slot_name = $1 AND database = current_database()`,
    [name],
  );
  return slot;
}

/** Makes a logical slot: from here on the server keeps all changes for it. */
export async function makeSlot(side: Side, name: string): Promise<void> {
  await side.client.query(`SELECT pg_create_logical_replication_slot(${escapeLiteral(name)}, 'pgoutput')`);
}

/** Drops a slot where there is one, and ends the session that uses it. */
export async function dropSlot(side: Side, name: string): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const slot = await slotOf(side, name);
    if (!slot) return;
    if (slot.pid === null) {
      try {
        await side.client.query(`SELECT pg_drop_replication_slot(${escapeLiteral(name)})`);
        return;
      } catch (error) {
        // 55006: a subscriber has taken it again in between.
        if ((error as { code?: string }).code !== '55006') throw error;
      }
    } else await side.client.query('SELECT pg_terminate_backend($1)', [slot.pid]);
    await side.client.query('SELECT pg_sleep(0.1)');
  }
  throw new Error(`the slot ${name} of the ${side.name} is in use and cannot be dropped; drop its subscription first`);
}

/** Drops the slots that a killed copy of single tables left in the source: pg_<subscription>_sync_<table>_<system>. */
export async function dropTableSlots(side: Side, subscription: number): Promise<void> {
  const slots = await rowsOf<{ name: string }>(
    side,
    `SELECT slot_name AS name FROM pg_replication_slots WHERE slot_name LIKE $1 AND database = current_database()`,
    [`pg\\_${subscription}\\_sync\\_%`],
  );
  for (const { name } of slots) await dropSlot(side, name);
}

/** The position of a server up to which all that was committed before is written and flushed. */
export async function position(side: Side): Promise<string> {
  // A commit of our own that is flushed: commits that asked for no flush come before it.
  await side.client.query("SET synchronous_commit = 'local'");
  await side.client.query("SELECT pg_logical_emit_message(true, 'import', '')");
  return (await rowOf<{ lsn: string }>(side, 'SELECT pg_current_wal_flush_lsn()::text AS lsn')).lsn;
}

/** Whether the subscriber of a slot has confirmed a position, and whether it is there. */
export async function confirmedAt(
  side: Side,
  slot: string,
  lsn: string,
): Promise<{ readonly confirmed: boolean; readonly active: boolean }> {
  const [row] = await rowsOf<{ confirmed: boolean; active: boolean }>(
    side,
    'SELECT confirmed_flush_lsn >= $2::pg_lsn AS confirmed, active FROM pg_replication_slots WHERE slot_name = $1',
    [slot, lsn],
  );
  return row ?? { confirmed: false, active: false };
}
