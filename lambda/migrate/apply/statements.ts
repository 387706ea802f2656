import { splitStatements } from '../../../lib/contract/sql-tokens';

const LONGEST_EXCERPT = 80;
/**
 * From the first literal on: anything in quotes, or a number that is as long as a phone number. Also in double quotes, in which people
 * write strings by mistake.
 */
const LITERAL = /(?:[A-Z&]*'|"|\$\w*\$|\d{6,}).*$/i;

/**
 * Names a statement of a file by its number, line and the beginning of its text, such as `statement 2 (line 7, "ALTER TABLE salons")`.
 * Literals are left out, because a file may contain a secret.
 * @param completed how many statements the server completed; the next one is named
 * @param position where PostgreSQL saw the error, in characters from 1. It takes precedence over `completed`, because a file with a
 *   syntax error is refused before its first statement runs.
 */
export function locateStatement(sql: string, completed: number, position?: number): string {
  const statements = splitStatements(sql);
  const offset =
    position === undefined
      ? undefined
      : Array.from(sql)
          .slice(0, position - 1)
          .join('').length;
  const found = offset === undefined ? completed : statements.findIndex(({ end }) => offset < end);
  const index = found === -1 ? statements.length - 1 : found;
  const statement = statements[index];
  if (!statement) return 'its end';
  const line = sql.slice(0, offset ?? statement.start).split('\n').length;
  return `statement ${index + 1} (line ${line}, "${excerpt(statement.text)}")`;
}

function excerpt(text: string): string {
  const line = (text.split('\n')[0] ?? '').replace(LITERAL, '…').trim();
  return line.length > LONGEST_EXCERPT ? `${line.slice(0, LONGEST_EXCERPT)}…` : line;
}
