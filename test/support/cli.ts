import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { join } from 'node:path';

/** Folder of package.json. */
export const ROOT = join(__dirname, '../..');

interface CliOptions {
  /** Root of the project. Default: this one. */
  readonly cwd?: string;
  /** A CommonJS file that node loads first. */
  readonly preload?: string;
  /** Variables in addition to those of this process. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a command as `npm run` does, until it ends. */
export function runCli(
  args: readonly string[],
  { cwd = ROOT, preload, env }: CliOptions = {},
): SpawnSyncReturns<string> {
  const flags = preload === undefined ? [] : ['--require', preload];
  return spawnSync(process.execPath, [...flags, '--import', 'tsx', 'bin/cli.ts', ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
}
