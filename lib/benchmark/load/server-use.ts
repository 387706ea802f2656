import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import type { PostgresServer } from '../../local-postgres/server';

/** Clock ticks a second in /proc: the same on every Linux (proc(5), sysconf(_SC_CLK_TCK)). */
const TICKS_PER_SECOND = 100;

/** What a server has used since it started. */
export interface ServerUse {
  readonly walBytes: number;
  /** CPU time of all its processes, seconds; undefined where there is no /proc. */
  readonly cpuSeconds: number | undefined;
  /** Bytes of the tables and their indexes. */
  readonly tableBytes: number;
}

/** Reads what a server has used. */
export async function readUse(server: Pick<PostgresServer, 'dataFolder'>, session: Client): Promise<ServerUse> {
  const { rows } = await session.query<{ wal: string; tables: string }>(
    `SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS wal, sum(pg_total_relation_size(oid)) AS tables
       FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  );
  return {
    walBytes: Number(rows[0]?.wal),
    cpuSeconds: cpuSeconds(Number(readFileSync(join(server.dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0])),
    tableBytes: Number(rows[0]?.tables),
  };
}

/** CPU time of a process, of its children, and of those children that have ended. */
function cpuSeconds(parent: number): number | undefined {
  let processes: string[];
  try {
    processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return undefined;
  }
  const ticks = processes.map((pid) => {
    const fields = statOf(pid);
    if (!fields) return 0;
    // Fields 4 and 14 to 17 of proc(5), counted after the name: parent, own time in user and system mode, and that of ended children.
    const [ppid, user, system, endedUser, endedSystem] = [1, 11, 12, 13, 14].map((i) => Number(fields[i]));
    if (Number(pid) === parent) return user! + system! + endedUser! + endedSystem!;
    return ppid === parent ? user! + system! : 0;
  });
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
}

/** The fields after the name, which may hold anything; undefined: the process has ended. */
function statOf(pid: string): string[] | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return line.slice(line.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
