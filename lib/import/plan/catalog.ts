import { rowOf, rowsOf, type Side } from '../session';

/** What a server and the user's rights are like, as far as an import needs it. */
export interface ServerFacts {
  readonly version: number;
  readonly versionText: string;
  readonly inRecovery: boolean;
  readonly walLevel: string;
  readonly freeSlots: number;
  readonly freeSenders: number;
  readonly freeWorkers: number;
  /** Most WAL that a slot may hold, megabytes; -1: no limit. */
  readonly slotLimitMb: number;
  readonly encrypted: boolean;
  readonly user: string;
  readonly superuser: boolean;
  readonly mayReplicate: boolean;
  readonly maySubscribe: boolean;
  readonly mayEndSessions: boolean;
  readonly mayBypassRowSecurity: boolean;
  readonly ownsDatabase: boolean;
  readonly encoding: string;
  readonly collation: string;
  readonly extensions: readonly string[];
  readonly availableExtensions: readonly string[];
  readonly largeObjects: number;
  readonly preparedTransactions: number;
  /** Age of the oldest transaction that writes or keeps a snapshot, seconds. */
  readonly oldestTransactionSeconds: number;
  readonly databaseBytes: number;
  readonly serverName: string;
  readonly publications: readonly string[];
  readonly subscriptions: readonly string[];
  readonly slots: readonly string[];
  readonly schemas: readonly string[];
  readonly sequences: readonly string[];
  /** Views, materialized views and functions: what no import moves. */
  readonly others: readonly string[];
}

/** A column of a table. */
export interface Column {
  readonly name: string;
  /** With length or precision, such as `timestamp(3) without time zone`. */
  readonly type: string;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  readonly generated: boolean;
  readonly enumLabels: readonly string[] | null;
  /** Whether the binary form of a value depends on numbers of this database: arrays and composites of its own types. */
  readonly textOnly: boolean;
}

/** A table, with what replication needs. */
export interface Table {
  readonly schema: string;
  readonly name: string;
  /** As pg_class.relkind: r a table, p a partitioned one, f a foreign one. */
  readonly kind: string;
  readonly unlogged: boolean;
  /** As pg_class.relreplident: d the primary key, n nothing, f the whole row, i an index. */
  readonly identity: string;
  readonly hasPrimaryKey: boolean;
  readonly owned: boolean;
  readonly readable: boolean;
  readonly rowSecurity: boolean;
  /** An estimate; -1: never counted. */
  readonly rows: number;
  readonly bytes: number;
  readonly indexBytes: number;
  readonly triggers: readonly string[];
  readonly columns: readonly Column[];
}

const SERVER = `
  SELECT current_setting('server_version_num')::int AS version, split_part(current_setting('server_version'), ' ', 1) AS "versionText",
         pg_is_in_recovery() AS "inRecovery", current_setting('wal_level') AS "walLevel",
         current_setting('max_replication_slots')::int - (SELECT count(*)::int FROM pg_replication_slots) AS "freeSlots",
         current_setting('max_wal_senders')::int - (SELECT count(*)::int FROM pg_stat_replication) AS "freeSenders",
         least(current_setting('max_logical_replication_workers')::int, current_setting('max_worker_processes')::int)
           - (SELECT count(*)::int FROM pg_stat_subscription WHERE pid IS NOT NULL) AS "freeWorkers",
         (SELECT setting::int FROM pg_settings WHERE name = 'max_slot_wal_keep_size') AS "slotLimitMb",
         coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS encrypted,
         current_user::text AS "user", rolsuper AS superuser,
         rolsuper OR rolreplication OR %member(rds_replication) OR %member(rds_superuser) AS "mayReplicate",
         rolsuper OR %member(rds_superuser) OR %member(pg_create_subscription) AS "maySubscribe",
         rolsuper OR %member(pg_signal_backend) AS "mayEndSessions",
         rolsuper OR rolbypassrls AS "mayBypassRowSecurity",
         rolsuper OR pg_has_role(datdba, 'USAGE') AS "ownsDatabase",
         pg_encoding_to_char(encoding) AS encoding, datcollate AS collation,
         (SELECT coalesce(json_agg(extname ORDER BY extname), '[]') FROM pg_extension) AS extensions,
         (SELECT coalesce(json_agg(name), '[]') FROM pg_available_extensions) AS "availableExtensions",
         (SELECT count(*)::int FROM pg_largeobject_metadata) AS "largeObjects",
         (SELECT count(*)::int FROM pg_prepared_xacts WHERE database = datname) AS "preparedTransactions",
         (SELECT coalesce(max(extract(epoch FROM now() - xact_start)), 0)::float8 FROM pg_stat_activity
           WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' AND (backend_xid IS NOT NULL OR backend_xmin IS NOT NULL))
           AS "oldestTransactionSeconds",
         pg_database_size(datname)::float8 AS "databaseBytes",
         coalesce(inet_server_addr()::text, 'socket') || ':' || current_setting('port') || '/' || datname
           || '/' || pg_postmaster_start_time() AS "serverName",
         (SELECT coalesce(json_agg(pubname), '[]') FROM pg_publication) AS publications,
         (SELECT coalesce(json_agg(subname), '[]') FROM pg_stat_subscription) AS subscriptions,
         (SELECT coalesce(json_agg(slot_name), '[]') FROM pg_replication_slots) AS slots,
         (SELECT json_agg(nspname) FROM pg_namespace) AS schemas,
         (SELECT coalesce(json_agg(relname ORDER BY relname), '[]') FROM pg_class
           WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace) AS sequences,
         (SELECT coalesce(json_agg(what ORDER BY what), '[]') FROM (
            SELECT 'view ' || relname AS what, oid, 'pg_class'::regclass AS class FROM pg_class
             WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace
            UNION ALL SELECT 'function ' || proname, oid, 'pg_proc'::regclass FROM pg_proc WHERE pronamespace = 'public'::regnamespace
          ) AS other WHERE NOT EXISTS (SELECT FROM pg_depend WHERE classid = class AND objid = oid AND deptype = 'e')) AS others
    FROM pg_database, pg_roles WHERE datname = current_database() AND rolname = current_user`;

