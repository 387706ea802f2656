import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RUN_FOLDER_PREFIX, sweepDeadRuns } from '../../../lib/local-postgres/processes/sweep';
import { RUN_FOLDER } from './shared';

/**
 * Jest's globalSetup: ends what an interrupted run left behind, and makes the folder that the test files of this run share. The first
 * file that needs something fills it.
 */
export default function setup(): void {
  sweepDeadRuns(tmpdir());
  process.env[RUN_FOLDER] = mkdtempSync(join(tmpdir(), `${RUN_FOLDER_PREFIX}${process.pid}-`));
}
