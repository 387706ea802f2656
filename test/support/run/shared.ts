import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  mkdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serialize } from 'node:v8';

/** Name of the environment variable with the folder that the test files of one run share. */
export const RUN_FOLDER = 'TEST_RUN_FOLDER';

const POLL_MS = 50;
/** Longer than making anything takes on a busy machine. */
const PATIENCE_MS = 120_000;

/**
 * A value that is the same for all test files of a run: made by the first that asks, read from a file by the others. Two workers that ask
 * at the same moment both make it.
 * @param key everything that the value depends on
 */
export function shared<Value>(key: unknown, make: () => Value): Value {
  const file = join(runFolder(), `${createHash('sha256').update(serialize(key)).digest('hex')}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Value;
  const value = make();
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(value));
  renameSync(draft, file);
  return value;
}

/**
 * A folder that is the same for all test files of a run: filled by the first that asks, while the others wait.
 * @param fill gets an empty folder; when it throws, the next that asks fills it
 */
export async function sharedFolder(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(runFolder(), name);
  const lock = `${folder}.lock`;
  for (const until = Date.now() + PATIENCE_MS; !existsSync(folder); await sleep(POLL_MS)) {
    if (Date.now() > until) throw new Error(`no test file filled ${folder} within ${PATIENCE_MS / 1000} s`);
    if (!tryToMake(lock)) continue;
    const draft = mkdtempSync(`${folder}-`);
    try {
      if (existsSync(folder)) continue;
      await fill(draft);
      renameSync(draft, folder);
    } finally {
      rmSync(draft, { recursive: true, force: true });
      rmdirSync(lock);
    }
  }
  return folder;
}

function tryToMake(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

/** The folder itself, for what is removed after the run. */
export function runFolder(): string {
  const folder = process.env[RUN_FOLDER];
  if (folder === undefined)
    throw new Error(`${RUN_FOLDER} is not set; test/support/run/setup.ts sets it as Jest's globalSetup`);
  return folder;
}
