import { loadModule, parseSync, type ParseResult } from 'libpg-query';
import { InvalidQueries, type Query } from './queries';

/**
 * PostgreSQL's functions that a query may call: they only calculate, or tell about the server. All others are refused, because too many do
 * more: they lock, wait, set, end sessions, read files, advance sequences, and a transaction that only reads prevents few of them. A test
 * asks a real server how volatile these are.
 */
export const READING_FUNCTIONS: ReadonlySet<string> = new Set(
  `abs age array_agg array_length avg bool_and bool_or btrim cardinality ceil ceiling char_length concat convert_to count current_database
   current_setting date_bin date_part date_trunc dense_rank encode every exp extract first_value floor format format_type
   generate_series has_database_privilege has_sequence_privilege has_table_privilege jsonb_array_length justify_interval lag last_value
   lead left length ln log lower make_interval max md5 min mod mode now ntile octet_length percent_rank percentile_cont percentile_disc
   pg_backend_pid pg_size_bytes pg_size_pretty pg_wal_lsn_diff position power quote_ident rank regexp_match regexp_replace replace right
   round row_number sha256 sign split_part sqrt statement_timestamp stddev string_agg string_to_array strpos substr substring sum timezone
   to_char to_regclass to_timestamp transaction_timestamp trunc unnest upper variance width_bucket pg_postmaster_start_time
   pg_conf_load_time`.split(/\s+/),
);

/** The same of functions that PostgreSQL calls volatile only because their values change within a statement. */
export const CHANGING_READING_FUNCTIONS: ReadonlySet<string> = new Set(
  `clock_timestamp pg_blocking_pids pg_current_wal_insert_lsn pg_current_wal_lsn pg_database_size pg_indexes_size pg_is_in_recovery
   pg_is_wal_replay_paused pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp pg_relation_size pg_table_size
   pg_total_relation_size`.split(/\s+/),
);

/**
 * Checks with PostgreSQL's own parser that the collector's queries only read: one SELECT each, without a statement that writes inside,
 * without row locks, and without any function but those above. That their transactions only read stops what this does not see, such as
 * a view that calls a function.
 * @throws InvalidQueries with a sentence for each query that does more
 */
export async function checkQueries(queries: readonly Pick<Query, 'name' | 'sql'>[]): Promise<void> {
  await loadModule();
  const faults = queries.flatMap(({ name, sql }) => faultsOf(sql).map((fault) => `the query ${name} ${fault}`));
  if (faults.length > 0) throw new InvalidQueries(faults);
}

function faultsOf(sql: string): string[] {
  let statements: ParseResult['stmts'];
  try {
    statements = (parseSync(sql) as ParseResult).stmts ?? [];
  } catch (error) {
    return [`is not SQL: ${(error as Error).message}`];
  }
  if (statements.length !== 1) return [`has ${statements.length} statements; allowed: one SELECT`];
  const faults = new Set<string>();
  visit(statements[0]?.stmt, (kind, node) => {
    if (/Stmt$/.test(kind) && kind !== 'SelectStmt')
      faults.add(`has a ${kind.replace('Stmt', '').toUpperCase()}; allowed: SELECT`);
    if (kind === 'SelectStmt' && 'intoClause' in node) faults.add('creates a table by SELECT INTO; allowed: SELECT');
    if (kind === 'LockingClause') faults.add('locks rows; leave FOR UPDATE or FOR SHARE out');
    if (kind === 'FuncCall') {
      const called = calledFunction(node);
      const name = called.replace(/^pg_catalog\./, '');
      if (!READING_FUNCTIONS.has(name) && !CHANGING_READING_FUNCTIONS.has(name))
        faults.add(`calls ${name}, which is not in READING_FUNCTIONS; add it to query-safety.ts if it only reads`);
    }
  });
  return [...faults];
}

type ParsedNode = Readonly<Record<string, unknown>>;

/** Calls `see` for each node below a value, with the name of its kind. */
function visit(value: unknown, see: (kind: string, node: ParsedNode) => void): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (/^[A-Z]/.test(key) && typeof child === 'object' && child !== null) see(key, child as ParsedNode);
    visit(child, see);
  }
}

/** The name of a function, with its schema where the query names one. */
function calledFunction({ funcname }: ParsedNode): string {
  const parts = (funcname ?? []) as readonly { readonly String?: { readonly sval?: string } }[];
  return parts.map((part) => part.String?.sval ?? '').join('.');
}
