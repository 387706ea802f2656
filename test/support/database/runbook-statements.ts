import { escapeIdentifier, escapeLiteral } from 'pg';
import { splitStatements } from '../../../lib/contract/sql-tokens';

/** An SQL statement of a page, ready to run. */
export interface RunbookStatement {
  readonly page: string;
  readonly sql: string;
  readonly on: 'primary' | 'replica';
}

/** A fenced block at any indentation: its indentation, the words after `sql`, its lines. */
const SQL_FENCE = /^([ ]*)```sql[ ]*(.*)\n([\s\S]*?)^\1```$/gm;
/** psql's variables: `:'text'` is a literal, `:"name"` an identifier, `:number` is inserted as it is; `::` is a cast. */
const VARIABLE = /(?<![:\w]):(?:'(\w+)'|"(\w+)"|([a-z_]\w*))/g;

/**
 * The statements of a page. The words after `sql` say where they run and with what: `replica`, and `name=value` for each variable
 * of psql that they use.
 * @throws Error with a sentence when a variable has no value or a word is neither
 */
export function statementsOf(page: string, markdown: string): RunbookStatement[] {
  return [...markdown.matchAll(SQL_FENCE)].flatMap(([, , words = '', block = '']) => {
    const { on, values } = readWords(page, words);
    return splitStatements(block).map(({ text }) => ({ page, on, sql: fillIn(page, text, values) }));
  });
}

function readWords(page: string, text: string): { on: RunbookStatement['on']; values: Map<string, string> } {
  const words = text.split(' ').filter((word) => word !== '');
  const values = new Map<string, string>();
  for (const word of words.filter((each) => each !== 'replica')) {
    const [name, value] = word.split('=', 2);
    if (!name || !value) throw new Error(`${page}: "${word}" after sql is neither replica nor name=value`);
    values.set(name, value);
  }
  return { on: words.includes('replica') ? 'replica' : 'primary', values };
}

function fillIn(page: string, sql: string, values: ReadonlyMap<string, string>): string {
  return sql.replace(VARIABLE, (_, literal?: string, identifier?: string, plain?: string) => {
    const name = literal ?? identifier ?? plain ?? '';
    const value = values.get(name);
    if (value === undefined) throw new Error(`${page}: :${name} has no sample value after sql`);
    if (literal) return escapeLiteral(value);
    return identifier ? escapeIdentifier(value) : value;
  });
}
