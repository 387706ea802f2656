import { loadModule, type Node, parseSync, type ParseResult } from 'libpg-query';

/** A statement of a file. */
export interface ParsedStatement {
  /** One field, named for the kind of statement, such as `IndexStmt`. */
  readonly node: Node;
  readonly line: number;
  /** First line of its text. */
  readonly excerpt: string;
}

const LONGEST_EXCERPT = 80;
const LEADING_NOISE = /^(?:\s+|--[^\n]*|\/\*[\s\S]*?\*\/)*/;

/**
 * Parses with PostgreSQL 15's own grammar, compiled to WebAssembly.
 * @throws Error with PostgreSQL's message when it is no SQL
 */
export async function parseSql(sql: string): Promise<ParsedStatement[]> {
  await loadModule();
  const bytes = Buffer.from(sql);
  return ((parseSync(sql) as ParseResult).stmts ?? []).flatMap(
    ({ stmt, stmt_location: start = 0, stmt_len: length }) => {
      if (!stmt) return [];
      // In bytes, and from the end of the statement before, so that comments and blanks come first.
      const text = bytes.subarray(start, length ? start + length : undefined).toString();
      const noise = LEADING_NOISE.exec(text)?.[0] ?? '';
      const line = (bytes.subarray(0, start).toString() + noise).split('\n').length;
      return [{ node: stmt, line, excerpt: text.slice(noise.length).split('\n')[0]?.slice(0, LONGEST_EXCERPT) ?? '' }];
    },
  );
}
