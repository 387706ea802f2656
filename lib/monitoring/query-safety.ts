import { loadModule, parseSync, type ParseResult } from 'libpg-query';
import { InvalidQueries, type Query } from './queries';

/**
 * Functions that change something outside of a query's own transaction, or hold up the session: not even a transaction that only reads
 * prevents them. By the beginning of their names.
 */
const REFUSED_FUNCTIONS = [
  'pg_advisory_',
  'pg_try_advisory_',
  'set_config',
  'pg_sleep',
  'pg_terminate_',
  'pg_cancel_',
  'pg_reload_',
  'pg_rotate_',
  'pg_switch_',
  'pg_promote',
  'pg_create_',
  'pg_drop_',
  'pg_copy_',
  'pg_replication_slot_advance',
  'pg_logical_emit_',
  'pg_notify',
  'pg_read_',
  'pg_ls_',
  'pg_stat_file',
  'pg_stat_reset',
  'pg_stat_statements_reset',
  'pg_backup_',
  'pg_wal_replay_',
  'lo_',
  'nextval',
  'setval',
  'dblink',
  'query_to_xml',
];

/**
 * Checks with PostgreSQL's own parser that the collector's queries only read: one SELECT each, without a statement that writes inside,
 * without row locks, and without functions of REFUSED_FUNCTIONS. That their transactions only read stops what this does not see, such as
 * a function of one's own.
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
      if (REFUSED_FUNCTIONS.some((refused) => called.startsWith(refused)))
        faults.add(`calls ${called}, which does more than read; leave it out`);
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

/** The name of a function without its schema, in lower case. */
function calledFunction({ funcname }: ParsedNode): string {
  const parts = (funcname ?? []) as readonly { readonly String?: { readonly sval?: string } }[];
  return (parts.at(-1)?.String?.sval ?? '').toLowerCase();
}
