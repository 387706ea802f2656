import { rmSync } from 'node:fs';
import { RUN_FOLDER } from './shared';

/** Jest's globalTeardown: removes the folder that the test files of the run shared. */
export default function teardown(): void {
  const folder = process.env[RUN_FOLDER];
  if (folder) rmSync(folder, { recursive: true, force: true });
}
