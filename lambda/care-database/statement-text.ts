import { sqlTokens } from '../../lib/contract/sql-tokens';

/** The most characters of a statement in a notification. */
const MOST_CHARACTERS = 160;

/**
 * A statement as a notification shows it: one line, without comments, with `?` for every constant. pg_stat_statements has replaced them already,
 * except where an entry was made while others were thrown out (PostgreSQL 16, "pg_stat_statements", says so; that 15 does the same is unconfirmed); comments of
 * an application may name whom it serves.
 */
export function statementText(query: string | null): string {
  if (query === null) return '(not shown: its text names a password, or is gone)';
  const words: string[] = [];
  let end = -1;
  for (const token of sqlTokens(query)) {
    if (token.kind === 'comment') continue;
    const text = query.slice(token.start, token.end);
    const parameter = words.at(-1)?.endsWith('$') === true && token.start === end;
    const shown = token.kind === 'literal' || (/^\d/.test(text) && !parameter) ? '?' : text;
    // What stood together stays together.
    if (token.start === end) words.push(`${words.pop() ?? ''}${shown}`);
    else words.push(shown);
    end = token.end;
  }
  const line = words.join(' ');
  return line.length <= MOST_CHARACTERS ? line : `${line.slice(0, MOST_CHARACTERS - 1)}…`;
}
