import { filterPattern } from '../../../lib/rehearsal/alarms/filter-pattern';
import { LOG_SOURCES } from '../../../lib/monitoring/sources/logs';

/** The prefix that RDS gives each line, `%t:%r:%u@%d:[%p]:` (RDS User Guide, "RDS for PostgreSQL database log files"). */
const rds = (line: string, who = 'database_admin@whatsapp_saas') =>
  `2026-11-26 09:15:04 UTC:10.0.3.17(53412):${who}:[4711]:${line}`;
const TLS = 'SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)';

describe('log-ins of the master user', () => {
  const matches = filterPattern(LOG_SOURCES.pg_log_master_logins.pattern);
  const authorized = (user: string, application = '') =>
    rds(
      `LOG:  connection authorized: user=${user} database=whatsapp_saas ${application}${TLS}`,
      `${user}@whatsapp_saas`,
    );

  test.each([
    ['psql', authorized('database_admin', 'application_name=psql ')],
    ['a client without a name, as the rotation’s', authorized('database_admin')],
  ])('are counted: %s', (_, line) => expect(matches(line)).toBe(true));

  test.each([
    ['the migrations', authorized('database_admin', 'application_name=migrate ')],
    ['another role', authorized('app_user', 'application_name=psql ')],
    ['a refused one', rds('FATAL:  password authentication failed for user "database_admin"')],
    ['the start of a connection', rds('LOG:  connection received: host=10.0.3.17 port=53412', '[unknown]@[unknown]')],
    [
      'the end of a session',
      rds('LOG:  disconnection: session time: 0:00:01.000 user=database_admin database=postgres'),
    ],
  ])('are not: %s', (_, line) => expect(matches(line)).toBe(false));
});

// The forms of pgaudit's README, "Format" and "Examples": the npm package of PostgreSQL has no pgaudit.
describe('changes of privileges', () => {
  const matches = filterPattern(LOG_SOURCES.pg_log_privilege_changes.pattern);
  const audit = (fields: string) => rds(`LOG:  AUDIT: SESSION,${fields},<not logged>`);

  test.each([
    ['GRANT', audit('3,1,ROLE,GRANT,TABLE,,"GRANT SELECT ON account TO auditor"')],
    ['REVOKE', audit('12,1,ROLE,REVOKE,TABLE,,REVOKE ALL ON salons FROM app_user')],
    ['a new role', audit('1,1,ROLE,CREATE ROLE,,,create role user1')],
    ['a new password', audit('2,1,ROLE,ALTER ROLE,,,ALTER USER app_user WITH PASSWORD <REDACTED>')],
  ])('are counted: %s', (_, line) => expect(matches(line)).toBe(true));

  test.each([
    ['a table', audit('1,1,DDL,CREATE TABLE,TABLE,public.account,create table account (id int)')],
    ['a query', audit('2,1,READ,SELECT,TABLE,public.account,select * from account')],
    ['no audit at all', rds('LOG:  checkpoint starting: time')],
  ])('are not: %s', (_, line) => expect(matches(line)).toBe(false));
});

test('one of several terms is enough after ?', () => {
  const matches = filterPattern('?"one" ?"two"');
  expect(['a one', 'a two', 'a three'].map(matches)).toEqual([true, true, false]);
});

test.each(['', 'word', '-"only this not"', '"both" ?"kinds"', '{ $.field = 1 }', '%regex%'])(
  'refuses the pattern %j, which it does not apply as CloudWatch does',
  (pattern) => {
    expect(() => filterPattern(pattern)).toThrow(`the rehearsal cannot apply the filter pattern ${pattern}`);
  },
);
