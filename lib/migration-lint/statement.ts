import type { DefElem, DropStmt, Node } from 'libpg-query';
import { secretsIn } from '../shared/secret-like';
import { checkAlterTable } from './alter-table';
import type { RuleName } from './rules';
import type { SeenSchema } from './schema';

/**
 * The rules that a statement breaks.
 * @param seen what was created and changed before it; the statement's own changes are added
 */
export function checkStatement(node: Node, seen: SeenSchema): RuleName[] {
  return [...(holdsSecret(node) ? (['secret'] as const) : []), ...checkLocks(node, seen)];
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

function checkLocks(node: Node, seen: SeenSchema): RuleName[] {
  if ('CreateStmt' in node) seen.create(node.CreateStmt.relation?.relname ?? '');
  if ('CreateTableAsStmt' in node) seen.create(node.CreateTableAsStmt.into?.rel?.relname ?? '');
  if ('TransactionStmt' in node) return ['transaction-control'];
  if ('AlterTableStmt' in node) return checkAlterTable(node.AlterTableStmt, seen);
  if ('IndexStmt' in node) {
    const { concurrent, relation } = node.IndexStmt;
    return concurrent || !seen.isLive(relation?.relname ?? '') ? [] : ['index-not-concurrent'];
  }
  if ('DropStmt' in node) return checkDrop(node.DropStmt);
  if ('RenameStmt' in node)
    return checkRename(node.RenameStmt.renameType, node.RenameStmt.relation?.relname ?? '', seen);
  if ('UpdateStmt' in node) return checkRows(node.UpdateStmt, seen);
  if ('DeleteStmt' in node) return checkRows(node.DeleteStmt, seen);
  if ('ReindexStmt' in node) return hasOption(node.ReindexStmt.params, 'concurrently') ? [] : ['whole-table'];
  if ('RefreshMatViewStmt' in node) return node.RefreshMatViewStmt.concurrent ? [] : ['whole-table'];
  if ('VacuumStmt' in node) return hasOption(node.VacuumStmt.options, 'full') ? ['whole-table'] : [];
  if ('LockStmt' in node || 'ClusterStmt' in node) return ['whole-table'];
  if ('TruncateStmt' in node) return ['drop'];
  return [];
}

/** Whether PostgreSQL refuses the statement in a file with others. */
export function isConcurrent(node: Node): boolean {
  if ('IndexStmt' in node) return node.IndexStmt.concurrent === true;
  if ('DropStmt' in node) return node.DropStmt.concurrent === true;
  return 'ReindexStmt' in node && hasOption(node.ReindexStmt.params, 'concurrently');
}

/** Objects that hold data or that the application reads. Functions, triggers and the like can be created again. */
const DROPS_DATA: DropStmt['removeType'][] = [
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_SEQUENCE',
  'OBJECT_SCHEMA',
  'OBJECT_TYPE',
  'OBJECT_DOMAIN',
];

function checkDrop({ removeType, concurrent }: DropStmt): RuleName[] {
  if (removeType === 'OBJECT_INDEX') return concurrent ? [] : ['drop-index-not-concurrent'];
  return DROPS_DATA.includes(removeType) ? ['drop'] : [];
}

function checkRename(kind: DropStmt['removeType'], table: string, seen: SeenSchema): RuleName[] {
  const isSeen = ['OBJECT_TABLE', 'OBJECT_COLUMN', 'OBJECT_VIEW', 'OBJECT_TYPE', 'OBJECT_SCHEMA'].includes(kind ?? '');
  return isSeen && seen.isLive(table) ? ['rename'] : [];
}

function checkRows(
  { relation, whereClause }: { relation?: { relname?: string }; whereClause?: Node },
  seen: SeenSchema,
): RuleName[] {
  return !whereClause && seen.isLive(relation?.relname ?? '') ? ['whole-table'] : [];
}

function hasOption(options: Node[] | undefined, name: string): boolean {
  const elements = (options ?? []).flatMap((node): DefElem[] => ('DefElem' in node ? [node.DefElem] : []));
  return elements.some(({ defname }) => defname === name);
}
