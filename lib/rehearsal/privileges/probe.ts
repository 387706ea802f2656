import { type Client, DatabaseError, escapeIdentifier, type QueryResult } from 'pg';
import type { Cluster, Login } from '../../local-postgres/cluster';
import {
  type Action,
  type ActionGroup,
  BYSTANDER,
  type LoginTarget,
  type ProbedRole,
  PROBED_ROLES,
  type StatementAction,
} from './action';
import { LoggedIn } from './actions/connecting';
import { cleanUp, prepare } from './fixtures';

/** What became of an action that a role tried. `undecided` means that it failed for another reason than a missing right. */
type Outcome = 'allowed' | 'refused' | 'undecided';

/** An action that roles tried. */
export interface ProbedAction {
  readonly group: string;
  readonly action: string;
  readonly outcomes: Readonly<Record<ProbedRole, Outcome>>;
  /** Sentences without a full stop about every outcome that is not the expected one. */
  readonly surprises: readonly string[];
}

/** SQLSTATEs of a refusal: insufficient_privilege, and invalid_authorization_specification, which pg_hba.conf answers. */
const REFUSALS = ['42501', '28000'];
/** Settings that only guard against mistakes: an attacker switches them off first. Nothing here may wait for long. */
const SWITCH_OFF = `SET default_transaction_read_only = off; SET statement_timeout = '20s'; SET lock_timeout = '5s'`;

/** What is probed. */
export interface ProbeOptions {
  readonly cluster: Cluster;
  readonly database: string;
  /** Of app_user, which stays as it is. The other roles get new passwords. */
  readonly applicationPassword: string;
  readonly groups: readonly ActionGroup[];
}

/** Tries every action as every role on the primary, and as the superuser to see that the action itself works. */
export async function probePrivileges({
  cluster,
  database,
  applicationPassword,
  groups,
}: ProbeOptions): Promise<ProbedAction[]> {
  const logins = await prepare(cluster, database, applicationPassword);
  const sessions = new Sessions(cluster);
  const { primary: address, ca, superuser } = cluster;
  const target: LoginTarget = { address, database, ca, login: (role) => logins[role] };
  const attempt: Attempt = async (action, login) => {
    await sessions.keepOpen(logins[BYSTANDER]);
    return judge(async () =>
      'attempt' in action
        ? action.attempt(target, login)
        : execute(await sessions.of(login), database, action, await sessions.of(superuser)),
    );
  };
  try {
    const probed: ProbedAction[] = [];
    for (const { title, actions } of groups)
      for (const action of actions) probed.push(await probe(title, action, logins, superuser, attempt));
    return probed;
  } finally {
    await sessions.end();
    await cleanUp(cluster, database);
  }
}

type Attempt = (action: Action, login: Login) => Promise<{ readonly outcome: Outcome; readonly detail: string }>;

async function probe(
  group: string,
  action: Action,
  logins: Readonly<Record<ProbedRole, Login>>,
  superuser: Login,
  attempt: Attempt,
): Promise<ProbedAction> {
  const surprises: string[] = [];
  const outcomes: Partial<Record<ProbedRole, Outcome>> = {};
  for (const role of PROBED_ROLES) {
    const { outcome, detail } = await attempt(action, logins[role]);
    outcomes[role] = outcome;
    const expected = action.allowed.includes(role) ? 'allowed' : 'refused';
    if (outcome !== expected) surprises.push(`${role} to ${action.name}: ${outcome}, expected ${expected}${detail}`);
  }
  if (!('superuserCan' in action) || action.superuserCan !== false) {
    const { outcome, detail } = await attempt(action, superuser);
    if (outcome !== 'allowed')
      surprises.push(`the superuser to ${action.name}: ${outcome}, so the refusals of others prove nothing${detail}`);
  }
  return { group, action: action.name, outcomes: outcomes as Record<ProbedRole, Outcome>, surprises };
}

async function judge(attempt: () => Promise<void>): Promise<{ outcome: Outcome; detail: string }> {
  try {
    await attempt();
    return { outcome: 'allowed', detail: '' };
  } catch (error) {
    if (error instanceof NoRow || error instanceof LoggedIn) return { outcome: 'refused', detail: '' };
    const code = error instanceof DatabaseError ? error.code : undefined;
    if (code !== undefined && REFUSALS.includes(code)) return { outcome: 'refused', detail: ` (SQLSTATE ${code})` };
    return {
      outcome: 'undecided',
      detail: ` (${code === undefined ? String(error) : `SQLSTATE ${code}: ${(error as Error).message}`})`,
    };
  }
}

/** The statement returned no row, which tells that the role lacks the right. */
class NoRow extends Error {}

async function execute(
  session: Client,
  database: string,
  { sql, needsRow = false, alone = false, undo }: StatementAction,
  superuser: Client,
): Promise<void> {
  try {
    if (!alone) await session.query('BEGIN');
    const results: unknown = await session.query(sql.replaceAll(':database', escapeIdentifier(database)));
    const last = (Array.isArray(results) ? results.at(-1) : results) as QueryResult;
    if (needsRow && last.rows.length === 0) throw new NoRow();
  } finally {
    if (!alone) await session.query('ROLLBACK');
    if (undo !== undefined) await superuser.query(undo);
  }
}

/** One session for each login. */
class Sessions {
  private readonly open = new Map<string, Client>();

  constructor(private readonly cluster: Cluster) {}

  async of(login: Login): Promise<Client> {
    const session = this.open.get(login.user) ?? (await this.cluster.connect(this.cluster.primary, login));
    if (!this.open.has(login.user)) await session.query(SWITCH_OFF);
    this.open.set(login.user, session);
    return session;
  }

  /** Sees that the session is there and has run a statement with the word "planted": opens it again where somebody ended it. */
  async keepOpen(login: Login): Promise<void> {
    try {
      await (await this.of(login)).query("SELECT 'planted'");
    } catch {
      this.open.delete(login.user);
      await (await this.of(login)).query("SELECT 'planted'");
    }
  }

  async end(): Promise<void> {
    await Promise.all([...this.open.values()].map((session) => session.end()));
  }
}
