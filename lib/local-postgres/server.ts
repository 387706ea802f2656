import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Binaries } from './binaries';
import { endAtOnce } from './processes/end-at-once';
import { freePort } from './processes/free-port';
import type { RunFolder } from './run-folder';

const START_SECONDS = 60;
const POLL_MS = 20;
const BACKENDS_LEFT = /pre-existing shared memory block .* is still in use/;

/** A PostgreSQL server on this machine. It runs in the foreground as a child process. */
export class PostgresServer {
  /** The host name in its certificate. */
  readonly host = 'localhost';
  readonly dataFolder: string;
  readonly logFile: string;
  private child: ChildProcess | undefined;
  private portTaken: number | undefined;

  constructor(
    readonly name: string,
    private readonly folder: RunFolder,
    private readonly binaries: Binaries,
  ) {
    this.dataFolder = `${folder.path}/${name}`;
    this.logFile = `${folder.path}/${name}.log`;
    folder.adopt({ kill: () => this.running && endAtOnce(this.child!.pid!, this.dataFolder) });
  }

  /**
   * The port. A restart keeps it.
   * @throws Error before the first start
   */
  get port(): number {
    if (this.portTaken === undefined) throw new Error(`server ${this.name} has no port before its first start`);
    return this.portTaken;
  }

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /**
   * Starts it and waits until it answers log-ins.
   *
   * Backends of a killed postmaster live on until they see that it is gone, and a new one refuses to start beside them; it is
   * then started again, as an operator would.
   * @param seconds longest time to wait; default 60
   * @throws Error with the last lines of its log when it ends or does not answer in time
   */
  async start(seconds = START_SECONDS): Promise<void> {
    this.portTaken ??= await freePort();
    const deadline = Date.now() + seconds * 1000;
    this.launch();
    while (!(await this.answers())) {
      const late = Date.now() > deadline;
      if (!this.running && !late && BACKENDS_LEFT.test(this.lastLogLines())) this.launch();
      else if (!this.running || late) throw new Error(`server ${this.name} did not start:\n${this.lastLogLines()}`);
      await sleep(POLL_MS);
    }
  }

  /** Shuts it down (fast mode): sessions are closed, data is written. */
  async stop(): Promise<void> {
    await this.end('SIGINT');
  }

  /** Ends it at once (immediate shutdown): sessions are cut, nothing is written. */
  async quit(): Promise<void> {
    await this.end('SIGQUIT');
  }

  /** Kills it without a shutdown, as a crash does. The machine keeps its shared memory until it starts again. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** The last eight lines of its log, for error messages. */
  lastLogLines(): string {
    return readFileSync(this.logFile, 'utf8').trim().split('\n').slice(-8).join('\n');
  }

  private launch(): void {
    const log = openSync(this.logFile, 'a');
    this.child = spawn(this.binaries.postgres, ['-D', this.dataFolder, '-p', String(this.portTaken)], {
      ...this.folder.serverUser,
      cwd: this.folder.path,
      // In its own process group: Ctrl-C in a terminal reaches only this process, which then ends the servers.
      detached: true,
      stdio: ['ignore', log, log],
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    });
    closeSync(log);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    if (!this.child || !this.running) return;
    const exit = once(this.child, 'exit');
    this.signal(signal);
    await exit;
  }

  private signal(signal: NodeJS.Signals): void {
    if (!this.child?.pid || !this.running) return;
    process.kill(this.child.pid, signal);
  }

  /** Whether it answers log-ins. The refusal of a log-in without TLS, or of a password, counts as an answer; the error while it starts up does not. */
  private async answers(): Promise<boolean> {
    const client = new Client({
      host: this.host,
      port: this.port,
      user: 'nobody',
      database: 'postgres',
      password: 'none',
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return true;
    } catch (error) {
      const { code } = error as { code?: string };
      return code === '28000' || code === '28P01';
    }
  }
}
