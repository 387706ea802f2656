import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { escapeLiteral } from 'pg';
import { APP_USER } from '../contract/roles';
import type { Cluster } from '../local-postgres/cluster';
import { Session } from './clients/session';
import { median } from './clients/statistics';
import { AFTER, loginTo, withSession } from './databases/databases';
import { drawValues, type Pattern, PATTERNS } from './patterns';

/** What row-level security costs one query. Medians of one client, ms. */
export interface IsolationFigures {
  readonly name: string;
  /** Without policies: the owner of the tables asks. */
  readonly withoutMs: number;
  /** With policies, in a session that has named the salon before. */
  readonly policiesMs: number;
  /** With policies, in a transaction of its own that names the salon first: four round trips. */
  readonly transactionMs: number;
}

const MIGRATION = join(__dirname, '../../lambda/optional-migrations/tenant_isolation/migration.sql');
/** Sets of values for each pattern, and how often each is asked. The first round is a warm-up. */
const SETS = 50;
const ROUNDS = 4;
/** Password of app_user, where production has a secret. */
const PASSWORD = 'benchmark';
/** Every salon, because some patterns name none. The policy is evaluated as for one. */
const SALON = "'*'";

/** Applies the optional migration to the database `after`, and measures every pattern with and without it. Call it last. */
export async function measureIsolation(cluster: Cluster, end: string): Promise<IsolationFigures[]> {
  const owner = loginTo(cluster, AFTER);
  await withSession(owner, async (client) => {
    await client.query(readFileSync(MIGRATION, 'utf8'));
    await client.query(`ALTER ROLE ${APP_USER} PASSWORD ${escapeLiteral(PASSWORD)}`);
  });
  const sessions = {
    owner: await Session.open(owner),
    application: await Session.open(loginTo(cluster, AFTER, { user: APP_USER, password: PASSWORD })),
  };
  try {
    const figures: IsolationFigures[] = [];
    for (const [i, pattern] of PATTERNS.entries())
      figures.push(await measure(sessions, `pattern ${i}`, pattern, await drawValues(owner, pattern, SETS, end)));
    return figures;
  } finally {
    await sessions.owner.end();
    await sessions.application.end();
  }
}

async function measure(
  { owner, application }: Readonly<Record<'owner' | 'application', Session>>,
  statement: string,
  { name, sql }: Pattern,
  values: readonly string[][],
): Promise<IsolationFigures> {
  const control = {
    begin: 'BEGIN',
    commit: 'COMMIT',
    here: setSalon(true),
    stay: setSalon(false),
    leave: 'RESET app.salon_id',
  };
  await owner.prepare(statement, sql);
  await application.prepare(statement, sql);
  for (const [key, text] of Object.entries(control)) await application.prepare(`${statement} ${key}`, text);
  const run = (key: keyof typeof control) => application.ask(`${statement} ${key}`, []);

  const times = { without: [] as number[], policies: [] as number[], transaction: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const set of values) {
      const without = await timeOf(() => owner.ask(statement, set));
      await run('stay');
      const policies = await timeOf(() => application.ask(statement, set));
      await run('leave');
      const transaction = await timeOf(async () => {
        await run('begin');
        await run('here');
        await application.ask(statement, set);
        await run('commit');
      });
      if (round === 0) continue;
      times.without.push(without);
      times.policies.push(policies);
      times.transaction.push(transaction);
    }
  }
  return {
    name,
    withoutMs: median(times.without),
    policiesMs: median(times.policies),
    transactionMs: median(times.transaction),
  };
}

function setSalon(forTheTransaction: boolean): string {
  return `SELECT set_config('app.salon_id', ${SALON}, ${String(forTheTransaction)})`;
}

async function timeOf(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}
