import type { Migration } from '../../../lib/contract/migrations';
import { splitStatements, type SqlStatement } from '../../../lib/contract/sql-tokens';

/** An index and its table as a file names them: the index without quotes, the table as PostgreSQL's to_regclass accepts it. */
export interface ConcurrentIndex {
  readonly index: string;
  readonly table: string;
}

/**
 * How a file can be run, and what an interruption leaves:
 * - `transaction`: everything or nothing, together with its entry in the history;
 * - `concurrent index`: one `CREATE INDEX CONCURRENTLY`, which leaves a valid index, an invalid one or none;
 * - `alone`: one other statement that PostgreSQL refuses in a transaction; `leavesTraces`: what a failure leaves, only a person can see;
 * - `refused`: no run could keep all of it or nothing; `because` completes "the file cannot be run: ".
 */
export type MigrationKind =
  | { readonly kind: 'transaction' }
  | ({ readonly kind: 'concurrent index' } & ConcurrentIndex)
  | { readonly kind: 'alone'; readonly leavesTraces: boolean }
  | { readonly kind: 'refused'; readonly because: string };

/** First words of transaction control. SAVEPOINT and RELEASE are here too: Prisma's engine cannot run them, because it opens no transaction. */
const TRANSACTION_CONTROL = ['begin', 'start', 'commit', 'end', 'rollback', 'abort', 'savepoint', 'release'];

/** First words of statements that PostgreSQL 15 refuses in a transaction (PreventInTransactionBlock in its sources), whatever follows. */
const ALONE = [
  'vacuum',
  'alter system',
  ...['create', 'drop'].flatMap((verb) => ['database', 'tablespace', 'subscription'].map((what) => `${verb} ${what}`)),
];

/**
 * The kind of a file. A file that is wrongly taken for a `transaction` is refused by PostgreSQL when it runs, and nothing of it is kept.
 */
export function kindOf({ sql }: Pick<Migration, 'sql'>): MigrationKind {
  const statements = splitStatements(sql);
  const control = statements.findIndex(({ tokens }) => controlsTransaction(tokens));
  if (control !== -1) {
    return refuse(sql, statements, control, 'a file and its entry in the history are one transaction; leave it out');
  }
  const alone = statements.findIndex(({ tokens }) => isAlone(tokens));
  const [only] = statements;
  if (alone === -1 || !only) return { kind: 'transaction' };
  if (statements.length > 1) {
    return refuse(sql, statements, alone, 'PostgreSQL refuses it beside others; give it a file of its own');
  }
  const target = concurrentIndex(only.tokens);
  return target
    ? { kind: 'concurrent index', ...target }
    : { kind: 'alone', leavesTraces: only.tokens.includes('concurrently') };
}

function refuse(sql: string, statements: readonly SqlStatement[], index: number, why: string): MigrationKind {
  const { start, tokens } = statements[index]!;
  const line = sql.slice(0, start).split('\n').length;
  const words = tokens.filter((token) => /^[a-z]+$/.test(token)).slice(0, 3);
  return {
    kind: 'refused',
    because: `statement ${index + 1} (line ${line}, ${words.join(' ').toUpperCase()}): ${why}`,
  };
}

function controlsTransaction([first = '', second]: readonly string[]): boolean {
  return TRANSACTION_CONTROL.includes(first) || (first === 'prepare' && second === 'transaction');
}

function isAlone(tokens: readonly string[]): boolean {
  const [first = '', second, third] = tokens;
  if (ALONE.includes(first) || ALONE.includes(`${first} ${second}`)) return true;
  switch (first) {
    case 'create':
      return second === 'unique' ? tokens[3] === 'concurrently' : second === 'index' && third === 'concurrently';
    case 'drop':
      return second === 'index' && third === 'concurrently';
    case 'reindex':
      return tokens.includes('concurrently') || WHOLE.includes(afterOptions(tokens) ?? '');
    case 'cluster':
      return second === undefined || (second === 'verbose' && third === undefined);
    case 'alter':
      return second === 'table'
        ? tokens.includes('detach') && tokens.at(-1) === 'concurrently'
        : second === 'database' && tokens.includes('tablespace');
    default:
      return false;
  }
}

/** What REINDEX does table by table, each in a transaction. */
const WHOLE = ['database', 'system', 'schema'];

/** The first token after a statement's first word and its options in parentheses. */
function afterOptions(tokens: readonly string[]): string | undefined {
  return tokens[1] === '(' ? tokens[tokens.indexOf(')') + 1] : tokens[1];
}

/** The index of CREATE [UNIQUE] INDEX CONCURRENTLY [IF NOT EXISTS] name ON [ONLY] [schema.]table; undefined where it is not of this form. */
function concurrentIndex(tokens: readonly string[]): ConcurrentIndex | undefined {
  const rest = tokens.slice(tokens[1] === 'unique' ? 2 : 1);
  if (rest[0] !== 'index' || rest[1] !== 'concurrently') return undefined;
  const [index, on, ...table] = rest.slice(rest[2] === 'if' ? 5 : 2);
  if (!isName(index) || on !== 'on') return undefined;
  const [first, dot, second] = table[0] === 'only' ? table.slice(1) : table;
  if (!isName(first) || (dot === '.' && !isName(second))) return undefined;
  return { index: unquote(index), table: dot === '.' ? `${first}.${second}` : first };
}

function isName(token: string | undefined): token is string {
  return token !== undefined && /^(?:"|[a-z_\u0080-\uffff])/.test(token) && !/^u&"/i.test(token);
}

function unquote(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
