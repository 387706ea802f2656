import type { AlterTableCmd, AlterTableStmt, ColumnDef, Constraint, Node } from 'libpg-query';
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

/** The rules that an ALTER TABLE of a table in use breaks. */
export function checkAlterTable({ relation, cmds = [], objtype }: AlterTableStmt, seen: SeenSchema): RuleName[] {
  const table = relation?.relname ?? '';
  if (!seen.isLive(table) || objtype !== 'OBJECT_TABLE') return [];
  seen.altered.add(table);
  return cmds.flatMap((node) => {
    if (!('AlterTableCmd' in node)) return [];
    const { subtype } = node.AlterTableCmd;
    return (subtype && CHECKS[subtype]?.(table, node.AlterTableCmd, seen)) ?? [];
  });
}

type Check = (table: string, command: AlterTableCmd, seen: SeenSchema) => RuleName[];

const wholeTable: Check = () => ['whole-table'];

/** The commands to check; any other holds its lock only for a moment. */
const CHECKS: Partial<Record<NonNullable<AlterTableCmd['subtype']>, Check>> = {
  AT_AddColumn: (_, { def }) => (def && 'ColumnDef' in def ? checkColumn(def.ColumnDef) : []),
  AT_AlterColumnType: () => ['column-type'],
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
  AT_DropColumn: () => ['drop'],
  AT_SetLogged: wholeTable,
  AT_SetUnLogged: wholeTable,
  AT_SetTableSpace: wholeTable,
  AT_SetAccessMethod: wholeTable,
};

function checkColumn({ typeName, constraints = [] }: ColumnDef): RuleName[] {
  const found: RuleName[] = [];
  const type = typeName?.names?.map((node) => ('String' in node ? node.String.sval : '')).at(-1) ?? '';
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
