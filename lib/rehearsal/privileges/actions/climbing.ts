import { MASTER_USER } from '../../../contract/roles';
import { type ActionGroup, BYSTANDER, EVERYBODY, refusedToAll } from '../action';

/** More rights than one was given, for oneself or for others. */
export const CLIMBING: ActionGroup = {
  title: 'Getting more rights',
  actions: [
    refusedToAll('become the master user', `SET ROLE ${MASTER_USER}`),
    refusedToAll('become the superuser', 'SET SESSION AUTHORIZATION rdsadmin'),
    refusedToAll('become a superuser by ALTER ROLE', 'ALTER ROLE CURRENT_USER SUPERUSER'),
    refusedToAll('get CREATEROLE', 'ALTER ROLE CURRENT_USER CREATEROLE'),
    refusedToAll('get BYPASSRLS', 'ALTER ROLE CURRENT_USER BYPASSRLS'),
    refusedToAll('get more connections', 'ALTER ROLE CURRENT_USER CONNECTION LIMIT 1000'),
    refusedToAll('become a member of rds_superuser', 'GRANT rds_superuser TO CURRENT_USER'),
    refusedToAll('become a member of pg_read_all_data', 'GRANT pg_read_all_data TO CURRENT_USER'),
    refusedToAll("change another role's password", `ALTER ROLE ${BYSTANDER} PASSWORD 'x'`),
    {
      // PostgreSQL lets every role; the rotation of app_user's secret needs it. Roles that log in with tokens cannot use a password.
      name: 'change the own password',
      sql: "ALTER ROLE CURRENT_USER PASSWORD 'x'",
      allowed: EVERYBODY,
    },
    {
      // PostgreSQL lets every role: time limits guard against mistakes, not against attackers.
      name: 'lift the own time limits',
      sql: 'SET statement_timeout = 0; ALTER ROLE CURRENT_USER SET statement_timeout = 0',
      allowed: EVERYBODY,
    },
    refusedToAll(
      'give another role what one may read',
      `GRANT SELECT ON public.salons TO ${BYSTANDER}; SELECT FROM public.salons WHERE has_table_privilege($$${BYSTANDER}$$, $$public.salons$$, $$SELECT$$)`,
      {
        needsRow: true,
      },
    ),
    refusedToAll(
      'change what a role may do with later tables',
      `ALTER DEFAULT PRIVILEGES FOR ROLE ${MASTER_USER} GRANT ALL ON TABLES TO PUBLIC`,
    ),
    refusedToAll('own a table of another', 'ALTER TABLE public.bookings OWNER TO CURRENT_USER'),
    refusedToAll('change a function that runs as its owner', 'ALTER FUNCTION monitoring.activity() SECURITY INVOKER'),
    refusedToAll(
      'change the search path of a function that runs as its owner',
      'ALTER FUNCTION monitoring.activity() SET search_path = public',
    ),
    refusedToAll('change settings of the database', 'ALTER DATABASE :database SET work_mem = 1024'),
    refusedToAll('change settings of another role', `ALTER ROLE ${BYSTANDER} SET search_path = 'x'`),
    refusedToAll('change settings of the server', 'ALTER SYSTEM SET work_mem = 1024', {
      alone: true,
      undo: 'ALTER SYSTEM RESET work_mem',
    }),
    refusedToAll('switch off triggers and foreign keys', 'SET session_replication_role = replica'),
    refusedToAll('switch off checks of large objects', 'SET lo_compat_privileges = on'),
    refusedToAll('lift the limit of temporary files', 'SET temp_file_limit = -1'),
    refusedToAll('switch on the log of statements', 'SET log_statement = $$all$$'),
    refusedToAll('switch off the log of deadlocks', 'SET log_lock_waits = off'),
    refusedToAll('execute a function of a later migration', 'SELECT public.probe_later_function()'),
  ],
};
