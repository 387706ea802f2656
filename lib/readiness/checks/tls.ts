import { DatabaseError } from 'pg';
import { check, type Finding, failed, noneOf, passed, WEIGHTS } from '../check';
import { type Database, settings } from '../database';
import { type AccessRule, accessRules, RULES_RIGHT, rulesNotSeen } from './credentials';

interface Refusal {
  /** Whether RDS forces TLS; undefined: there is no such setting. */
  readonly forced: boolean | undefined;
  /** Undefined: not visible. */
  readonly rules: readonly AccessRule[] | undefined;
  /** Sessions of other machines without TLS that this role sees. */
  readonly plainSessions: number;
  readonly user: string;
}

async function readRefusal(database: Database): Promise<Refusal> {
  const { 'rds.force_ssl': force } = await settings(database, ['rds.force_ssl']);
  const [plain] = await database.rows<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity AS s JOIN pg_stat_ssl AS t ON t.pid = s.pid
      WHERE NOT t.ssl AND NOT (s.client_addr <<= inet '127.0.0.0/8' OR s.client_addr = inet '::1')`,
  );
  return {
    forced: force === undefined ? undefined : /^(1|on)$/.test(force),
    plainSessions: plain?.count ?? 0,
    user: database.facts.user,
    // Last, because an error ends the transaction.
    rules: await accessRules(database).catch((error: unknown) => {
      if (error instanceof DatabaseError && error.code === '42501') return undefined;
      throw error;
    }),
  };
}

/** Judges whether a log-in without TLS from another machine is refused. */
function decideRefusal({ forced, rules, plainSessions, user }: Refusal): Finding {
  if (plainSessions > 0) return failed(`${plainSessions} session(s) of other machines are without TLS`);
  if (forced === true) return passed('rds.force_ssl is on');
  if (forced === false) return failed('rds.force_ssl is off');
  if (rules === undefined) return rulesNotSeen(user);
  const plain = rules.filter(({ type }) => !['hostssl', 'hostgssenc'].includes(type));
  return noneOf(
    plain.map(({ line, type }) => `line ${line} of pg_hba.conf (${type}) allows log-ins without TLS`),
    'pg_hba.conf allows other machines only TLS',
  );
}

/** TLS. */
export const TLS_CHECKS = [
  check({
    name: 'the server offers TLS',
    area: 'credentials and TLS',
    weight: WEIGHTS.loss,
    question: 'Can a session be encrypted at all?',
    action: 'set ssl to on with a certificate that clients can verify',
    read: (database) => settings(database, ['ssl']),
    decide: ({ ssl }) => (ssl === 'on' ? passed('ssl is on') : failed('ssl is off')),
  }),
  check({
    name: 'log-ins without TLS are refused',
    area: 'credentials and TLS',
    weight: WEIGHTS.loss,
    question: 'Must every other machine use TLS?',
    action: 'set rds.force_ssl to 1, or write hostssl for host in pg_hba.conf, and reload',
    right: RULES_RIGHT,
    read: readRefusal,
    decide: decideRefusal,
  }),
  check({
    name: 'old versions of TLS are refused',
    area: 'credentials and TLS',
    weight: WEIGHTS.work,
    question: 'Is TLS 1.2 the oldest that the server accepts?',
    action: 'set ssl_min_protocol_version to TLSv1.2',
    read: (database) => settings(database, ['ssl', 'ssl_min_protocol_version']),
    decide: ({ ssl, ssl_min_protocol_version: least = '' }) => {
      if (ssl !== 'on') return failed('ssl is off');
      return /^TLSv1\.[23]$/.test(least)
        ? passed(`at least ${least}`)
        : failed(`ssl_min_protocol_version is ${least || 'not set'}`);
    },
  }),
];
