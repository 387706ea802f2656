import type { DeleteStmt, InsertStmt, Node, SelectStmt, UpdateStmt, WithClause } from 'libpg-query';
import { stringsOf } from './names';
import type { RuleName } from './rules';
import type { SeenSchema } from './schema';

/** The rules that a statement on rows breaks, with the statements in its WITH. How many rows a WHERE leaves, nobody can see in a file. */
export function checkRows(node: Node, seen: SeenSchema): RuleName[] {
  return rowStatements(node).some((each) => changesMany(each, seen)) ? ['whole-table'] : [];
}

/** The statement and those in its WITH, the only place where PostgreSQL allows others that write. */
function rowStatements(node: Node): Node[] {
  return [node, ...ctesOf(withOf(node)).flatMap(({ ctequery }) => (ctequery ? [ctequery] : []))];
}

function withOf(node: Node): WithClause | undefined {
  if ('InsertStmt' in node) return node.InsertStmt.withClause;
  if ('UpdateStmt' in node) return node.UpdateStmt.withClause;
  if ('DeleteStmt' in node) return node.DeleteStmt.withClause;
  if ('MergeStmt' in node) return node.MergeStmt.withClause;
  return 'SelectStmt' in node ? node.SelectStmt.withClause : undefined;
}

function ctesOf(clause: WithClause | undefined) {
  return (clause?.ctes ?? []).flatMap((node) => ('CommonTableExpr' in node ? [node.CommonTableExpr] : []));
}

function changesMany(node: Node, seen: SeenSchema): boolean {
  if ('UpdateStmt' in node) return touchesMany(node.UpdateStmt, seen);
  if ('DeleteStmt' in node) return touchesMany(node.DeleteStmt, seen);
  if ('MergeStmt' in node) return seen.isLive(seen.relation(node.MergeStmt.relation));
  return 'InsertStmt' in node && copiesMany(node.InsertStmt, seen);
}

function touchesMany({ relation, whereClause }: UpdateStmt | DeleteStmt, seen: SeenSchema): boolean {
  const table = seen.relation(relation);
  return seen.isLive(table) && !isBounded(whereClause, [table], seen);
}

function copiesMany({ relation, selectStmt, withClause }: InsertStmt, seen: SeenSchema): boolean {
  if (!seen.isLive(seen.relation(relation)) || !selectStmt || !('SelectStmt' in selectStmt)) return false;
  const ctes = [withClause, selectStmt.SelectStmt.withClause].flatMap(ctesOf);
  const queries = [selectStmt, ...ctes.flatMap(({ ctequery }) => (ctequery ? [ctequery] : []))];
  const names = ctes.map(({ ctename = '' }) => ctename);
  return queries.some((query) => 'SelectStmt' in query && readsMany(query.SelectStmt, names, seen));
}

function readsMany(select: SelectStmt, ctes: readonly string[], seen: SeenSchema): boolean {
  const { fromClause, whereClause, limitCount, larg, rarg } = select;
  if (isConstant(limitCount)) return false;
  if ([larg, rarg].some((part) => part && readsMany(part, ctes, seen))) return true;
  const tables = tablesIn(fromClause, ctes, seen).filter((table) => seen.isLive(table));
  return tables.length > 0 && !isBounded(whereClause, tables, seen);
}

/** The tables anywhere in a FROM. */
function tablesIn(value: unknown, ctes: readonly string[], seen: SeenSchema): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => tablesIn(each, ctes, seen));
  if (typeof value !== 'object' || value === null) return [];
  if ('RangeVar' in value) {
    const { RangeVar } = value as Extract<Node, { RangeVar: unknown }>;
    const isCte = RangeVar.schemaname === undefined && ctes.includes(RangeVar.relname ?? '');
    return isCte ? [] : [seen.relation(RangeVar)];
  }
  return Object.values(value).flatMap((each) => tablesIn(each, ctes, seen));
}

/** Whether a WHERE leaves a number of rows that the statement itself states: keys one by one, or a subquery with a LIMIT. */
function isBounded(where: Node | undefined, tables: readonly string[], seen: SeenSchema): boolean {
  if (where && 'BoolExpr' in where && where.BoolExpr.boolop === 'AND_EXPR') {
    return (where.BoolExpr.args ?? []).some((each) => isBounded(each, tables, seen));
  }
  const isKey = (node: Node | undefined) => tables.some((table) => seen.isKey(table, columnOf(node) ?? ''));
  if (where && 'SubLink' in where) {
    const { subLinkType, testexpr, subselect } = where.SubLink;
    const isLimited = subselect && 'SelectStmt' in subselect && isConstant(subselect.SelectStmt.limitCount);
    return subLinkType === 'ANY_SUBLINK' && isKey(testexpr) && isLimited === true;
  }
  if (!where || !('A_Expr' in where)) return false;
  const { kind, name, lexpr, rexpr } = where.A_Expr;
  const isEqual = ['AEXPR_OP', 'AEXPR_IN', 'AEXPR_OP_ANY'].includes(kind ?? '') && stringsOf(name).join() === '=';
  return isEqual && ((isKey(lexpr) && isConstant(rexpr)) || (isKey(rexpr) && isConstant(lexpr)));
}

function columnOf(node: Node | undefined): string | undefined {
  return node && 'ColumnRef' in node ? stringsOf(node.ColumnRef.fields).at(-1) : undefined;
}

function isConstant(node: Node | undefined): boolean {
  if (!node) return false;
  if ('TypeCast' in node) return isConstant(node.TypeCast.arg);
  if ('List' in node) return (node.List.items ?? []).every(isConstant);
  if ('A_ArrayExpr' in node) return (node.A_ArrayExpr.elements ?? []).every(isConstant);
  return 'A_Const' in node && node.A_Const.isnull !== true;
}
