import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { APP_USER } from '../../contract/roles';
import type { Cluster } from '../../local-postgres/cluster';
import { type Login, PLANTED_STATEMENTS, type PlantedStatement, PLANTS, runPlanted } from './planted-statements';

/** A log line with something that no log may contain. The line itself is not kept, because it holds a secret. */
interface LogHit {
  /** Name of the server. */
  readonly server: string;
  /** Number of the line, from 1. */
  readonly line: number;
  /** What it holds, such as `phone`. */
  readonly holds: string;
}

/** What was found in the logs of all servers of a run. */
export interface LogSearch {
  /** Number of statements that ran with planted values. */
  readonly statements: number;
  readonly servers: readonly string[];
  readonly lines: number;
  readonly hits: readonly LogHit[];
}

/** Two salons that the statements lock and read. */
const SALONS = `INSERT INTO salons (id, name, phone_number_id, access_token, updated_at)
  VALUES ('salon-1', 'Salon', $1, $2, now()), ('salon-2', 'Salon', 'salon-2', 'x', now())`;

/** Runs every statement with planted values on the primary, as the application or as the master. Leaves no row and no role. */
export async function plant({ connect, primary }: Cluster, applicationPassword: string): Promise<void> {
  const admin = await connect(primary);
  try {
    await admin.query(SALONS, [PLANTS.phone, PLANTS.token]);
    const login: Login = (user) => connect(primary, user && { user: APP_USER, password: applicationPassword });
    // Most only sleep. Those that lock the same rows or change the same role run one after the other.
    const inTurn = PLANTED_STATEMENTS.filter(([name]) => /lock|role|password/.test(name));
    const others = PLANTED_STATEMENTS.filter((statement) => !inTurn.includes(statement));
    const run = async (statements: readonly PlantedStatement[]) => {
      for (const statement of statements) await runPlanted(statement, login);
    };
    await Promise.all([run(inTurn), ...others.map((statement) => run([statement]))]);
  } finally {
    await admin.query("DELETE FROM salons WHERE id IN ('salon-1', 'salon-2')");
    await admin.query('DROP ROLE IF EXISTS planted');
    await admin.end();
  }
}

/**
 * Searches the logs of all servers of a run.
 * @param folder the run's folder, with a `<server>.log` for each server
 * @param passwords passwords that were set in the run, by whose they are
 * @throws Error where there is no log
 */
export function searchLogs(folder: string, passwords: Readonly<Record<string, string>>): LogSearch {
  const wanted = Object.entries({ ...PLANTS, ...passwords });
  const servers = readdirSync(folder).flatMap((name) => (name.endsWith('.log') ? [name.slice(0, -4)] : []));
  if (servers.length === 0) throw new Error(`the run's folder ${folder} has no log of a server`);
  let lines = 0;
  const hits = servers.flatMap((server) =>
    readFileSync(join(folder, `${server}.log`), 'utf8')
      .split('\n')
      .flatMap((text, i) => {
        lines += 1;
        return wanted.flatMap(([holds, value]) => (text.includes(value) ? [{ server, line: i + 1, holds }] : []));
      }),
  );
  return { statements: PLANTED_STATEMENTS.length, servers, lines, hits };
}
