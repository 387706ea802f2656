import { applicationSessions, type ApplicationSession, rolesOf } from '../application-sessions';
import { check, type Finding, failed, noneOf, notSeen, passed, WEIGHTS } from '../check';
import { type Database, MONITOR, settings } from '../database';

/** Judges whether the application has only the rights it needs. */
function decideSuperuser(sessions: readonly ApplicationSession[]): Finding {
  const mighty = sessions.filter(({ superuser }) => superuser);
  return mighty.length === 0
    ? passed(`${sessions.length} session(s) of ${rolesOf(sessions)}, no superuser`)
    : failed(`${mighty.length} of ${sessions.length} session(s) as superuser ${rolesOf(mighty)}`);
}

/** Judges whether the application may change its tables. */
function decideOwner(sessions: readonly ApplicationSession[]): Finding {
  const owners = sessions.filter(({ owner }) => owner);
  return owners.length === 0
    ? passed(`${rolesOf(sessions)} own no table`)
    : failed(`${rolesOf(owners)} may change and drop tables as their owner`);
}

interface Passwords {
  readonly encryption: string;
  /** Roles with a stored MD5 hash; undefined: not visible. */
  readonly weak: readonly string[] | undefined;
}

async function readPasswords(database: Database): Promise<Passwords> {
  const { password_encryption: encryption = 'md5' } = await settings(database, ['password_encryption']);
  const [right] = await database.rows<{ visible: boolean }>(
    "SELECT has_table_privilege('pg_authid', 'SELECT') AS visible",
  );
  const weak = right?.visible
    ? await database.rows<{ name: string }>(
        "SELECT rolname::text AS name FROM pg_authid WHERE rolcanlogin AND rolpassword ~ '^md5'",
      )
    : undefined;
  return { encryption, weak: weak?.map(({ name }) => name) };
}

/** Judges how passwords are stored. */
function decidePasswords({ encryption, weak }: Passwords): Finding {
  const objections = [
    ...(encryption === 'scram-sha-256' ? [] : [`password_encryption is ${encryption}`]),
    ...(weak ?? []).map((role) => `the password of ${role} is stored as MD5`),
  ];
  return noneOf(
    objections,
    `new ones are stored as SCRAM${weak ? ', and so are all that are stored' : '; the stored ones cannot be seen'}`,
  );
}

/** A rule of pg_hba.conf by which others than this machine may log in. */
export interface AccessRule {
  readonly line: number;
  /** `host`, `hostssl`, `hostnossl` or a variant for GSSAPI. */
  readonly type: string;
  readonly method: string;
}

/**
 * The rules for other machines.
 * @throws an error of PostgreSQL with SQLSTATE 42501 where the role may not read them
 */
export function accessRules({ rows }: Database): Promise<AccessRule[]> {
  return rows<AccessRule & Record<string, unknown>>(
    `SELECT line_number AS line, type, auth_method AS method FROM pg_hba_file_rules
      WHERE error IS NULL AND type LIKE 'host%' AND auth_method <> 'reject'
        AND (address IS NULL OR address NOT IN ('127.0.0.1', '::1', 'localhost'))
      ORDER BY line_number`,
  );
}

/** What reads pg_hba.conf. */
export const RULES_RIGHT =
  'a superuser, or GRANT SELECT ON pg_hba_file_rules and EXECUTE ON FUNCTION pg_hba_file_rules()';

/** Ways to log in that need no password, or send it readable or as MD5. */
const WEAK_METHODS = ['trust', 'password', 'md5', 'ident'];

/** Judges by which methods others may log in. `md5` accepts SCRAM, but also what is weaker. */
function decideMethods(rules: readonly AccessRule[]): Finding {
  const weak = rules.filter(({ method }) => WEAK_METHODS.includes(method));
  return noneOf(
    weak.map(({ line, method }) => `line ${line} of pg_hba.conf allows ${method}`),
    `${rules.length} rule(s) for other machines, none of them weak`,
  );
}

interface Creation {
  readonly open: readonly string[];
}

/** Who may log in, how, and what they may do. */
export const CREDENTIAL_CHECKS = [
  check({
    name: 'the application is no superuser',
    area: 'credentials and TLS',
    weight: WEIGHTS.loss,
    question: 'Does the application log in as a role that is no superuser?',
    action: 'create a role with SELECT, INSERT, UPDATE and DELETE on its tables, and give it to the application',
    right: MONITOR,
    read: applicationSessions,
    decide: decideSuperuser,
  }),
  check({
    name: 'the application owns no table',
    area: 'credentials and TLS',
    weight: WEIGHTS.outage,
    question: 'Can an injected statement of the application drop no table?',
    action: 'let another role run the migrations and own the tables',
    right: MONITOR,
    read: applicationSessions,
    decide: decideOwner,
  }),
  check({
    name: 'passwords are stored as SCRAM',
    area: 'credentials and TLS',
    weight: WEIGHTS.loss,
    question: 'Are passwords stored in a form that cannot be used to log in?',
    action: 'set password_encryption to scram-sha-256, then set every password again',
    read: readPasswords,
    decide: decidePasswords,
  }),
  check({
    name: 'nobody logs in without a good password',
    area: 'credentials and TLS',
    weight: WEIGHTS.loss,
    question: 'Does pg_hba.conf demand SCRAM, a certificate or a central service of every other machine?',
    action: 'change these lines of pg_hba.conf to scram-sha-256 and reload',
    right: RULES_RIGHT,
    read: accessRules,
    decide: decideMethods,
  }),
  check({
    name: 'not everybody may create in a schema',
    area: 'credentials and TLS',
    weight: WEIGHTS.outage,
    question: 'May nobody plant a table or function in a schema that others use?',
    action: 'REVOKE CREATE ON SCHEMA … FROM PUBLIC',
    read: async ({ rows }): Promise<Creation> => {
      const open = await rows<{ name: string }>(
        `SELECT nspname::text AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND has_schema_privilege('public', oid, 'CREATE') ORDER BY 1`,
      );
      return { open: open.map(({ name }) => name) };
    },
    decide: ({ open }) =>
      noneOf(
        open.map((name) => `PUBLIC may create in the schema ${name}`),
        'PUBLIC may create in no schema',
      ),
  }),
];

/** Where neither pg_hba.conf nor a session without TLS can be seen. */
export function rulesNotSeen(user: string): Finding {
  return notSeen(`${user} may not read pg_hba.conf`, `needs ${RULES_RIGHT}`);
}
