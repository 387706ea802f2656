import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs an action with a new folder, which is deleted afterwards. */
export function withTemporaryFolder<Result>(prefix: string, action: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  try {
    return action(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
