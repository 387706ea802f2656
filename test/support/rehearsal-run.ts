import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from './cli';

/** A folder that all files of the runs of a test are made in, so that what they leave behind is found. */
export class RunsFolder {
  /** Open to the user that servers run as. */
  readonly path = mkdtempSync(join('/tmp', 'runs-test-'));

  constructor() {
    chmodSync(this.path, 0o755);
  }

  /** Folder of the report of a run. */
  get report(): string {
    return join(this.path, 'report');
  }

  /** Servers of these runs that are running, each as a line of ps with the process id first. */
  servers(): string[] {
    const processes = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
    return processes.filter((line) => line.includes(`${this.path}/postgres-rehearsal-`));
  }

  /** Folders that runs made for their servers and have not removed. */
  serverFolders(): string[] {
    return readdirSync(this.path).filter((name) => name.startsWith('postgres-rehearsal-'));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Longest that a test of whole rehearsals may take, ms: they run beside the other tests, also on slow machines. */
export const WHOLE_MS = 600_000;

/** A rehearsal that runs in a process of its own. */
export interface RehearsalRun {
  readonly child: ChildProcess;
  /** What it wrote so far, progress and results. */
  readonly output: () => string;
  /** Its exit code and signal, when it has ended. */
  readonly exit: Promise<[code: number | null, signal: NodeJS.Signals | null]>;
}

/** Starts a rehearsal as `npm run rehearse` does. */
export function startRehearsal(folder: RunsFolder, ...args: string[]): RehearsalRun {
  return startRehearsalOf(ROOT, folder, ...args);
}

/** Starts a rehearsal of another checkout of this project. */
export function startRehearsalOf(root: string, folder: RunsFolder, ...args: string[]): RehearsalRun {
  return startIn(root, folder, process.execPath, ['--import', 'tsx', 'bin/cli.ts', 'rehearse'], args);
}

/** Starts a rehearsal by way of npm. */
export function startRehearsalByNpm(folder: RunsFolder, ...args: string[]): RehearsalRun {
  return startIn(ROOT, folder, 'npm', ['run', '--silent', 'rehearse', '--'], args);
}

function startIn(root: string, folder: RunsFolder, program: string, command: string[], args: string[]): RehearsalRun {
  const report = args.includes('--keep') ? [] : ['--report', folder.report];
  const child = spawn(program, [...command, ...report, ...args], {
    cwd: root,
    env: { ...process.env, TMPDIR: folder.path },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const exit = once(child, 'close') as RehearsalRun['exit'];
  return { child, output: () => output, exit };
}

/** Waits for the migrations, or for the end of the run: in the migrations all servers are running, replicas included. */
export async function untilMigrating({ child, output }: RehearsalRun): Promise<void> {
  while (!output().includes('migrating') && child.exitCode === null) await sleep(20);
}

/** What a run with --keep and --json prints when its servers are ready. */
interface Kept {
  /** By what they are for, such as `application`. */
  readonly urls: Readonly<Record<string, string>>;
  /** Number of rows of each table. */
  readonly rows: Readonly<Record<string, number>>;
}

/**
 * Waits until a run with --keep and --json has its servers ready.
 * @throws Error with its output when it ends before
 */
export async function untilKept({ child, output }: RehearsalRun): Promise<Kept> {
  while (!output().includes('until Ctrl-C') && child.exitCode === null) await sleep(20);
  const [json] = /^\{"urls".*$/m.exec(output()) ?? [];
  if (json === undefined) throw new Error(`no addresses: ${output()}`);
  return JSON.parse(json) as Kept;
}
