import { type ActionGroup, EVERYBODY, LARGE_OBJECT, refusedToAll } from '../action';

/** Objects of one's own, which others may then trip over. */
export const CREATING: ActionGroup = {
  title: 'Creating',
  actions: [
    refusedToAll('create a table', 'CREATE TABLE public.probe_mine ()'),
    refusedToAll('create a temporary table', 'CREATE TEMPORARY TABLE probe_mine ()'),
    refusedToAll('create a table in the schema of recovered copies', 'CREATE TABLE recovery.probe_mine ()'),
    refusedToAll(
      'create a view in the schema of recovered copies',
      'CREATE VIEW recovery.probe_mine AS SELECT 1 AS one',
    ),
    refusedToAll(
      'create a function in the schema of recovered copies',
      'CREATE FUNCTION recovery.probe_mine() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
    ),
    refusedToAll('create a function', 'CREATE FUNCTION public.probe_mine() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$'),
    refusedToAll(
      'create a function in the schema of monitoring',
      'CREATE FUNCTION monitoring.probe_mine() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
    ),
    refusedToAll('create a type', 'CREATE TYPE public.probe_mine AS (one int)'),
    refusedToAll('create a schema', 'CREATE SCHEMA probe_mine'),
    refusedToAll('create a database', 'CREATE DATABASE probe_mine', {
      alone: true,
      undo: 'DROP DATABASE IF EXISTS probe_mine',
    }),
    refusedToAll('create a role', 'CREATE ROLE probe_mine'),
    refusedToAll('drop an extension', 'DROP EXTENSION pg_stat_statements CASCADE'),
    refusedToAll('create a publication', 'CREATE PUBLICATION probe_mine FOR TABLE public.messages'),
    refusedToAll(
      'create a subscription',
      "CREATE SUBSCRIPTION probe_mine CONNECTION 'host=localhost' PUBLICATION p WITH (connect = false)",
    ),
    refusedToAll(
      'create a trigger on bookings',
      `CREATE TRIGGER probe_mine BEFORE UPDATE ON public.bookings FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
    ),
    refusedToAll(
      'create a rule on bookings',
      'CREATE RULE probe_mine AS ON DELETE TO public.bookings DO INSTEAD NOTHING',
    ),
    refusedToAll('create an index on bookings', 'CREATE INDEX probe_mine ON public.bookings (notes)'),
    refusedToAll('create a policy on bookings', 'CREATE POLICY probe_mine ON public.bookings USING (true)'),
    refusedToAll('add a column to bookings', 'ALTER TABLE public.bookings ADD COLUMN probe_mine int'),
    refusedToAll('drop bookings', 'DROP TABLE public.bookings CASCADE'),
    {
      // PostgreSQL lets every role, and on RDS nobody may change that: the functions belong to rdsadmin.
      name: 'create a large object',
      sql: 'SELECT lo_create(0)',
      allowed: EVERYBODY,
    },
    refusedToAll("write another's large object", `SELECT lo_put(${LARGE_OBJECT}, 0, 'x')`),
    refusedToAll("read another's large object", `SELECT lo_get(${LARGE_OBJECT})`),
  ],
};
