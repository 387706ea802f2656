import type { Migration } from '../contract/migrations';
import { type CommentLine, commentLines } from './comments';
import { type ParsedStatement, parseSql } from './parse';
import { type RuleName, RULES } from './rules';
import { SeenSchema } from './schema';
import { checkStatement, isAlone } from './statement';

const LONGEST_EXCERPT = 80;

/** A statement that would lock a table in use, or break the running application. */
interface LintFinding {
  /** Name of the migration's folder. */
  readonly migration: string;
  readonly line: number;
  readonly rule: RuleName;
  /** The statement's first line. */
  readonly statement: string;
}

/**
 * Checks migrations in their order, each statement as PostgreSQL's own parser reads it. What a file makes is exempt in that file from the
 * rules on what is in use, except by IF NOT EXISTS and OR REPLACE, where it may be there already.
 *
 * Not checked: the bodies of functions and DO blocks, which are text to PostgreSQL's grammar, so that ENABLE ROW LEVEL SECURITY in a DO
 * block is not seen; search_path where set_config sets it; how many rows a WHERE leaves, so that an UPDATE, DELETE or INSERT … SELECT of a
 * table in use is refused unless it states its keys or a LIMIT. `new-enum-value` takes any literal of the new value's text for the value.
 *
 * The rules are this project's own. squawk-cli has many of them, but its binaries come as optional packages for each platform, which the
 * lock file of this project cannot rely on: where one is missing, `npm ci` fails.
 *
 * A file may break a rule with a line `-- migration-lint allows <rule>: <reason>`.
 * @throws Error when such a line names no rule or gives no reason
 */
export async function lintMigrations(migrations: readonly Migration[]): Promise<LintFinding[]> {
  const seen = new SeenSchema();
  const findings: LintFinding[] = [];
  for (const migration of migrations) {
    const comments = commentLines(migration.sql);
    const allowed = readAllowed(migration, comments);
    const found = [...commentFindings(migration, comments), ...(await lintFile(migration, seen))];
    findings.push(...found.filter(({ rule }) => !allowed.includes(rule)));
  }
  return findings;
}

/** A finding for people: where, what, why, and what to do instead. */
export function describeFinding({ migration, line, rule, statement }: LintFinding): string {
  const { why, instead } = RULES[rule];
  return `${migration}/migration.sql:${line} "${statement}" (${rule}): ${why}; instead: ${instead}`;
}

function commentFindings({ name }: Migration, comments: readonly CommentLine[]): LintFinding[] {
  return comments
    .filter(({ text }) => text.includes(';'))
    .map(({ line, text }) => ({
      migration: name,
      line,
      rule: 'semicolon-in-comment',
      statement: text.slice(0, LONGEST_EXCERPT),
    }));
}

async function lintFile({ name, sql }: Migration, seen: SeenSchema): Promise<LintFinding[]> {
  seen.startFile();
  let statements: ParsedStatement[];
  try {
    statements = await parseSql(sql);
  } catch (error) {
    return [{ migration: name, line: 1, rule: 'not-sql', statement: withoutLiteral(error) }];
  }
  const found = statements.flatMap(({ node, line, excerpt }) => {
    const tables = seen.altered.size;
    const rules = checkStatement(node, seen);
    if (statements.length > 1 && isAlone(node)) rules.push('concurrent-not-alone');
    if (seen.altered.size > Math.max(tables, 1)) rules.push('several-tables');
    return rules.map((rule) => ({ migration: name, line, rule, statement: excerpt }));
  });
  return found;
}

/** PostgreSQL's message quotes the text at which it stopped, which may be a literal. */
function withoutLiteral(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/"['$][\s\S]*/, 'a literal');
}

function readAllowed({ name }: Migration, comments: readonly CommentLine[]): string[] {
  return comments.flatMap(({ text, isWholeLine }) => {
    const found = isWholeLine && /^--\s*migration-lint allows\s*([^:]*)(?::\s*(.*))?$/.exec(text);
    if (!found) return [];
    const [line, rule = '', reason = ''] = found;
    if (!(rule.trim() in RULES) || reason.trim() === '') {
      throw new Error(
        `${name}/migration.sql has "${line}"; allowed: -- migration-lint allows <rule>: <reason>, with a rule of ${Object.keys(RULES).join(', ')}`,
      );
    }
    return [rule.trim()];
  });
}
