import type { Migration } from '../contract/migrations';
import { semicolonsInComments } from './comments';
import { type ParsedStatement, parseSql } from './parse';
import { type RuleName, RULES } from './rules';
import { SeenSchema } from './schema';
import { checkStatement, isConcurrent } from './statement';

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
 * Checks migrations in their order. A table that a file creates is exempt from the rules on tables in use in that file. The bodies of
 * functions and DO blocks are text to PostgreSQL's grammar and are not checked.
 *
 * A file may break a rule with a line `-- migration-lint allows <rule>: <reason>`.
 * @throws Error when such a line names no rule or gives no reason
 */
export async function lintMigrations(migrations: readonly Migration[]): Promise<LintFinding[]> {
  const seen = new SeenSchema();
  const findings: LintFinding[] = [];
  for (const migration of migrations) {
    const allowed = readAllowed(migration);
    const found = [...commentFindings(migration), ...(await lintFile(migration, seen))];
    findings.push(...found.filter(({ rule }) => !allowed.includes(rule)));
  }
  return findings;
}

/** A finding for people: where, what, why, and what to do instead. */
export function describeFinding({ migration, line, rule, statement }: LintFinding): string {
  const { why, instead } = RULES[rule];
  return `${migration}/migration.sql:${line} "${statement}" (${rule}): ${why}; instead: ${instead}`;
}

function commentFindings({ name, sql }: Migration): LintFinding[] {
  return semicolonsInComments(sql).map(({ line, excerpt }) => ({
    migration: name,
    line,
    rule: 'semicolon-in-comment',
    statement: excerpt,
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
  const isMixed = statements.length > 1 && statements.some(({ node }) => isConcurrent(node));
  return statements.flatMap(({ node, line, excerpt }) => {
    const tables = seen.altered.size;
    const rules = checkStatement(node, seen);
    if (isMixed && isConcurrent(node)) rules.push('concurrent-not-alone');
    if (seen.altered.size > Math.max(tables, 1)) rules.push('several-tables');
    return rules.map((rule) => ({ migration: name, line, rule, statement: excerpt }));
  });
}

/** PostgreSQL's message quotes the text at which it stopped, which may be a literal. */
function withoutLiteral(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/"['$][\s\S]*/, 'a literal');
}

function readAllowed({ name, sql }: Migration): string[] {
  return [...sql.matchAll(/^--\s*migration-lint allows\s*([^:\n]*)(?::[ \t]*(.*))?$/gm)].map(
    ([line, rule = '', reason = '']) => {
      if (!(rule.trim() in RULES) || reason.trim() === '') {
        throw new Error(
          `${name}/migration.sql has "${line}"; allowed: -- migration-lint allows <rule>: <reason>, with a rule of ${Object.keys(RULES).join(', ')}`,
        );
      }
      return rule.trim();
    },
  );
}
