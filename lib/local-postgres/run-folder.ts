import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { requireMachine } from './machine';
import { RUN_FOLDER_PREFIX, sweepDeadRuns } from './processes/sweep';

/** A server that a run started and must end. */
export interface Stoppable {
  /** Ends it at once, without waiting for sessions. */
  kill(): void;
}

/** The operating system's user that servers run as. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

const SIGNAL_EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * The folder of a run: it contains all files, and ends all servers, of the run. The folder is deleted and the servers are killed by
 * dispose(), and also when the process ends by an error, an exit or a signal.
 */
export class RunFolder {
  readonly path: string;
  /** The user `nobody` when this process runs as root, as which PostgreSQL refuses to start; undefined: the user of this process. */
  readonly serverUser: ServerUser | undefined;
  private readonly stoppables: Stoppable[] = [];
  private readonly onExit = () => this.dispose();
  private readonly onSignal = (signal: keyof typeof SIGNAL_EXIT_CODES) => {
    this.dispose();
    process.exit(SIGNAL_EXIT_CODES[signal]);
  };

  /** @param place a new folder within that of another run, with which it ends at the latest. Default: a run of its own */
  constructor(place?: { readonly run: RunFolder; readonly name: string }) {
    if (place) {
      this.serverUser = place.run.serverUser;
      this.path = join(place.run.path, place.name);
      mkdirSync(this.path);
      this.give(this.path);
      place.run.adopt({ kill: () => this.dispose() });
      return;
    }
    this.serverUser = isRoot() ? nobody() : undefined;
    const parent = temporaryFolder();
    sweepDeadRuns(parent);
    this.path = mkdtempSync(join(parent, `${RUN_FOLDER_PREFIX}${process.pid}-`));
    this.give(this.path);
    process.on('exit', this.onExit);
    for (const signal of Object.keys(SIGNAL_EXIT_CODES)) process.on(signal, this.onSignal);
  }

  /** Makes the server user the owner of a file or folder. */
  give(path: string): void {
    if (this.serverUser) chownSync(path, this.serverUser.uid, this.serverUser.gid);
  }

  /** Registers a server that is killed with the run. */
  adopt(stoppable: Stoppable): void {
    this.stoppables.push(stoppable);
  }

  /** Kills the servers and deletes the folder. */
  dispose(): void {
    for (const stoppable of this.stoppables.splice(0)) stoppable.kill();
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    process.off('exit', this.onExit);
    for (const signal of Object.keys(SIGNAL_EXIT_CODES)) process.off(signal, this.onSignal);
  }
}

/**
 * Runs an action of a command in a folder of its own, which is deleted afterwards.
 * @param diskGb gigabytes of disk that it needs
 * @throws Error with a sentence where servers cannot run on this machine; else what the action throws
 */
export async function withRunFolder<Result>(
  diskGb: number,
  action: (folder: RunFolder) => Promise<Result>,
): Promise<Result> {
  await requireMachine({ folder: temporaryFolder(), diskGb });
  const folder = new RunFolder();
  try {
    return await action(folder);
  } finally {
    folder.dispose();
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function nobody(): ServerUser {
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/**
 * The folder that run folders are made in: that for temporary files, or as root one that the user `nobody` can reach.
 * @throws Error where there is none
 */
function temporaryFolder(): string {
  const candidates = [tmpdir(), '/tmp', '/var/tmp'];
  const found = isRoot() ? candidates.find(isTraversable) : candidates[0];
  if (found === undefined)
    throw new Error(
      `none of ${candidates.join(', ')} can be reached by the user nobody; set TMPDIR to a folder that can`,
    );
  return found;
}

function isTraversable(folder: string): boolean {
  const others = 0o001;
  try {
    return (statSync(folder).mode & others) !== 0 && (folder === dirname(folder) || isTraversable(dirname(folder)));
  } catch {
    return false;
  }
}
