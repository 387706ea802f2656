import { rowOf, rowsOf, type Side } from '../session';
import { dropSlot } from './publication';
import { MOVING_IN } from './names';

/** WAL that an import holds in the source: by its slot, and by those of single tables while they are copied. */
export async function heldBytes(source: Side): Promise<number> {
  const { held } = await rowOf<{ held: number }>(
    source,
    `SELECT coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)), 0)::float8 AS held FROM pg_replication_slots
      WHERE database = current_database() AND (slot_name = '${MOVING_IN}' OR slot_name LIKE 'pg\\_%\\_sync\\_%')`,
  );
  return held;
}

/**
 * Drops the slots of an import where they hold more WAL than they may, so that the source's disk never fills. It asks the source alone:
 * the target may be out of reach.
 * @returns what was done, as a sentence; undefined: the limit is not reached
 */
export async function guardSource(source: Side, limitBytes: number): Promise<string | undefined> {
  const held = await heldBytes(source);
  if (held <= limitBytes) return undefined;
  const slots = await rowsOf<{ name: string }>(
    source,
    `SELECT slot_name AS name FROM pg_replication_slots
      WHERE database = current_database() AND (slot_name = '${MOVING_IN}' OR slot_name LIKE 'pg\\_%\\_sync\\_%')`,
  );
  for (const { name } of slots) await dropSlot(source, name);
  return `the slot in the source held ${gigabytes(held)} of WAL, more than the limit of ${gigabytes(limitBytes)}, and was dropped; the source is writable and untouched; run start again, which copies from the beginning`;
}

/** Bytes for people, such as `1.25 GB`. */
export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(bytes < 1e8 ? 3 : 2)} GB`;
}
