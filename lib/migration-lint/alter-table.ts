import type { AlterTableCmd, AlterTableStmt, ColumnDef, Constraint, Node } from 'libpg-query';
import { widens } from './column-type';
import { stringsOf } from './names';
import type { RuleName } from './rules';
import type { SeenSchema } from './schema';

/** Functions with the same value for all rows of a statement: PostgreSQL stores such a default once, not in each row. */
const STABLE_FUNCTIONS = [
  'now',
  'transaction_timestamp',
  'statement_timestamp',
  'timezone',
  'current_setting',
  'current_database',
];
const SERIAL_TYPES = ['smallserial', 'serial', 'bigserial', 'serial2', 'serial4', 'serial8'];

/** The rules that an ALTER TABLE breaks. */
export function checkAlterTable(statement: AlterTableStmt, seen: SeenSchema): RuleName[] {
  const { relation, objtype } = statement;
  if (objtype !== 'OBJECT_TABLE') return [];
  const table = seen.relation(relation);
  const isLive = seen.isLive(table);
  if (isLive && !detachesConcurrently(statement)) seen.altered.add(table);
  return commandsOf(statement).flatMap((command) => {
    const { subtype } = command;
    const found = (subtype && CHECKS[subtype]?.(table, command, seen)) ?? [];
    remember(table, command, seen);
    return isLive || subtype === 'AT_AttachPartition' ? found : [];
  });
}

/** Whether it is DETACH PARTITION … CONCURRENTLY, which PostgreSQL refuses in a transaction. */
export function detachesConcurrently(statement: AlterTableStmt): boolean {
  return commandsOf(statement).some(({ def }) => def && 'PartitionCmd' in def && def.PartitionCmd.concurrent === true);
}

function commandsOf({ cmds = [] }: AlterTableStmt): AlterTableCmd[] {
  return cmds.flatMap((node) => ('AlterTableCmd' in node ? [node.AlterTableCmd] : []));
}

/** Remembers the columns, their types and the keys, of a table in use or not. */
function remember(table: string, { subtype, name = '', def }: AlterTableCmd, seen: SeenSchema): void {
  if (def && 'ColumnDef' in def) {
    if (subtype === 'AT_AddColumn') seen.addColumn(table, def.ColumnDef);
    if (subtype === 'AT_AlterColumnType') seen.setType(table, name, def.ColumnDef.typeName);
  }
  if (def && 'Constraint' in def) seen.addKey(table, def.Constraint);
}

type Check = (table: string, command: AlterTableCmd, seen: SeenSchema) => RuleName[];

const wholeTable: Check = () => ['whole-table'];

/** The commands to check; any other holds its lock only for a moment. */
const CHECKS: Partial<Record<NonNullable<AlterTableCmd['subtype']>, Check>> = {
  AT_AddColumn: (_, { def }) => (def && 'ColumnDef' in def ? checkColumn(def.ColumnDef) : []),
  AT_AlterColumnType: checkType,
  AT_SetNotNull: (table, { name = '' }, seen) => (seen.provesNotNull(table, name) ? [] : ['set-not-null']),
  AT_AddConstraint: (table, { def }, seen) =>
    def && 'Constraint' in def ? checkConstraint(table, def.Constraint, seen) : [],
  AT_ValidateConstraint: (table, { name = '' }, seen) => {
    seen.validate(table, name);
    return seen.isAddedByThisFile(table, name) ? ['validated-at-once'] : [];
  },
  AT_DropConstraint: (table, { name = '' }, seen) => {
    seen.dropConstraint(table, name);
    return [];
  },
  AT_DropColumn: (table, { name = '' }, seen) => (seen.isMade('column', `${table}.${name}`) ? [] : ['drop']),
  // The table that is attached is read, unless a valid check has the bounds of the partition.
  AT_AttachPartition: (_, { def }, seen) =>
    def && 'PartitionCmd' in def && seen.isLive(seen.relation(def.PartitionCmd.name)) ? ['partition'] : [],
  AT_DetachPartition: (_, { def }) =>
    def && 'PartitionCmd' in def && def.PartitionCmd.concurrent ? [] : ['partition'],
  AT_EnableRowSecurity: () => ['access'],
  AT_ForceRowSecurity: () => ['access'],
  AT_SetLogged: wholeTable,
  AT_SetUnLogged: wholeTable,
  AT_SetTableSpace: wholeTable,
  AT_SetAccessMethod: wholeTable,
};

