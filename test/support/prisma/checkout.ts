import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../cli';

const CLI = join(ROOT, 'node_modules/prisma/build/index.js');
const ONLY_LOOPBACK = `--require ${join(__dirname, 'only-loopback.cjs')}`;
const END_AT_ONCE = `--require ${join(__dirname, 'end-at-once.cjs')}`;
/** Prisma waits 10 s for its lock. */
const LONGEST_RUN_MS = 60_000;

/** Result of one process. */
export interface Run {
  readonly exitCode: number | null;
  /** Both outputs. */
  readonly output: string;
  readonly seconds: number;
}

/** Addresses for Prisma, as its environment variables. */
export interface Addresses {
  readonly DATABASE_URL: string;
  readonly DIRECT_DATABASE_URL: string;
}

/** A copy of this repository, or of a part of it, in a folder of its own, in which Prisma's command line runs. */
export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), 'prisma-'));
  readonly migrations = join(this.folder, 'lambda/migrations');
  private readonly foreignHosts = join(this.folder, 'foreign-hosts');
  private readonly engine = join(this.folder, 'native-engine');

  /**
   * @param copied files and folders of the repository to copy
   * @param linked those to link, which nobody changes
   * @param addresses asked before each run
   */
  constructor(
    copied: readonly string[],
    linked: readonly string[],
    private readonly addresses: () => Addresses,
  ) {
    for (const path of copied) cpSync(join(ROOT, path), join(this.folder, path), { recursive: true });
    for (const path of linked) symlinkSync(join(ROOT, path), join(this.folder, path));
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true });
  }

  writeMigration(name: string, sql: string): void {
    mkdirSync(join(this.migrations, name), { recursive: true });
    writeFileSync(join(this.migrations, name, 'migration.sql'), sql);
  }

  /** Removes every migration for which `keep` is false. */
  keepMigrations(keep: (name: string, position: number) => boolean): void {
    const all = readdirSync(this.migrations).filter((name) => /^\d/.test(name));
    for (const name of all.sort().filter((each, i) => !keep(each, i)))
      rmSync(join(this.migrations, name), { recursive: true });
  }

  /** Replaces a text of schema.prisma, which must be there. */
  changeSchema(text: string, by: string): void {
    const file = join(this.migrations, 'schema.prisma');
    const schema = readFileSync(file, 'utf8');
    if (!schema.includes(text)) throw new Error(`schema.prisma has no "${text}"`);
    writeFileSync(file, schema.replace(text, by));
  }

  /**
   * Generates the client from schema.prisma, into a folder of this checkout: node_modules is everybody's.
   * @throws Error with Prisma's output when there is none afterwards
   */
  async generateClient(): Promise<void> {
    const engine = 'engineType = "client"';
    this.changeSchema(engine, `${engine}\n  output = "../../client"`);
    const run = await this.prisma('generate');
    if (run.exitCode !== 0 || !existsSync(join(this.folder, 'client'))) throw new Error(run.output);
  }

  /** The first block of TypeScript of a page, as a module of this checkout that uses its client; `more` is added to it. */
  loadBlock<Module>(page: string, more = ''): Module {
    const [, block = ''] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, page), 'utf8')) ?? [];
    const file = join(this.folder, `${page.replaceAll(/\W/g, '-')}.ts`);
    writeFileSync(file, block.replace("'@prisma/client'", "'./client'") + more);
    return jest.requireActual<Module & object>(file);
  }

  /** Runs Prisma's command line, such as `prisma('migrate', 'deploy')`. It ends as soon as it has done its work. */
  prisma(...args: string[]): Promise<Run> {
    return this.run(args, `${ONLY_LOOPBACK} ${END_AT_ONCE}`);
  }

  /** The same as people run it: when it has had the lock, it ends 10 s later. */
  unchangedPrisma(...args: string[]): Promise<Run> {
    return this.run(args, ONLY_LOOPBACK);
  }

  /** Puts a program that ends with an exit code in the place where Prisma looks for its native engine. Without it there is nothing. */
  nativeEngine(exitCode: number): void {
    writeFileSync(this.engine, `#!/bin/sh\nexit ${exitCode}\n`, { mode: 0o755 });
  }

  /** @throws Error when it wanted to reach another machine */
  private async run(args: readonly string[], nodeOptions: string): Promise<Run> {
    const run = await finished([CLI, ...args], this.folder, {
      PATH: process.env.PATH,
      HOME: this.folder,
      NO_COLOR: '1',
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      NODE_OPTIONS: nodeOptions,
      PRISMA_SCHEMA_ENGINE_BINARY: this.engine,
      FOREIGN_HOSTS: this.foreignHosts,
      ...this.addresses(),
    });
    if (existsSync(this.foreignHosts))
      throw new Error(`it wanted to reach ${readFileSync(this.foreignHosts, 'utf8').trim()}`);
    return run;
  }
}

function finished(args: readonly string[], cwd: string, env: Record<string, string | undefined>): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LONGEST_RUN_MS,
    });
    const started = performance.now();
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()));
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, output, seconds: (performance.now() - started) / 1000 }));
  });
}
