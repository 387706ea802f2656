import { sqlTokens } from '../contract/sql-tokens';
import { LineCounter } from './parse';

/** A line of a comment. */
export interface CommentLine {
  readonly line: number;
  /** Without the blanks around it. */
  readonly text: string;
  /** Whether the line of the file consists of this line comment, from its first character on. */
  readonly isWholeLine: boolean;
}

/** The comments of a file, line by line. Bodies of functions and DO blocks are literals, not comments. */
export function commentLines(sql: string): CommentLine[] {
  const lines = new LineCounter(sql);
  const found: CommentLine[] = [];
  for (const { kind, start, end } of sqlTokens(sql)) {
    if (kind !== 'comment') continue;
    const first = lines.at(start);
    const isWholeLine = sql.startsWith('--', start) && (start === 0 || sql[start - 1] === '\n');
    for (const [i, text] of sql.slice(start, end).split('\n').entries())
      found.push({ line: first + i, text: text.trim(), isWholeLine });
  }
  return found;
}
