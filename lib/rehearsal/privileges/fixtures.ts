import { type Client, escapeIdentifier, escapeLiteral } from 'pg';
import type { Cluster, Login } from '../../local-postgres/cluster';
import { randomPassword, setRolePassword } from '../role-password';
import { APP_USER } from '../../contract/roles';
import { BYSTANDER, LARGE_OBJECT, PROBED_ROLES, type ProbedRole, VISITOR } from './action';

/** What the actions need: rows to read, objects of the future, somebody to do something to. */
const CREATE = `
  INSERT INTO salons (id, name, phone_number_id, access_token, updated_at)
    SELECT 'probe-' || i, 'Salon', 'probe-' || i, 'token-' || i % 2, now() FROM generate_series(1, 20) AS i;
  ANALYZE salons;
  CREATE TABLE probe_later (id int);
  CREATE SEQUENCE probe_later_numbers;
  CREATE FUNCTION public.probe_later_function() RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE SCHEMA probe_later_schema;
  CREATE TABLE probe_later_schema.probe (id int);
  CREATE TABLE recovery.probe_copy AS SELECT * FROM salons LIMIT 1;
  SELECT recovery.create_copy('messages_0123456789ab', ARRAY['id'], ARRAY['text'], ARRAY[true]);
  SELECT lo_create(${LARGE_OBJECT})`;

const DROP = `
  DELETE FROM salons WHERE id LIKE 'probe-%';
  DROP TABLE IF EXISTS probe_later;
  DROP SEQUENCE IF EXISTS probe_later_numbers;
  DROP FUNCTION IF EXISTS public.probe_later_function();
  DROP SCHEMA IF EXISTS probe_later_schema CASCADE;
  DROP TABLE IF EXISTS recovery.probe_copy, recovery.messages_0123456789ab;
  SELECT lo_unlink(oid) FROM pg_largeobject_metadata WHERE oid = ${LARGE_OBJECT}`;

/** Prepares a primary for the actions. Returns the logins of the roles, and the bystander's. */
export async function prepare(
  cluster: Cluster,
  database: string,
  applicationPassword: string,
): Promise<Readonly<Record<ProbedRole | typeof BYSTANDER, Login>>> {
  const admin = await cluster.connect(cluster.primary);
  try {
    await admin.query(CREATE);
    const logins: Partial<Record<ProbedRole | typeof BYSTANDER, Login>> = {};
    for (const role of [VISITOR, BYSTANDER] as const) logins[role] = await createRole(admin, role, database);
    for (const role of PROBED_ROLES) {
      if (role === APP_USER) logins[role] = { user: role, password: applicationPassword };
      else if (role !== VISITOR) logins[role] = { user: role, password: await setRolePassword(cluster, role) };
    }
    return logins as Record<ProbedRole | typeof BYSTANDER, Login>;
  } finally {
    await admin.end();
  }
}

/** Removes what `prepare` made. The passwords stay. */
export async function cleanUp(cluster: Cluster, database: string): Promise<void> {
  const admin = await cluster.connect(cluster.primary);
  try {
    await admin.query(DROP);
    for (const role of [VISITOR, BYSTANDER]) {
      await admin.query(`REVOKE CONNECT ON DATABASE ${escapeIdentifier(database)} FROM ${role}`);
      await admin.query(`DROP ROLE ${role}`);
    }
  } finally {
    await admin.end();
  }
}

async function createRole(admin: Client, role: string, database: string): Promise<Login> {
  const password = randomPassword();
  await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD ${escapeLiteral(password)} CONNECTION LIMIT 5`);
  await admin.query(`GRANT CONNECT ON DATABASE ${escapeIdentifier(database)} TO ${role}`);
  return { user: role, password };
}
