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
import type { Login } from '../../../lib/local-postgres/cluster';
import { MASTER } from '../database/cluster-seed';
import { MIGRATIONS, type MigrationServer } from '../database/migration-server';

const ROOT = join(__dirname, '../../..');
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

/** A copy of this repository as Prisma sees it: its prisma.config.ts, schema.prisma and migrations, and the address of a database. */
export class PrismaProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'prisma-'));
  readonly migrations = join(this.folder, 'lambda/migrations');
  private readonly foreignHosts = join(this.folder, 'foreign-hosts');
  private readonly engine = join(this.folder, 'native-engine');

  constructor(
    private readonly server: MigrationServer,
    private readonly database: string,
  ) {
    for (const shared of ['node_modules', 'lib']) symlinkSync(join(ROOT, shared), join(this.folder, shared));
    cpSync(join(ROOT, 'prisma.config.ts'), join(this.folder, 'prisma.config.ts'));
    cpSync(MIGRATIONS, this.migrations, { recursive: true });
    writeFileSync(join(this.folder, 'bundle.pem'), server.cluster.ca);
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** An address as `psql` takes it, with verified TLS. */
  url({ user, password }: Login = MASTER): string {
    const { host, port } = this.server.cluster.primary;
    return `postgresql://${user}:${encodeURIComponent(password)}@${host}:${port}/${this.database}?sslmode=verify-full&sslrootcert=${this.folder}/bundle.pem`;
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

  /** Runs Prisma's command line, such as `prisma('migrate', 'deploy')`. It ends as soon as it has done its work. */
  prisma(...args: string[]): Promise<Run> {
    return this.node([CLI, ...args], { NODE_OPTIONS: `${ONLY_LOOPBACK} ${END_AT_ONCE}` });
  }

  /** The same as people run it: when it has had the lock, it ends 10 s later. */
  unchangedPrisma(...args: string[]): Promise<Run> {
    return this.node([CLI, ...args]);
  }

  /** Puts a program that ends with an exit code in the place where Prisma looks for its native engine. Without it there is nothing. */
  nativeEngine(exitCode: number): void {
    writeFileSync(this.engine, `#!/bin/sh\nexit ${exitCode}\n`, { mode: 0o755 });
  }

  /**
   * Runs a Node.js process in the project.
   * @throws Error when it wanted to reach another machine
   */
  private async node(args: readonly string[], environment: Record<string, string> = {}): Promise<Run> {
    const run = await finished(args, this.folder, {
      PATH: process.env.PATH,
      HOME: this.folder,
      NO_COLOR: '1',
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      NODE_OPTIONS: ONLY_LOOPBACK,
      PRISMA_SCHEMA_ENGINE_BINARY: this.engine,
      FOREIGN_HOSTS: this.foreignHosts,
      DATABASE_URL: this.url(),
      DIRECT_DATABASE_URL: this.url(),
      ...environment,
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
