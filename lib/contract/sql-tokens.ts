/** A token of SQL: a word, a quoted name, a literal, a comment or one other character. */
export interface SqlToken {
  readonly kind: 'word' | 'name' | 'literal' | 'comment' | 'sign';
  /** Where it begins and ends in the text, in characters. */
  readonly start: number;
  readonly end: number;
}

/** A statement of a file, without the comments and blanks before its first word. */
export interface SqlStatement {
  readonly text: string;
  readonly start: number;
  /** Just after its semicolon, or the end of the file. */
  readonly end: number;
  /** Its tokens without comments and the semicolon at its end: words in lower case, quoted names as they are written, literals as `'…'`. */
  readonly tokens: readonly string[];
}

const BLANKS = /\s+/y;
const LINE_COMMENT = /--[^\n\r]*/y;
const DOLLARS = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
/** A digit starts a number, to which letters and further digits belong for this purpose. */
const NUMBER = /\d[\w.]*/y;

/**
 * Cuts SQL into tokens as PostgreSQL's scanner does with standard_conforming_strings on, its default (src/backend/parser/scan.l): nested
 * comments, the escapes of E'…', dollar quotes. Linear in the length. It never fails: what is not closed reaches to the end of the text.
 */
export function* sqlTokens(sql: string): Generator<SqlToken> {
  for (let at = 0; at < sql.length;) {
    const start = at;
    at = matchAt(BLANKS, sql, start) ?? start;
    if (at > start) continue;
    const { kind, end } = tokenAt(sql, start);
    yield { kind, start, end };
    at = end;
  }
}

function tokenAt(sql: string, start: number): Pick<SqlToken, 'kind' | 'end'> {
  const lineComment = matchAt(LINE_COMMENT, sql, start);
  if (lineComment !== undefined) return { kind: 'comment', end: lineComment };
  if (sql.startsWith('/*', start)) return { kind: 'comment', end: endOfComment(sql, start) };
  const first = sql[start] ?? '';
  if (first === "'") return { kind: 'literal', end: endOfQuoted(sql, start, "'", false) };
  if (first === '"') return { kind: 'name', end: endOfQuoted(sql, start, '"', false) };
  const opening = matchAt(DOLLARS, sql, start);
  if (opening !== undefined) return { kind: 'literal', end: after(sql, sql.slice(start, opening), opening) };
  const word = matchAt(WORD, sql, start);
  if (word !== undefined) return prefixed(sql, start, word);
  return { kind: 'sign', end: matchAt(NUMBER, sql, start) ?? start + 1 };
}

/** A word, or the literal or name of which it is the prefix: E'…', B'…', X'…', N'…', U&'…' and U&"…". */
function prefixed(sql: string, start: number, end: number): Pick<SqlToken, 'kind' | 'end'> {
  const word = sql.slice(start, Math.min(end, start + 2)).toLowerCase();
  if (['e', 'b', 'x', 'n'].includes(word) && sql[end] === "'") {
    return { kind: 'literal', end: endOfQuoted(sql, end, "'", word === 'e') };
  }
  if (word === 'u' && sql[end] === '&' && sql[end + 1] === "'")
    return { kind: 'literal', end: endOfQuoted(sql, end + 1, "'", false) };
  if (word === 'u' && sql[end] === '&' && sql[end + 1] === '"')
    return { kind: 'name', end: endOfQuoted(sql, end + 1, '"', false) };
  return { kind: 'word', end };
}

function matchAt(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function after(text: string, closing: string, from: number): number {
  const found = text.indexOf(closing, from);
  return found === -1 ? text.length : found + closing.length;
}

/** The end of a quoted text whose opening quote is at `start`; a doubled quote stands for itself, with escapes `\` too. */
function endOfQuoted(sql: string, start: number, quote: string, hasEscapes: boolean): number {
  for (let at = start + 1; at < sql.length; at++) {
    if (hasEscapes && sql[at] === '\\') at++;
    else if (sql[at] === quote && sql[at + 1] === quote) at++;
    else if (sql[at] === quote) return at + 1;
  }
  return sql.length;
}

const COMMENT_MARK = /\/\*|\*\//g;

function endOfComment(sql: string, start: number): number {
  COMMENT_MARK.lastIndex = start;
  for (let depth = 0, mark = COMMENT_MARK.exec(sql); mark; mark = COMMENT_MARK.exec(sql)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return COMMENT_MARK.lastIndex;
  }
  return sql.length;
}

/**
 * The statements of a file. A semicolon in parentheses, as in CREATE RULE, and one in the body BEGIN ATOMIC … END of a function do not end
 * a statement, as in psql (src/fe_utils/psqlscan.l).
 */
export function splitStatements(sql: string): SqlStatement[] {
  const statements: SqlStatement[] = [];
  let open = new OpenStatement();
  for (const token of sqlTokens(sql)) {
    if (token.kind === 'comment') continue;
    const text = sql.slice(token.start, token.end);
    if (token.kind === 'sign' && text === ';' && open.canEnd()) {
      if (open.tokens.length > 0) statements.push(open.close(sql, token.end));
      open = new OpenStatement();
    } else open.add(token, text);
  }
  if (open.tokens.length > 0) statements.push(open.close(sql, sql.length));
  return statements;
}

/** The statement that is being read. */
class OpenStatement {
  readonly tokens: string[] = [];
  private start = 0;
  private lastEnd = 0;
  private parentheses = 0;
  private makesFunction = false;
  /** How many BEGIN and CASE of a function's body are open. */
  private bodies = 0;

  canEnd(): boolean {
    return this.parentheses <= 0 && this.bodies === 0;
  }

  add({ kind, start, end }: SqlToken, text: string): void {
    if (this.tokens.length === 0) this.start = start;
    this.lastEnd = end;
    const token = kind === 'word' ? text.toLowerCase() : kind === 'literal' ? "'…'" : text;
    this.tokens.push(token);
    if (this.tokens.length <= 4)
      this.makesFunction ||= /^create (?:or replace )?(?:function|procedure)$/.test(this.tokens.join(' '));
    if (kind === 'sign') this.countParentheses(token);
    else if (kind === 'word' && this.makesFunction && this.parentheses === 0) this.countBodies(token);
  }

  close(sql: string, end: number): SqlStatement {
    return { text: sql.slice(this.start, this.lastEnd), start: this.start, end, tokens: this.tokens };
  }

  private countParentheses(sign: string): void {
    if (sign === '(') this.parentheses++;
    if (sign === ')') this.parentheses--;
  }

  private countBodies(word: string): void {
    if (word === 'begin' || (word === 'case' && this.bodies > 0)) this.bodies++;
    if (word === 'end' && this.bodies > 0) this.bodies--;
  }
}
