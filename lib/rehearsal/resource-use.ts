import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SAMPLE_MS = 2000;
const KIB = 1024;

/** The most that a run used at a time, sampled every two seconds. */
export interface ResourceUse {
  /**
   * Memory of this process and of the servers, bytes. On Linux memory that processes share counts once; elsewhere it counts for each of
   * them, so the true figure is lower.
   */
  readonly memoryBytes: number;
  /** Size of the run's folder, bytes. */
  readonly diskBytes: number;
}

/** Samples what a run uses. */
export class ResourceSampler {
  private memoryBytes = 0;
  private diskBytes = 0;
  private readonly timer: NodeJS.Timeout;
  private sampling = Promise.resolve();

  /** @param folder of the run; the command line of each of its servers contains it */
  constructor(private readonly folder: string) {
    this.timer = setInterval(() => {
      this.sampling = this.sampling.then(() => this.sample());
    }, SAMPLE_MS).unref();
  }

  /** Ends the sampling with a last sample. */
  async stop(): Promise<ResourceUse> {
    clearInterval(this.timer);
    await this.sampling;
    await this.sample();
    return { memoryBytes: this.memoryBytes, diskBytes: this.diskBytes };
  }

  private async sample(): Promise<void> {
    const [memory, disk] = await Promise.all([memoryOf(this.folder), diskOf(this.folder)]);
    this.memoryBytes = Math.max(this.memoryBytes, memory);
    this.diskBytes = Math.max(this.diskBytes, disk);
  }
}

/** Memory of this process and of all servers of a folder. Each server leads a process group, and its children do not name the folder. */
async function memoryOf(folder: string): Promise<number> {
  const { stdout } = await run('ps', ['-eo', 'pid=,pgid=,rss=,args=']).catch(() => ({ stdout: '' }));
  const processes = stdout.split('\n').map((line) => {
    const [pid = '', group = '', rss = ''] = line.trim().split(/\s+/);
    return {
      pid,
      group,
      rssBytes: Number(rss) * KIB,
      isServer: line.includes(`${folder}/`) && line.includes('/bin/postgres -D'),
    };
  });
  const groups = new Set(processes.filter(({ isServer }) => isServer).map(({ group }) => group));
  const sizes = await Promise.all(
    processes
      .filter(({ pid, group }) => groups.has(group) || pid === String(process.pid))
      .map(async ({ pid, rssBytes }) => (await proportionalBytes(pid)) ?? rssBytes),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Memory of a process on Linux, where what it shares with n others counts an n-th; undefined elsewhere or when it has ended. */
async function proportionalBytes(pid: string): Promise<number | undefined> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const kibibytes = /^Pss:\s+(\d+) kB/m.exec(rollup)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * KIB;
}

/** Size of a folder. Files vanish while it is counted: then du fails, but prints the size of the others. */
async function diskOf(folder: string): Promise<number> {
  const { stdout } = await run('du', ['-sk', folder]).catch((error: { stdout?: string }) => ({
    stdout: error.stdout ?? '',
  }));
  return (Number.parseInt(stdout, 10) || 0) * KIB;
}
