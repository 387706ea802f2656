import type { AlterRoleStmt, CreateStmt, DefElem, IndexStmt, Node, RangeVar, VariableSetStmt } from 'libpg-query';
import { secretsIn } from '../shared/secret-like';
import { checkAlterTable, detachesConcurrently } from './alter-table';
import { stringsOf } from './names';
import { checkDrop, checkEnum, checkRename, checkRevoke, checkRevokeRole, checkSetSchema } from './objects';
import { checkRows } from './rows';
import type { RuleName } from './rules';
import type { SeenSchema } from './schema';

/**
 * The rules that a statement breaks.
 * @param seen what was created and changed before it; the statement's own changes are added
 */
export function checkStatement(node: Node, seen: SeenSchema): RuleName[] {
  return [
    ...(holdsSecret(node) ? (['secret'] as const) : []),
    ...(seen.newEnumValues.size > 0 && usesNewValue(node, seen) ? (['new-enum-value'] as const) : []),
    ...checkLocks(node, seen),
    ...checkRows(node, seen),
  ];
}

/** Whether it sets a password, in a DO block too, or has a text that looks like a secret. */
function holdsSecret(node: Node): boolean {
  const roleOptions =
    'CreateRoleStmt' in node ? node.CreateRoleStmt.options : 'AlterRoleStmt' in node ? node.AlterRoleStmt.options : [];
  const setsPassword = (roleOptions ?? []).some(
    (option) => 'DefElem' in option && option.DefElem.defname === 'password' && option.DefElem.arg,
  );
  return Boolean(setsPassword) || secretsIn(node).length > 0 || /\bpassword\s+'+[^']/i.test(JSON.stringify(node));
}

/** Whether a literal is a value that the file adds to an enum. The literal may stand for another type: the parser does not know. */
function usesNewValue(value: unknown, seen: SeenSchema): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if ('A_Const' in value) {
    const { sval } = (value as Extract<Node, { A_Const: unknown }>).A_Const;
    return sval?.sval !== undefined && seen.newEnumValues.has(sval.sval);
  }
  return Object.values(value).some((each) => usesNewValue(each, seen));
}

/** The checks by the kind of statement, which is the name of the node's one field. */
type Checks = { [Kind in Node extends infer Each ? (Each extends unknown ? keyof Each : never) : never]?: Check<Kind> };
type Check<Kind> = (
  statement: Extract<Node, Record<Kind & string, unknown>>[Kind & keyof Extract<Node, Record<Kind & string, unknown>>],
  seen: SeenSchema,
) => RuleName[];

const CHECKS: Checks = {
  CreateStmt: (statement, seen) => makeTable(statement, seen),
  CreateTableAsStmt: ({ into, if_not_exists: mayExist }, seen) => {
    if (!mayExist) seen.make('relation', seen.relation(into?.rel));
    return [];
  },
  ViewStmt: ({ view, replace }, seen) => (replace ? [] : made(seen, 'relation', seen.relation(view))),
  CreateSeqStmt: ({ sequence, if_not_exists: mayExist }, seen) =>
    mayExist ? [] : made(seen, 'relation', seen.relation(sequence)),
  CreateEnumStmt: ({ typeName }, seen) => made(seen, 'type', seen.complete(stringsOf(typeName))),
  CreateDomainStmt: ({ domainname }, seen) => made(seen, 'type', seen.complete(stringsOf(domainname))),
  CompositeTypeStmt: ({ typevar }, seen) => made(seen, 'type', seen.relation(typevar)),
  CreateFunctionStmt: ({ funcname, replace }, seen) =>
    replace ? [] : made(seen, 'function', seen.complete(stringsOf(funcname))),
  CreateSchemaStmt: ({ schemaname = '', if_not_exists: mayExist }, seen) =>
    mayExist ? [] : made(seen, 'schema', schemaname),
  CreateRoleStmt: ({ role = '' }, seen) => made(seen, 'role', role),
  VariableSetStmt: (statement, seen) => setSearchPath(statement, seen),
  TransactionStmt: () => ['transaction-control'],
  AlterTableStmt: checkAlterTable,
  IndexStmt: (statement, seen) => checkIndex(statement, seen),
  DropStmt: checkDrop,
  RenameStmt: checkRename,
  AlterObjectSchemaStmt: checkSetSchema,
  AlterEnumStmt: checkEnum,
  GrantStmt: checkRevoke,
  GrantRoleStmt: checkRevokeRole,
  DropOwnedStmt: () => ['drop'],
  DropRoleStmt: () => ['access'],
  AlterRoleStmt: (statement) => (isLoginTaken(statement) ? ['access'] : []),
  CreatePolicyStmt: ({ table, permissive }, seen) => [
    ...lockBriefly(table, seen),
    ...(permissive || !seen.isLive(seen.relation(table)) ? [] : (['access'] as const)),
  ],
  CreateTrigStmt: ({ relation }, seen) => lockBriefly(relation, seen),
  RuleStmt: ({ relation }, seen) => lockBriefly(relation, seen),
  ReindexStmt: ({ params, relation }, seen) =>
    hasOption(params, 'concurrently') || (relation && !seen.isLive(seen.relation(relation))) ? [] : ['whole-table'],
  RefreshMatViewStmt: ({ concurrent, relation }, seen) =>
    concurrent || !seen.isLive(seen.relation(relation)) ? [] : ['whole-table'],
  VacuumStmt: ({ options }) => (hasOption(options, 'full') ? ['whole-table'] : []),
  LockStmt: ({ relations }, seen) => (isAnyLive(relations, seen) ? ['whole-table'] : []),
  ClusterStmt: ({ relation }, seen) => (relation && !seen.isLive(seen.relation(relation)) ? [] : ['whole-table']),
  TruncateStmt: ({ relations }, seen) => (isAnyLive(relations, seen) ? ['drop'] : []),
};

