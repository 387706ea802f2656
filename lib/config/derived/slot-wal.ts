import type { EnvironmentConfig } from '../schema/environment';

/** Share of the primary's initial storage that WAL for a lost replica may use. Beyond it the slot is invalidated: the replica is rebuilt. */
const SLOT_WAL_SHARE = 0.2;

/** Value of max_slot_wal_keep_size, MiB. */
export function slotWalKeepMiB({ allocatedStorageGiB }: EnvironmentConfig['database']): number {
  return Math.floor(allocatedStorageGiB * 1024 * SLOT_WAL_SHARE);
}
