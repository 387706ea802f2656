import { loadModule, type Node, parseSync, type ParseResult } from 'libpg-query';

/** One statement of a file. */
export interface ParsedStatement {
  /** The statement; its one field is named for the kind, such as `IndexStmt`. */
  readonly node: Node;
  readonly line: number;
  /** The beginning of its first line, up to the first literal, which may be a secret. */
  readonly excerpt: string;
}

const LONGEST_EXCERPT = 80;
const LEADING_NOISE = /^(?:\s+|--[^\n]*|\/\*[\s\S]*?\*\/)*/;

/**
 * Parses SQL with the grammar of PostgreSQL 15, compiled to WebAssembly.
 * @throws Error with PostgreSQL's message when it is not SQL
 */
export async function parseSql(sql: string): Promise<ParsedStatement[]> {
  await loadModule();
  const bytes = Buffer.from(sql);
  return ((parseSync(sql) as ParseResult).stmts ?? []).flatMap(
    ({ stmt, stmt_location: start = 0, stmt_len: length }) => {
      if (!stmt) return [];
      // Positions are in bytes, and a statement begins where the one before it ends, so that its text begins with comments and blanks.
      const text = bytes.subarray(start, length ? start + length : undefined).toString();
      const noise = LEADING_NOISE.exec(text)?.[0] ?? '';
      const line = (bytes.subarray(0, start).toString() + noise).split('\n').length;
      return [{ node: stmt, line, excerpt: excerptOf(text.slice(noise.length)) }];
    },
  );
}

function excerptOf(statement: string): string {
  const line = statement.split('\n')[0]?.slice(0, LONGEST_EXCERPT) ?? '';
  const literal = line.search(/'|\$\w*\$/);
  return literal < 0 ? line : `${line.slice(0, literal).trimEnd()} …`;
}