function checkLocks(node: Node, seen: SeenSchema): RuleName[] {
  const [[kind, statement] = []] = Object.entries(node);
  const check = CHECKS[kind as keyof Checks] as ((statement: unknown, seen: SeenSchema) => RuleName[]) | undefined;
  return check?.(statement, seen) ?? [];
}

function made(seen: SeenSchema, ...object: Parameters<SeenSchema['make']>): RuleName[] {
  seen.make(...object);
  return [];
}

/** A table. With IF NOT EXISTS it may be there already and in use; its columns are known in either case. */
function makeTable({ relation, tableElts = [], if_not_exists: mayExist }: CreateStmt, seen: SeenSchema): RuleName[] {
  const table = seen.relation(relation);
  if (!mayExist) seen.make('relation', table);
  for (const node of tableElts) {
    if ('ColumnDef' in node && !mayExist) seen.addColumn(table, node.ColumnDef);
    if ('Constraint' in node) seen.addKey(table, node.Constraint);
  }
  return [];
}

function checkIndex({ concurrent, relation, idxname }: IndexStmt, seen: SeenSchema): RuleName[] {
  const table = seen.relation(relation);
  if (idxname !== undefined) seen.make('relation', `${table.split('.')[0]}.${idxname}`);
  return concurrent || !seen.isLive(table) ? [] : ['index-not-concurrent'];
}

function setSearchPath({ name, args }: VariableSetStmt, seen: SeenSchema): RuleName[] {
  const first = args?.[0];
  if (name === 'search_path') {
    seen.setSearchPath(first && 'A_Const' in first ? first.A_Const.sval?.sval : undefined);
  }
  return [];
}

/** Counts a table that a statement locks strongly, but only for a moment. */
function lockBriefly(relation: RangeVar | undefined, seen: SeenSchema): RuleName[] {
  const table = seen.relation(relation);
  if (seen.isLive(table)) seen.altered.add(table);
  return [];
}

function isAnyLive(relations: readonly Node[] = [], seen: SeenSchema): boolean {
  return relations.some((node) => 'RangeVar' in node && seen.isLive(seen.relation(node.RangeVar)));
}

function isLoginTaken({ options = [] }: AlterRoleStmt): boolean {
  return options.some((node) => {
    if (!('DefElem' in node) || node.DefElem.defname !== 'canlogin') return false;
    const { arg } = node.DefElem;
    return arg !== undefined && 'Boolean' in arg && arg.Boolean.boolval !== true;
  });
}

/** Whether PostgreSQL refuses the statement in a file with others. */
export function isAlone(node: Node): boolean {
  if ('IndexStmt' in node) return node.IndexStmt.concurrent === true;
  if ('DropStmt' in node) return node.DropStmt.concurrent === true;
  if ('AlterTableStmt' in node) return detachesConcurrently(node.AlterTableStmt);
  if ('ReindexStmt' in node) {
    const { params, kind } = node.ReindexStmt;
    return hasOption(params, 'concurrently') || (kind !== 'REINDEX_OBJECT_INDEX' && kind !== 'REINDEX_OBJECT_TABLE');
  }
  if ('VacuumStmt' in node) return node.VacuumStmt.is_vacuumcmd === true;
  if ('ClusterStmt' in node) return node.ClusterStmt.relation === undefined;
  if ('AlterDatabaseStmt' in node) return hasOption(node.AlterDatabaseStmt.options, 'tablespace');
  return ALONE.some((kind) => kind in node);
}

const ALONE = [
  'AlterSystemStmt',
  'CreatedbStmt',
  'DropdbStmt',
  'CreateTableSpaceStmt',
  'DropTableSpaceStmt',
  'CreateSubscriptionStmt',
  'DropSubscriptionStmt',
];

function hasOption(options: Node[] | undefined, name: string): boolean {
  const elements = (options ?? []).flatMap((node): DefElem[] => ('DefElem' in node ? [node.DefElem] : []));
  return elements.some(({ defname }) => defname === name);
}
