import { Client, type ClientConfig, DatabaseError } from 'pg';
import { APP_USER, METRICS_USER } from '../../../contract/roles';
import type { Login } from '../../../local-postgres/cluster';
import { type ActionGroup, type LoginTarget, NOBODY, type ProbedRole } from '../action';

/** More sessions than any server here takes. */
const MANY = 500;

async function open({ address, database, ca }: LoginTarget, login: Login, options: ClientConfig = {}): Promise<Client> {
  const { host, port } = address;
  const client = new Client({ host, port, database, ssl: { ca, rejectUnauthorized: true }, ...login, ...options });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function logIn(target: LoginTarget, login: Login, options?: ClientConfig): Promise<void> {
  await (await open(target, login, options)).end();
}

/** Opens as many sessions as the role gets. Resolves where the victim can no longer log in. */
async function lockOut(victim: ProbedRole, target: LoginTarget, login: Login): Promise<void> {
  const sessions: Client[] = [];
  try {
    for (;;) {
      try {
        sessions.push(await open(target, login));
        if (sessions.length > MANY) throw new Error(`the server took more than ${MANY} sessions`);
      } catch (error) {
        if (!isTooManyConnections(error)) throw error;
        break;
      }
    }
    await logIn(target, target.login(victim)).then(
      () => Promise.reject(new LoggedIn(`${victim} could still log in beside ${sessions.length} sessions`)),
      (error: unknown) => {
        if (!isTooManyConnections(error)) throw error;
      },
    );
  } finally {
    await Promise.all(sessions.map((session) => session.end()));
  }
}

/** The victim of a lockout logged in all the same: a refusal of the action. */
export class LoggedIn extends Error {}

/** 53300 is too_many_connections: of the server, the database or the role. */
function isTooManyConnections(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '53300';
}

/** Other ways in, and others kept out. */
export const CONNECTING: ActionGroup = {
  title: 'Connecting',
  actions: [
    {
      name: 'log in without TLS',
      attempt: (target, login) => logIn(target, login, { ssl: false }),
      superuserCan: false,
      allowed: NOBODY,
    },
    ...['postgres', 'template1'].map((database) => ({
      name: `log in to the database ${database}`,
      attempt: (target: LoginTarget, login: Login) => logIn({ ...target, database }, login),
      allowed: NOBODY,
    })),
    {
      name: 'read changes as a replica does',
      attempt: (target, login) => logIn(target, login, { replication: 'database' } as ClientConfig),
      allowed: NOBODY,
    },
    {
      name: 'take so many connections that app_user cannot log in',
      attempt: (target, login) => lockOut(APP_USER, target, login),
      superuserCan: false,
      allowed: [APP_USER],
    },
    {
      name: 'take so many connections that the collector cannot log in',
      attempt: (target, login) => lockOut(METRICS_USER, target, login),
      superuserCan: false,
      // app_user has no limit of its own; through the proxy, its limit is the proxy's share of the connections.
      allowed: [APP_USER, METRICS_USER],
    },
  ],
};