const TABLES = `
  SELECT nspname AS schema, relname AS name, relkind AS kind, relpersistence = 'u' AS unlogged, relreplident AS identity,
         EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid AND indisprimary) AS "hasPrimaryKey",
         pg_has_role(relowner, 'USAGE') AS owned,
         has_schema_privilege(relnamespace, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS readable, relrowsecurity AS "rowSecurity", reltuples::float8 AS rows,
         CASE WHEN relkind = 'r' THEN pg_table_size(c.oid) ELSE 0 END::float8 AS bytes,
         CASE WHEN relkind = 'r' THEN pg_indexes_size(c.oid) ELSE 0 END::float8 AS "indexBytes",
         (SELECT coalesce(json_agg(tgname), '[]') FROM pg_trigger WHERE tgrelid = c.oid AND NOT tgisinternal) AS triggers,
         (SELECT coalesce(json_agg(json_build_object(
             'name', attname, 'type', format_type(atttypid, atttypmod), 'notNull', attnotnull,
             'hasDefault', attgenerated = '' AND (atthasdef OR attidentity <> ''), 'generated', attgenerated <> '',
             'enumLabels', (SELECT json_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = atttypid),
             'textOnly', atttypid >= 16384 AND NOT EXISTS (SELECT FROM pg_type WHERE pg_type.oid = atttypid AND typtype = 'e')
           ) ORDER BY attnum), '[]') FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS columns
    FROM pg_class AS c JOIN pg_namespace ON pg_namespace.oid = relnamespace
   WHERE relkind IN ('r', 'p', 'f') AND NOT relispartition
     AND nspname NOT IN ('information_schema', 'import_fence', 'import_state') AND nspname !~ '^pg_'
     AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
   ORDER BY nspname, relname`;

/** Reads what a server and the user's rights are like. */
export function readServer(side: Side): Promise<ServerFacts> {
  // A role that does not exist here has no members.
  const sql = SERVER.replaceAll(
    /%member\((\w+)\)/g,
    (_, role) =>
      `coalesce((SELECT pg_has_role(current_user, other.oid, 'USAGE') FROM pg_roles AS other WHERE other.rolname = '${role}'), false)`,
  );
  return rowOf<ServerFacts>(side, sql);
}

/** Reads all tables of a database, apart from those of PostgreSQL, of extensions and of an import. */
export function readTables(side: Side): Promise<Table[]> {
  return rowsOf<Table>(side, TABLES);
}

/** An entry of Prisma's migration history. */
export interface HistoryEntry {
  readonly name: string;
  readonly finished: boolean;
}

/** Reads Prisma's migration history; undefined: there is none. */
export async function readHistory(side: Side): Promise<HistoryEntry[] | undefined> {
  const { found } = await rowOf<{ found: boolean }>(
    side,
    `SELECT count(*) > 0 AS found FROM pg_class
      WHERE relname = '_prisma_migrations' AND relnamespace = 'public'::regnamespace
        AND has_schema_privilege(relnamespace, 'USAGE') AND has_table_privilege(oid, 'SELECT')`,
  );
  if (!found) return undefined;
  return rowsOf<HistoryEntry>(
    side,
    `SELECT migration_name AS name, finished_at IS NOT NULL AS finished FROM public._prisma_migrations
      WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
}
