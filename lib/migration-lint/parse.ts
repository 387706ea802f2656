import { loadModule, type Node, parseSync, type ParseResult } from 'libpg-query';
import { sqlTokens } from '../contract/sql-tokens';

/** One statement of a file. */
export interface ParsedStatement {
  /** The statement; its one field is named for the kind, such as `IndexStmt`. */
  readonly node: Node;
  readonly line: number;
  /** The beginning of its first line, up to the first literal, which may be a secret. */
  readonly excerpt: string;
}

const LONGEST_EXCERPT = 80;
/**
 * Parses SQL with the grammar of PostgreSQL 15, compiled to WebAssembly.
 * @throws Error with PostgreSQL's message when it is not SQL
 */
export async function parseSql(sql: string): Promise<ParsedStatement[]> {
  await loadModule();
  const bytes = Buffer.from(sql);
  const lines = new LineCounter(bytes);
  return ((parseSync(sql) as ParseResult).stmts ?? []).flatMap(
    ({ stmt, stmt_location: start = 0, stmt_len: length }) => {
      if (!stmt) return [];
      // Positions are in bytes, and a statement begins where the one before it ends, so that its text begins with comments and blanks.
      const text = bytes.subarray(start, length ? start + length : undefined).toString();
      const noise = lengthOfNoise(text);
      const line = lines.at(start + Buffer.byteLength(text.slice(0, noise)));
      return [{ node: stmt, line, excerpt: excerptOf(text.slice(noise, noise + LONGEST_EXCERPT)) }];
    },
  );
}

/** The line of positions that are asked in their order, so that the file is read once. */
export class LineCounter {
  private line = 1;
  private lineEnd: number;

  constructor(private readonly content: string | Buffer) {
    this.lineEnd = this.endOfLine(0);
  }

  at(position: number): number {
    for (; this.lineEnd < position; this.line++) this.lineEnd = this.endOfLine(this.lineEnd + 1);
    return this.line;
  }

  private endOfLine(from: number): number {
    const found = this.content.indexOf('\n', from);
    return found === -1 ? Infinity : found;
  }
}

/** The comments and blanks before a statement's first word. */
function lengthOfNoise(text: string): number {
  for (const { kind, start } of sqlTokens(text)) if (kind !== 'comment') return start;
  return text.length;
}

function excerptOf(statement: string): string {
  const line = statement.split('\n')[0] ?? '';
  const literal = line.search(/'|\$\w*\$/);
  return literal < 0 ? line : `${line.slice(0, literal).trimEnd()} …`;
}
