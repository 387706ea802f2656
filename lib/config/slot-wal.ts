import type { EnvironmentConfig } from './schema/environment';

/** Of the primary's storage at creation, the share that WAL kept for a lost replica may take before the replica is given up. */
const SLOT_WAL_SHARE = 0.2;

/** max_slot_wal_keep_size, MiB. */
export function slotWalKeepMiB({ allocatedStorageGiB }: EnvironmentConfig['database']): number {
  return Math.floor(allocatedStorageGiB * 1024 * SLOT_WAL_SHARE);
}