function checkType(table: string, { name = '', def }: AlterTableCmd, seen: SeenSchema): RuleName[] {
  const { typeName, raw_default: using, collClause } = def && 'ColumnDef' in def ? def.ColumnDef : {};
  const old = seen.typeOf(table, name);
  return old && typeName && !using && !collClause && widens(old, typeName) ? [] : ['column-type'];
}

function checkColumn({ typeName, constraints = [] }: ColumnDef): RuleName[] {
  const found: RuleName[] = [];
  const type = stringsOf(typeName?.names).at(-1) ?? '';
  const all = constraints.flatMap((node) => ('Constraint' in node ? [node.Constraint] : []));
  const has = (kind: Constraint['contype']) => all.some(({ contype }) => contype === kind);
  const isFilled =
    has('CONSTR_DEFAULT') || has('CONSTR_IDENTITY') || has('CONSTR_GENERATED') || SERIAL_TYPES.includes(type);
  if (SERIAL_TYPES.includes(type) || has('CONSTR_IDENTITY') || has('CONSTR_GENERATED')) found.push('rewritten-column');
  if (all.some(({ contype, raw_expr }) => contype === 'CONSTR_DEFAULT' && isVolatile(raw_expr))) {
    found.push('volatile-default');
  }
  if ((has('CONSTR_NOTNULL') || has('CONSTR_PRIMARY')) && !isFilled) found.push('column-not-null');
  if (has('CONSTR_FOREIGN') || has('CONSTR_CHECK')) found.push('constraint-not-valid');
  if (has('CONSTR_UNIQUE') || has('CONSTR_PRIMARY')) found.push('constraint-builds-index');
  return found;
}

function checkConstraint(table: string, constraint: Constraint, seen: SeenSchema): RuleName[] {
  const { contype, conname = '', skip_validation: isNotValid = false, indexname } = constraint;
  seen.addConstraint(
    table,
    conname,
    contype === 'CONSTR_CHECK' ? notNullColumn(constraint.raw_expr) : undefined,
    !isNotValid,
  );
  if (contype === 'CONSTR_FOREIGN' || contype === 'CONSTR_CHECK') return isNotValid ? [] : ['constraint-not-valid'];
  if (contype === 'CONSTR_UNIQUE' || contype === 'CONSTR_PRIMARY') return indexname ? [] : ['constraint-builds-index'];
  return contype === 'CONSTR_EXCLUSION' ? ['constraint-builds-index'] : [];
}

/** The column of `column IS NOT NULL`. */
function notNullColumn(expression: Node | undefined): string | undefined {
  if (!expression || !('NullTest' in expression) || expression.NullTest.nulltesttype !== 'IS_NOT_NULL')
    return undefined;
  const { arg } = expression.NullTest;
  const field = arg && 'ColumnRef' in arg ? arg.ColumnRef.fields?.[0] : undefined;
  return field && 'String' in field ? field.String.sval : undefined;
}

/** Whether a default calls a function that is not in STABLE_FUNCTIONS: an unknown function counts as volatile. */
function isVolatile(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isVolatile);
  if (typeof value !== 'object' || value === null) return false;
  if ('FuncCall' in value) {
    const { funcname = [] } = value.FuncCall as { funcname?: Node[] };
    const last = funcname.at(-1);
    if (!last || !('String' in last) || !STABLE_FUNCTIONS.includes(last.String.sval ?? '')) return true;
  }
  return Object.values(value).some(isVolatile);
}
