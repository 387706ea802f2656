import { APP_USER, DBA_USER, RECOVERY_USER } from '../../../contract/roles';
import { type ActionGroup, BYSTANDER, refusedToAll } from '../action';

/** Files, programs and functions of the server. */
export const SERVER: ActionGroup = {
  title: 'Files and functions of the server',
  actions: [
    refusedToAll('run a program', "COPY (SELECT 1) TO PROGRAM 'cat >/dev/null'"),
    refusedToAll('write a file', "COPY (SELECT 1) TO '/dev/null'"),
    refusedToAll('read a file (COPY)', "COPY public.webhook_logs FROM '/dev/null'"),
    refusedToAll('read a file (pg_read_file)', "SELECT pg_read_file('PG_VERSION')"),
    refusedToAll('list a folder', "SELECT pg_ls_dir('.')"),
    // dba_user finds a function of the schema dba under this name.
    { name: 'list the WAL files', sql: 'SELECT pg_ls_waldir()', allowed: [DBA_USER] },
    refusedToAll('read a file as a large object', "SELECT lo_import('/dev/null')"),
    refusedToAll('load a library', "LOAD '$libdir/auto_explain'"),
    refusedToAll('read the configuration again', 'SELECT pg_reload_conf()'),
    refusedToAll('switch to a new log file', 'SELECT pg_rotate_logfile()'),
    refusedToAll('switch to a new WAL file', 'SELECT pg_switch_wal()'),
    refusedToAll('create a restore point', "SELECT pg_create_restore_point('probe')"),
    refusedToAll(
      'create a replication slot, which holds back WAL',
      "SELECT pg_create_physical_replication_slot('probe', true)",
      {
        undo: "SELECT pg_drop_replication_slot('probe') FROM pg_replication_slots WHERE slot_name = 'probe'",
      },
    ),
    refusedToAll('write a checkpoint', 'CHECKPOINT'),
    refusedToAll('reset statistics', 'SELECT pg_stat_reset()'),
    refusedToAll('reset the statistics of statements', 'SELECT public.pg_stat_statements_reset()'),
    {
      name: "end another role's session",
      sql: `SELECT pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE usename = $$${BYSTANDER}$$`,
      needsRow: true,
      allowed: [DBA_USER],
    },
    {
      name: "cancel another role's statement",
      sql: `SELECT pg_cancel_backend(pid) FROM pg_catalog.pg_stat_activity WHERE usename = $$${BYSTANDER}$$`,
      needsRow: true,
      allowed: [DBA_USER],
    },
  ],
};

/** Tables of later migrations, whose authors may forget to grant and revoke. */
export const LATER: ActionGroup = {
  title: 'Objects of later migrations',
  actions: [
    { name: 'read a later table', sql: 'SELECT FROM public.probe_later', allowed: [APP_USER, RECOVERY_USER] },
    { name: 'write a later table', sql: 'INSERT INTO public.probe_later DEFAULT VALUES', allowed: [APP_USER] },
    refusedToAll('empty a later table (TRUNCATE)', 'TRUNCATE public.probe_later'),
    refusedToAll(
      'put a trigger on a later table',
      'CREATE TRIGGER probe_mine BEFORE UPDATE ON public.probe_later FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()',
    ),
    { name: 'use a later sequence', sql: "SELECT nextval('public.probe_later_numbers')", allowed: [APP_USER] },
    refusedToAll('read a table of a later schema', 'SELECT FROM probe_later_schema.probe'),
  ],
};
