/** Share of the storage that the temporary files of one session may take. */
const SHARE = 0.05;

/**
 * Limit of the temporary files of one process (temp_file_limit), kB: a sort that went wrong is cancelled before the disk is full. Index
 * builds sort in temporary files too, so it is also the limit of the largest index that a migration builds: about as many GiB of keys.
 */
export function temporaryFilesKB(allocatedStorageGiB: number): number {
  return Math.floor(allocatedStorageGiB * SHARE * 1024 ** 2);
}
