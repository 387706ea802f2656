import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RUN_FOLDER } from './shared';

/** Jest's globalSetup: makes the folder of what the test files of one run share. It is filled by the first file that needs something. */
export default function setup(): void {
  process.env[RUN_FOLDER] = mkdtempSync(join(tmpdir(), 'jest-run-'));
}
