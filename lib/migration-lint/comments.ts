/** A comment with a semicolon. */
interface Found {
  /** Line of the semicolon. */
  readonly line: number;
  /** The beginning of that line's comment. */
  readonly excerpt: string;
}

const LONGEST_EXCERPT = 80;
/** What can hold a semicolon: literals, quoted names, bodies in dollar quotes, and comments. */
const TOKENS =
  /(?<![A-Za-z0-9_$])[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"[^"]*"|(?<![A-Za-z0-9_$])\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*/g;

/** The comments of a file that contain `;`, one for each line. Bodies of functions and DO blocks are literals, not comments. */
export function semicolonsInComments(sql: string): Found[] {
  // Lines are counted from one comment to the next, so that the time is linear.
  let counted = 0;
  let first = 1;
  return comments(sql).flatMap(({ text, start }) => {
    first += sql.slice(counted, start).split('\n').length - 1;
    counted = start;
    return text
      .split('\n')
      .flatMap((line, i) =>
        line.includes(';') ? [{ line: first + i, excerpt: line.trim().slice(0, LONGEST_EXCERPT) }] : [],
      );
  });
}

function comments(sql: string): { text: string; start: number }[] {
  const found: { text: string; start: number }[] = [];
  const tokens = new RegExp(TOKENS);
  for (let token = tokens.exec(sql); token; token = tokens.exec(sql)) {
    if (token[0] === '/*') tokens.lastIndex = endOfBlock(sql, token.index);
    if (token[0] === '/*' || token[0].startsWith('--'))
      found.push({ text: sql.slice(token.index, tokens.lastIndex), start: token.index });
  }
  return found;
}

/** Where a block comment ends: unlike those of C they nest. */
function endOfBlock(sql: string, start: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(sql); mark; mark = marks.exec(sql)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return sql.length;
}
